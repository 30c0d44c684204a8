import { samePolicy } from '../../../src/policy/canonical';
import { acknowledgementOf } from '../../../src/policy/fingerprint';
import { GlacierVaultLockAttributes as Attributes } from '../../../src/private/contract';
import { CallFailed, Calls, Denied } from '../../aws/calls';
import { Invocation } from '../../cloudformation/invocation';
import { Request } from '../../cloudformation/request';
import { askPhase, unlessRollback } from '../../cloudformation/rollback';
import { Outcome, Resource } from '../../cloudformation/serve';
import { parseLockProperties, readVaultName } from '../properties';
import { LockDescription, Services } from '../services';
import { vaultArn } from '../vault-arn';
import { fingerprintOf } from './observe';
import { LockWork } from './work';

/** `Custom::GlacierVaultLock`. Its physical id is `<vault ARN>/lock-policy`. */
export function lockResource(services: Services): Resource {
  return {
    physicalIdOf: (request) => {
      const vaultName = readVaultName(request.properties);
      return vaultName && newPhysicalId(request, vaultName);
    },
    handle: async (request, invocation) =>
      request.type === 'Delete' ? remove(services, request, invocation) : put(services, request, invocation),
  };
}

async function put(services: Services, request: Request, invocation: Invocation): Promise<Outcome> {
  const phase = async () => askPhase(services.stacks, new Calls(invocation), request);
  const work = async () => {
    const desired = parseLockProperties(request.properties, request.stack);
    const lock = await new LockWork(services, request, invocation, desired.vaultName).put(desired);
    const outcome = outcomeOf(request, desired.vaultName, lock, desired.policy);
    invocation.log({ vault: desired.vaultName, ...outcome.data });
    return outcome;
  };
  return unlessRollback(request, phase, work, async (note) => asItIs(services, request, invocation, note));
}

/** Reports what is there, whatever was asked for. Every attribute is given: a missing one would fail the rollback in `Fn::GetAtt`. */
async function asItIs(services: Services, request: Request, invocation: Invocation, note: string): Promise<Outcome> {
  const vaultName = readVaultName(request.properties) ?? '';
  const { Policy } = request.properties;
  const outcome = (lock?: LockDescription) => ({
    ...outcomeOf(request, vaultName, lock, typeof Policy === 'string' ? Policy : ''),
    note,
  });
  try {
    if (vaultName) return outcome(await new LockWork(services, request, invocation, vaultName).reader.lock());
  } catch (error) {
    if (!(error instanceof CallFailed || error instanceof Denied)) throw error;
  }
  const unknown = outcome();
  return { ...unknown, physicalId: request.physicalId ?? unknown.physicalId, data: { ...unknown.data, [Attributes.LOCK_STATE]: '' } };
}

async function remove(services: Services, request: Request, invocation: Invocation): Promise<Outcome> {
  const physicalId = request.physicalId ?? '';
  // What the request names counts, and whose the lock is; CloudFormation invents the id when it deletes beside a running Create.
  const vaultName = readVaultName(request.properties);
  if (vaultName === undefined) return { physicalId, note: 'the properties name no vault; there is no lock to remove' };
  const note = await removeLock(services, request, invocation, vaultName);
  invocation.log({ vault: vaultName, done: note });
  return { physicalId, note };
}

/** Deleting always ends: a lock in progress ends by itself, and a completed one cannot be removed by anybody. */
async function removeLock(services: Services, request: Request, invocation: Invocation, vaultName: string): Promise<string> {
  try {
    const lock = await new LockWork(services, request, invocation, vaultName).remove();
    if (!lock) return `vault ${vaultName} has no lock`;
    return lock.state === 'Locked'
      ? `the lock on vault ${vaultName} is forgotten by the stack and stays in force as long as the vault exists: a completed lock cannot be removed`
      : `the lock in progress on vault ${vaultName} is left as it is: this resource did not start it`;
  } catch (error) {
    if (error instanceof CallFailed && error.kind === 'unsupported') {
      return `Glacier no longer serves this account: there is no lock to remove`;
    }
    if (!(error instanceof Denied)) throw error;
    return (
      `the lock on vault ${vaultName} is left as it is: ${error.message} If it is still in progress it ends by itself, ` +
      '24 hours after it was started; nothing completes it.'
    );
  }
}

function outcomeOf(request: Request, vaultName: string, lock: LockDescription | undefined, desiredPolicy: string): Outcome {
  const policy = lock && !samePolicy(lock.policy, desiredPolicy) ? lock.policy : desiredPolicy;
  const fingerprint = fingerprintOf(vaultArn(request.stack, vaultName), policy);
  const unchanged = request.type === 'Update' && readVaultName(request.oldProperties) === vaultName;
  return {
    physicalId: (unchanged && request.physicalId) || newPhysicalId(request, vaultName),
    data: {
      [Attributes.LOCK_STATE]: lock?.state ?? 'None',
      [Attributes.LOCK_CREATION_DATE]: lock?.creationDate ?? '',
      [Attributes.LOCK_EXPIRATION_DATE]: lock?.expirationDate ?? '',
      [Attributes.POLICY_FINGERPRINT]: fingerprint,
      [Attributes.ACKNOWLEDGEMENT]: fingerprint && acknowledgementOf(vaultName, fingerprint),
    },
  };
}

function newPhysicalId({ stack }: Request, vaultName: string): string {
  return `${vaultArn(stack, vaultName)}/lock-policy`;
}
