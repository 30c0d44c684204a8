import type { BugStory } from './compose';
import { CALM, delivery, deploy, fault, program } from './compose';
import { MINUTE, SECOND } from '../world/sim-clock';

export const ACCESS_STORIES: readonly BugStory[] = [
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
    name: 'a Delete of a stack that is gone, delivered again, leaves the statements of the stack that was created since',
    program: program(
      ['Test'],
      [
        deploy(
          { backup: { Test: { access: 'blockDeletion' } }, siblings: [{ fail: 'forward', delayMs: 5 * SECOND }] },
          { deliveries: [delivery(1, { copies: [MINUTE] })], settles: false },
        ),
        deploy({ backup: { Test: { access: 'blockDeletion' } } }, { settles: false }),
      ],
    ),
  },
  {
    name: 'a copy of a Delete that comes when a retried deployment is over leaves the statements that this has written anew',
    program: program(
      ['Test'],
      [
        deploy(
          { backup: { Test: { access: 'blockDeletion' } } },
          { onFailure: 'keep', faults: [fault('backup:PutBackupVaultAccessPolicy', 'deniedByPolicy')] },
        ),
        { do: 'retry', ...CALM, deliveries: [delivery(0, { copies: [MINUTE] })] },
      ],
    ),
  },
  {
    name: 'what another construct has written into the policy, while the stack would not tell its status, stays',
    program: program(
      ['Test'],
      [
        deploy(
          { backup: { Test: { access: 'blockDeletion', beside: true } } },
          { faults: [fault('cloudformation:DescribeStacks', 'deniedByPolicy', { skip: 1 })] },
        ),
      ],
    ),
  },
  {
    name: 'a copy of the Update of a failed deployment does not write statements beside the rollback',
    program: program(
      ['Test'],
      [
        deploy({ backup: { Test: { access: 'blockDeletion' } }, siblings: [{ fail: '', delayMs: 20 * SECOND }] }),
        deploy(
          { backup: { Test: { access: 'partner' } }, siblings: [{ fail: 'forward', delayMs: 0 }] },
          { onFailure: 'keep', deliveries: [delivery(0, { copies: [15 * SECOND] })], settles: false },
        ),
        { do: 'rollBack', ...CALM },
      ],
    ),
  },
];
