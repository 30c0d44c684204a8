import type { BugStory } from './compose';
import { CALM, delivery, deploy, fault, LOCK, program, VAULT } from './compose';
import { MINUTE, SECOND } from '../world/sim-clock';

export const VAULT_STORIES: readonly BugStory[] = [
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
    name: 'a Create that is denied its tags takes back no vault that a second delivery has tagged and was answered for',
    program: program(
      ['Ledger'],
      [
        deploy(
          { glacier: { Ledger: { vault: VAULT } } },
          {
            faults: [
              fault('glacier:AddTagsToVault', 'deniedForAMoment', { times: 10 }),
              fault('glacier:ListTagsForVault', 'timeoutBefore', { skip: 3 }),
            ],
            deliveries: [delivery(0, { copies: [MINUTE] })],
          },
        ),
      ],
    ),
  },
  {
    name: 'a copy of the Update of a failed deployment does not write a vault beside the rollback',
    program: program(
      ['Ledger'],
      [
        deploy({ glacier: { Ledger: { vault: VAULT } }, siblings: [{ fail: '', delayMs: 20 * SECOND }] }),
        deploy(
          { glacier: { Ledger: { vault: { ...VAULT, access: 'partner' } } }, siblings: [{ fail: 'forward', delayMs: 0 }] },
          { onFailure: 'keep', deliveries: [delivery(0, { copies: [15 * SECOND] })], settles: false },
        ),
        { do: 'rollBack', ...CALM },
      ],
    ),
  },
];
