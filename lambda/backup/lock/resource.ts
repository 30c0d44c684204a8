import { moment } from './messages';
import { DAY_MS, isFarAway } from './observe';
import { parseLockProperties, readOldLock, readRemoval } from './properties';
import { LockResult, LockWork } from './work';
import { acknowledgementOf } from '../../../src/policy/fingerprint';
import { backupLockFingerprint } from '../../../src/private/backup-lock-fingerprint';
import { BackupLockModes, BackupVaultLockAttributes as Attributes } from '../../../src/private/contract';
import { CallFailed, Denied } from '../../aws/calls';
import { Refusal } from '../../cloudformation/refusal';
import { ResourceRequest } from '../../cloudformation/resource-request';
import { lastDeployment } from '../../cloudformation/rollback';
import { Outcome, Resource } from '../../cloudformation/serve';
import { Place, readPlace } from '../place';
import { BackupVaultDescription, Services } from '../services';
import { BackupVault } from '../vault';

/** `Custom::BackupVaultLock`. Its physical id is `<vault ARN>/vault-lock`. */
export function lockResource(services: Services): Resource {
  return {
    // A Create that fails leaves the id open, so that the Delete which follows can tell.
    physicalIdOf: () => undefined,
    handle: async (request, invocation) => new LockRequest(services, request, invocation).handle(),
  };
}

class LockRequest extends ResourceRequest<Services> {
  protected async put(): Promise<Outcome> {
    const outcome = await super.put();
    const unheardOf = this.unheardOf();
    if (unheardOf && (await this.phase()) === 'rollback') await unheardOf.remove();
    return outcome;
  }

  protected async converge(): Promise<Outcome> {
    const desired = parseLockProperties(this.request.properties, this.request.stack);
    const outcome = this.outcome(desired.place, await (await this.workOn(desired.place)).put(desired));
    this.invocation.log({ vault: desired.place.vaultName, ...outcome.data });
    return outcome;
  }

  /**
   * What an Update did to another vault, if CloudFormation takes it back without ever having heard of it: the Update failed, or was still
   * at work when something else in the stack failed. Then no Delete will come for it.
   */
  private unheardOf(): LockRequest | undefined {
    const { type, properties, oldProperties, stack, physicalId } = this.request;
    const [place, other] = [readPlace(properties, stack), readPlace(oldProperties, stack)];
    const isRenamed = type === 'Update' && place !== undefined && other !== undefined && place.arn !== other.arn;
    if (!isRenamed || physicalId !== physicalIdAt(place)) return undefined;
    return new LockRequest(this.services, { ...this.request, type: 'Delete', properties: oldProperties }, this.invocation);
  }

  async remove(): Promise<Outcome> {
    const { physicalId = '', properties, stack } = this.request;
    // What the request names counts, and whose the lock is; CloudFormation invents the id when it deletes beside a running Create.
    const place = readPlace(properties, stack);
    if (!place) return { physicalId, note: 'the properties name no backup vault; there is no lock to remove' };
    const note = await this.removeAt(place);
    this.invocation.log({ vault: place.vaultName, done: note });
    return { physicalId, note };
  }

  /** Deleting always ends, unless that could let a lock become permanent unseen. */
  private async removeAt(place: Place): Promise<string | undefined> {
    try {
      return (await (await this.workOn(place)).remove()).note;
    } catch (error) {
      // The vault went away in the meantime.
      if (error instanceof CallFailed && error.kind === 'notFound') return `backup vault ${place.vaultName} has no lock to remove`;
      if (!(error instanceof Denied)) throw error;
      if (await this.mayBecomePermanent()) {
        throw new Refusal(
          `${error.message} The lock of backup vault ${place.vaultName} was to be removed, and may be in its cooling-off: then it becomes ` +
            'permanent by itself. Remove it, or let the function do so.',
        );
      }
      return `the lock of backup vault ${place.vaultName}, if there is one, is left as it is: ${error.message}`;
    }
  }

  private async mayBecomePermanent(): Promise<boolean> {
    const { properties } = this.request;
    const { mode, coolingOffDays = 0 } = readOldLock(properties);
    if (mode !== BackupLockModes.COMPLIANCE) return false;
    if ((await this.phase()) === 'rollback') return true;
    const deployed = await lastDeployment(this.services.stacks, this.calls, this.request);
    const isOver = deployed !== undefined && deployed + (coolingOffDays + 1) * DAY_MS < this.invocation.clock.now();
    return readRemoval(properties) === 'remove' && !isOver;
  }

  /** Reports what is there, whatever was asked for. Every attribute is given: a missing one would fail the rollback in `Fn::GetAtt`. */
  protected async asItIs(note: string): Promise<Outcome> {
    const place = readPlace(this.request.properties, this.request.stack);
    if (!place) return { physicalId: this.request.physicalId ?? '', note, data: this.attributes(undefined, undefined) };
    return this.outcome(place, { vault: await this.look(place), note });
  }

  private async look(place: Place): Promise<BackupVaultDescription | undefined> {
    try {
      return await (await BackupVault.open(this.services, this.calls, this.invocation, place)).find();
    } catch (error) {
      if (error instanceof CallFailed || error instanceof Denied) return undefined;
      throw error;
    }
  }

  private async workOn(place: Place): Promise<LockWork> {
    const vault = await BackupVault.open(this.services, this.calls, this.invocation, place);
    return new LockWork(this.services, this.request, this.invocation, vault, this.calls);
  }

  private outcome(place: Place, { vault, note }: LockResult): Outcome {
    const { type, oldProperties, stack, physicalId } = this.request;
    const unchanged = type === 'Update' && readPlace(oldProperties, stack)?.arn === place.arn;
    return { physicalId: (unchanged && physicalId) || physicalIdAt(place), data: this.attributes(place, vault), note };
  }

  private attributes(place: Place | undefined, vault: BackupVaultDescription | undefined): { readonly [name: string]: string } {
    const { NONE, GOVERNANCE, COMPLIANCE } = BackupLockModes;
    // A lock date that was moved out of the way binds nobody.
    const isFree =
      vault?.lockDate === undefined ||
      (isFarAway(vault.lockDate, this.invocation.clock.now()) && readOldLock(this.request.properties).mode !== COMPLIANCE);
    const dated = isFree ? GOVERNANCE : COMPLIANCE;
    // The bounds of the template, not those of the lock: only what was asked for can be acknowledged.
    const fingerprint = place ? backupLockFingerprint(place.arn, readOldLock(this.request.properties).bounds) : '';
    return {
      [Attributes.LOCKED]: String(vault?.locked ?? ''),
      [Attributes.MODE]: vault ? (vault.locked ? dated : NONE) : '',
      [Attributes.LOCK_DATE]: moment(vault?.lockDate),
      [Attributes.MIN_RETENTION_DAYS]: String(vault?.minRetentionDays ?? ''),
      [Attributes.MAX_RETENTION_DAYS]: String(vault?.maxRetentionDays ?? ''),
      [Attributes.FINGERPRINT]: fingerprint,
      [Attributes.ACKNOWLEDGEMENT]: place ? acknowledgementOf(place.vaultName, fingerprint) : '',
    };
  }
}

function physicalIdAt({ arn }: Place): string {
  return `${arn}/vault-lock`;
}
