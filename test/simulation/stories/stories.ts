import type { Program, Step } from '../program/program';
import type { BackupLockSpec, GlacierLockSpec, TemplateSpec, VaultSpec } from '../program/template-spec';
import type { Fault } from '../world/faults';
import type { DeliveryFault } from '../world/lambda-runtime';
import { DAY, MINUTE } from '../world/sim-clock';

/** What the simulation found in the handlers, each as the smallest program that showed it. docs/simulation.md tells them. */
export interface BugStory {
  readonly name: string;
  readonly program: Program;
}

type DeployStep = Extract<Step, { do: 'deploy' }>;

const VAULT: VaultSpec = { renamed: false, adopt: false, removal: 'Delete', tags: 'none', access: 'none', notify: false };
const LOCK: GlacierLockSpec = { policy: 'sevenYears', stage: 'initiate', acknowledge: 'right' };
const BACKUP_LOCK: BackupLockSpec = {
  ...{ mode: 'governance', min: 7, max: 35, coolingOff: 3, acknowledge: 'right' },
  ...{ onRemoval: 'keep', allowPoints: false, moved: false },
};
const CALM = { faults: [], deliveries: [], settles: true };

function template(content: Partial<TemplateSpec>): TemplateSpec {
  return { glacier: {}, backup: {}, siblings: [], otherVersion: false, ...content };
}

function deploy(content: Partial<TemplateSpec>, more: Partial<DeployStep> = {}): Step {
  return { do: 'deploy', template: template(content), onFailure: 'rollback', ...CALM, ...more };
}

function fault(operation: string, kind: Fault['kind'], more: Partial<Fault> = {}): Fault {
  return { operation, kind, skip: 0, times: 1, ...more };
}

function delivery(event: number, more: Partial<DeliveryFault>): DeliveryFault {
  return { event, copies: [], deaths: [], lostAnswers: 0, lostAfterwards: false, ...more };
}

function program(slots: Program['slots'], steps: readonly Step[], more: Partial<Program> = {}): Program {
  const found = { ledger: false, prodLock: 'none' } as const;
  return { noise: 0, skewMs: 0, switches: {}, found, slots, steps: steps.map((step) => ({ stack: 0, step })), ...more };
}

export const STORIES: readonly BugStory[] = [
  {
    name: 'a Create delivered twice: the slower one does not take back the vault that the faster one was answered for',
    program: program(
      ['Ledger'],
      [
        deploy(
          { glacier: { Ledger: { vault: { ...VAULT, access: 'auditor' } } } },
          { faults: [fault('glacier:SetVaultAccessPolicy', 'timeoutBefore', { skip: 1 })], deliveries: [delivery(0, { copies: [100] })] },
        ),
      ],
    ),
  },
  {
    name: 'a Create that adopts and comes late, after its stack has rolled back, adopts nothing',
    program: program(
      ['Ledger', 'Audit'],
      [
        deploy(
          { glacier: { Ledger: { lock: LOCK }, Audit: { vault: { ...VAULT, adopt: true } } } },
          { deliveries: [delivery(1, { deaths: [{ atCall: 2, when: 'after' }] })] },
        ),
      ],
    ),
  },
  {
    name: 'a cancelled update whose process died with its claim: the rollback does not wait for longer than it may run',
    program: program(
      ['Ledger'],
      [
        deploy({ glacier: { Ledger: { vault: { ...VAULT, access: 'auditor' }, lock: LOCK } } }),
        { do: 'pass', ms: 10 * DAY },
        deploy(
          { glacier: { Ledger: { vault: VAULT, lock: { ...LOCK, acknowledge: 'none' } } } },
          { cancelAfterMs: 651, deliveries: [delivery(1, { deaths: [{ atCall: 3, when: 'before' }] })], settles: false },
        ),
      ],
    ),
  },
  {
    name: 'the owner tag that a dead process left on a vault without a lock does not stand in the way of the next stack',
    program: program(
      ['Test'],
      [
        deploy(
          { backup: { Test: { lock: BACKUP_LOCK } }, siblings: [{ fail: 'forward', delayMs: 400 }] },
          { deliveries: [delivery(0, { deaths: [{ atCall: 7, when: 'after' }] })] },
        ),
        deploy({ backup: { Test: { lock: BACKUP_LOCK } } }),
      ],
    ),
  },
  {
    name: 'a Create of an access policy delivered twice: the slower one does not take the statements back',
    program: program(
      ['Remote'],
      [
        deploy(
          { backup: { Remote: { access: 'blockDeletion' } } },
          {
            faults: [fault('backup:PutBackupVaultAccessPolicy', 'timeoutBefore', { skip: 1 })],
            deliveries: [delivery(0, { copies: [0] })],
          },
        ),
      ],
    ),
  },
  {
    name: 'a retried deployment deletes what failed and makes it again: a copy of that Delete leaves the new vault alone',
    program: program(
      ['Ledger'],
      [
        deploy(
          { glacier: { Ledger: { vault: { ...VAULT, adopt: true } } } },
          { onFailure: 'keep', faults: [fault('glacier:CreateVault', 'deniedByPolicy')] },
        ),
        { do: 'retry', ...CALM, deliveries: [delivery(0, { copies: [551] })] },
      ],
    ),
  },
  {
    name: 'an Update that comes ten minutes late does not bring back what it said',
    program: program(
      ['Ledger'],
      [
        deploy({ glacier: { Ledger: { vault: VAULT } } }),
        deploy(
          { glacier: { Ledger: { vault: { ...VAULT, tags: 'finance' } } } },
          { deliveries: [delivery(0, { copies: [10 * MINUTE] })], settles: false },
        ),
        deploy({ glacier: { Ledger: { vault: { ...VAULT, tags: 'legal' } } } }, { settles: false }),
        { do: 'pass', ms: 20 * MINUTE },
      ],
    ),
  },
  {
    name: 'a Delete that comes ten minutes late does not abort the window that was started since',
    program: program(
      ['Ledger'],
      [
        deploy({ glacier: { Ledger: { vault: VAULT, lock: LOCK } } }),
        deploy({ glacier: { Ledger: { vault: VAULT } } }, { deliveries: [delivery(0, { copies: [10 * MINUTE] })], settles: false }),
        deploy({ glacier: { Ledger: { vault: VAULT, lock: LOCK } } }, { settles: false }),
        { do: 'pass', ms: 20 * MINUTE },
      ],
    ),
  },
  {
    name: 'a Create that was refused, in a deployment without rollback: the stack can be deleted beside a foreign lock',
    program: program(
      ['Remote'],
      [
        deploy({ backup: { Remote: { lock: { ...BACKUP_LOCK, mode: 'compliance' } } } }),
        deploy({ backup: { Remote: { access: 'blockDeletion' } } }),
        deploy({ backup: { Remote: { lock: { ...BACKUP_LOCK, min: 14, onRemoval: 'remove' } } } }, { onFailure: 'keep' }),
        { do: 'delete', ...CALM },
      ],
    ),
  },
];
