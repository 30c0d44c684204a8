import type { BugStory } from './compose';
import { BACKUP_LOCK, CALM, delivery, deploy, fault, program } from './compose';
import { MINUTE, SECOND } from '../world/sim-clock';

const PUT = 'backup:PutBackupVaultLockConfiguration';

export const BACKUP_LOCK_STORIES: readonly BugStory[] = [
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
  {
    name: 'a lock date whose Put has hung until the rollback was done is not asked for again',
    program: program(
      ['Test'],
      [
        deploy({ backup: { Test: { lock: BACKUP_LOCK } } }),
        deploy(
          { backup: { Test: { lock: { ...BACKUP_LOCK, mode: 'compliance' } } } },
          {
            faults: [fault(PUT, 'hang'), fault(PUT, 'timeoutAfter')],
            cancelAfterMs: 30 * SECOND,
          },
        ),
      ],
    ),
  },
  {
    name: 'a Create that cannot write its owner tag does not take away the one that another delivery was answered on',
    program: program(
      ['Prod'],
      [
        deploy(
          { backup: { Prod: { lock: { ...BACKUP_LOCK, mode: 'compliance', onRemoval: 'remove' } } } },
          {
            faults: [fault('backup:TagResource', 'error500After', { times: 10 })],
            deliveries: [delivery(0, { copies: [10 * SECOND] })],
          },
        ),
      ],
      { found: { ledger: false, prodLock: 'compliance' } },
    ),
  },
  {
    name: 'a retried deployment deletes what failed and makes it again: a copy of that Delete leaves the new lock alone',
    program: program(
      ['Test'],
      [
        deploy(
          { backup: { Test: { lock: { ...BACKUP_LOCK, onRemoval: 'remove' } } } },
          { onFailure: 'keep', faults: [fault(PUT, 'deniedByPolicy')] },
        ),
        { do: 'retry', ...CALM, deliveries: [delivery(0, { copies: [1_200] })] },
      ],
    ),
  },
  {
    name: 'a copy of a Delete in a retried deployment that outlasts the function leaves the new lock alone',
    program: program(
      ['Test'],
      [
        deploy({ backup: { Test: { lock: BACKUP_LOCK } } }, { onFailure: 'keep', faults: [fault(PUT, 'deniedByPolicy')] }),
        deploy(
          { backup: { Test: { lock: BACKUP_LOCK } }, siblings: [{ fail: '', delayMs: 10 * MINUTE }] },
          { onFailure: 'keep', deliveries: [delivery(0, { copies: [2 * SECOND] })] },
        ),
      ],
    ),
  },
  {
    name: 'a lock date that is set while a Delete, whose reads lag behind, finds no trace of it goes again',
    program: program(
      ['Prod'],
      [
        deploy(
          { backup: { Prod: { lock: { ...BACKUP_LOCK, mode: 'compliance' } } }, siblings: [{ fail: 'forward', delayMs: 1_350 }] },
          { faults: [fault('backup:ListTags', 'stale', { skip: 5 })] },
        ),
      ],
    ),
  },
];
