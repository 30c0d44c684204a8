import { LockRefusal, NewWindow } from './decide';
import { acknowledgementProblem } from '../../cloudformation/acknowledgement';
import { LockDescription } from '../services';

export interface Circumstances {
  readonly vaultName: string;
  readonly acknowledge?: string;
  readonly lock?: LockDescription;
  readonly phase?: string;
  /** Of the lock record, when it is somebody else's. */
  readonly otherOwner?: string;
}

export function refusalText(why: LockRefusal, { vaultName, acknowledge, lock, phase, otherOwner }: Circumstances): string {
  const abortByHand = `aws glacier abort-vault-lock --account-id - --vault-name ${vaultName}`;
  switch (why) {
    case 'foreign':
      return (
        `vault ${vaultName} has a lock in progress that this resource did not start` +
        `${otherOwner ? ` (${otherOwner} did)` : ''}: since ${lock?.creationDate}, until ${lock?.expirationDate}. ` +
        `Wait until it ends, or have its owner take it away (${abortByHand}), then deploy again.`
      );
    case 'lockedWithOtherPolicy':
      return (
        `vault ${vaultName} is locked for ever with another \`policy\` (lock of ${lock?.creationDate}), and nobody can change or remove a ` +
        'completed lock. Put the policy that is in force back into the template; for another policy use a new vault.'
      );
    case 'lockedForEver':
      return (
        `vault ${vaultName} is locked for ever (lock of ${lock?.creationDate}); the \`stage\` abort can only take away a lock in progress. ` +
        'Set the stage back, or remove the construct: the lock is then forgotten by the stack and stays in force.'
      );
    case 'notAcknowledged':
      return notAcknowledged(vaultName, acknowledge);
    case 'testedPolicyDiffers':
      return (
        `vault ${vaultName} has another policy under test than the \`policy\` to be completed. Deploy this policy with the \`stage\` ` +
        'initiate, test it, and then change nothing but the stage.'
      );
    case 'nothingToComplete':
      return (
        `vault ${vaultName} has no lock in progress that was tested and could be completed. Deploy this \`policy\` with the \`stage\` ` +
        'initiate first (completeOnceAcknowledged: with no acknowledgement given yet), test the lock, then complete it.'
      );
    case 'windowIsNew':
      return (
        `the lock on vault ${vaultName} was started by this same deployment (until ${lock?.expirationDate}), so nobody can have tested it. ` +
        'Test it, then deploy the `stage` complete again.'
      );
    case 'notInDeployment':
      return (
        `the lock on vault ${vaultName} was not completed, because the stack is not carrying out the deployment that asked for it (${phase}). ` +
        'A request that is late or was taken back never completes a lock.'
      );
    case 'tooLate':
      return `the lock in progress on vault ${vaultName} is left as it is: the request came too late, the stack has gone on without it.`;
    case 'phaseUnknown':
      return (
        `the lock on vault ${vaultName} was not completed, because the status of the stack could not be read ` +
        "(cloudformation:DescribeStacks on the stack itself). Allow it to the function's role and deploy again."
      );
  }
}

function notAcknowledged(vaultName: string, acknowledge: string | undefined): string {
  const problem = acknowledgementProblem(vaultName, acknowledge, 'the policy');
  return (
    `completing the lock on vault ${vaultName} is permanent and needs \`acknowledge\`; what the template gives ${problem}. Deploy this ` +
    '`policy` with the `stage` initiate; that deployment shows the acknowledgement in its outputs and in the log of its function.'
  );
}

/** @param ended what became of the window before, if there was one */
export function newWindowText(why: NewWindow, vaultName: string, until: string | undefined, ended: string): string {
  const what = why === 'windowOver' ? ended : 'the lock id of the window in progress was lost when an earlier deployment broke off';
  return (
    `vault ${vaultName} is NOT locked: ${what}. A new test window was started and runs until ${until}. Test the lock in it, then deploy ` +
    'again before it ends; the same acknowledgement is valid as long as the policy stays the same.'
  );
}

const WINDOW_MS = 24 * 60 * 60 * 1000;

/** @param startedAt of the former window (ISO 8601), if there was one */
export function formerWindowText(startedAt: string | undefined, now: number): string {
  if (startedAt === undefined) return 'there was no lock in progress to complete';
  const end = Date.parse(startedAt) + WINDOW_MS;
  return now < end
    ? `the lock that was started at ${startedAt} was aborted outside of this stack`
    : `the 24 hour window that was started at ${startedAt} ran out at ${new Date(end).toISOString()}`;
}
