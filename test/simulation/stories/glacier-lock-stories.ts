import type { BugStory } from './compose';
import { delivery, deploy, fault, LOCK, program, VAULT } from './compose';
import { DAY, MINUTE } from '../world/sim-clock';

const FOUND = { found: { ledger: true, prodLock: 'none' } } as const;

export const GLACIER_LOCK_STORIES: readonly BugStory[] = [
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
    name: 'a process that comes to itself late does not take the window of the next stack, which is on record, for its own lost one',
    program: program(
      ['Ledger'],
      [
        deploy(
          { glacier: { Ledger: { lock: LOCK } }, siblings: [{ fail: 'forward', delayMs: 0 }] },
          { faults: [fault('ssm:PutParameter', 'hang')], settles: false },
        ),
        deploy({ glacier: { Ledger: { lock: LOCK } } }, { settles: false }),
      ],
      FOUND,
    ),
  },
  {
    name: 'a window that was started anew stays, also when a read does not show the record that was written a moment ago',
    program: program(
      ['Ledger'],
      [
        deploy({ glacier: { Ledger: { lock: LOCK } } }),
        { do: 'pass', ms: DAY },
        deploy(
          { glacier: { Ledger: { lock: { ...LOCK, stage: 'complete' } } } },
          { faults: [fault('ssm:GetParameter', 'stale', { skip: 1 })] },
        ),
      ],
      FOUND,
    ),
  },
  {
    name: 'an Update that has aborted a window does not forget the record of the window that its rollback starts',
    program: program(
      ['Ledger'],
      [
        deploy({ glacier: { Ledger: { lock: LOCK } } }),
        deploy(
          { glacier: { Ledger: { lock: { ...LOCK, stage: 'abort' } } }, siblings: [{ fail: 'forward', delayMs: 500 }] },
          { faults: [fault('ssm:DeleteParameter', 'timeoutBefore')] },
        ),
      ],
      FOUND,
    ),
  },
  {
    name: 'a lock whose id is lost is never completed, and not started anew for a policy that the rollback would take away',
    program: program(
      ['Ledger'],
      [
        deploy({ glacier: { Ledger: { vault: VAULT, lock: LOCK } } }),
        deploy(
          { glacier: { Ledger: { vault: VAULT, lock: { ...LOCK, policy: 'thirtyDays' } } } },
          {
            onFailure: 'keep',
            deliveries: [
              delivery(0, {
                deaths: [
                  { atCall: 7, when: 'after' },
                  { atCall: 3, when: 'after' },
                  { atCall: 3, when: 'after' },
                ],
              }),
            ],
          },
        ),
        { do: 'pass', ms: 10 * MINUTE },
        deploy({ glacier: { Ledger: { vault: VAULT, lock: { ...LOCK, policy: 'hold', stage: 'complete' } } } }, { onFailure: 'keep' }),
      ],
    ),
  },
];
