import { allowUpload, normalised } from './fakes/policies';
import { decideVault, decideVaultDeletion, VaultSituation } from '../../lambda/glacier/vault/decide';
import { ObservedVault } from '../../lambda/glacier/vault/observe';
import { OWNER_TAG } from '../../src/private/contract';

const SIGNED = Date.parse('2026-03-01T12:00:00Z');
const POLICY = allowUpload('ledger');
const topic = { topicArn: 'arn:aws:sns:eu-west-1:123456789012:t', events: ['ArchiveRetrievalCompleted'] };

const base: VaultSituation = {
  creating: true,
  owner: 'stack/uuid/Vault',
  signedAt: SIGNED,
  desired: { vaultName: 'ledger', adoptExisting: false, tags: {} },
  old: {},
  lookedTwice: false,
};
const vault: ObservedVault = { creationDate: '2026-02-01T00:00:00Z', numberOfArchives: 0, tags: {} };
const fresh: ObservedVault = { ...vault, creationDate: '2026-03-01T12:00:05Z' };
const desired = (wish: Partial<VaultSituation['desired']>) => ({ ...base.desired, ...wish });

function outcome(situation: Partial<VaultSituation>): unknown {
  const verdict = decideVault({ ...base, ...situation });
  return verdict.do === 'steps' ? verdict.steps.map((step) => step.do) : verdict.do;
}

describe('Create', () => {
  const adopting = desired({ adoptExisting: true });
  test.each<[string, Partial<VaultSituation>, unknown]>([
    [
      'no such vault: create it, owner tag first',
      { desired: desired({ accessPolicy: POLICY }) },
      ['createVault', 'addTags', 'setAccessPolicy'],
    ],
    ['mine already: nothing', { observed: { ...vault, owner: base.owner } }, []],
    [
      'mine, half done: the rest',
      { observed: { ...vault, owner: base.owner }, desired: desired({ notifications: topic }) },
      ['setNotifications'],
    ],
    ['exists without owner: refuse', { observed: vault }, 'refuse'],
    ['exists, another owner: refuse', { observed: { ...vault, owner: 'other/uuid/Vault' } }, 'refuse'],
    ['adopted before, not asked for now: refuse', { observed: { ...vault, owner: `adopted/${base.owner}` } }, 'refuse'],
    ['exists, adoptExisting: tag it', { observed: vault, desired: adopting }, ['addTags']],
    ['exists, adoptExisting, delivered again: nothing', { observed: { ...vault, owner: `adopted/${base.owner}` }, desired: adopting }, []],
    ['untagged, made since this request: look again', { observed: fresh }, 'lookAgain'],
    ['… and still untagged: it is ours', { observed: fresh, lookedTwice: true }, ['addTags']],
    ['… but it holds archives: refuse', { observed: { ...fresh, numberOfArchives: 1 }, lookedTwice: true }, 'refuse'],
    [
      '… but it was inventoried: refuse',
      { observed: { ...fresh, lastInventoryDate: '2026-03-02T00:00:00Z' }, lookedTwice: true },
      'refuse',
    ],
    ['… but the request does not say when it was made: refuse', { observed: fresh, lookedTwice: true, signedAt: undefined }, 'refuse'],
  ])('%s', (_given, situation, expected) => {
    expect(outcome(situation)).toEqual(expected);
  });

  test('an adopted vault is marked so that it is never deleted, and its policy is left alone', () => {
    const verdict = decideVault({ ...base, observed: { ...vault, accessPolicy: POLICY }, desired: adopting });
    expect(verdict).toEqual({ do: 'steps', making: false, steps: [{ do: 'addTags', tags: { [OWNER_TAG]: 'adopted/stack/uuid/Vault' } }] });
  });

  test('the refusal names the property that helps', () => {
    expect(decideVault({ ...base, observed: vault })).toMatchObject({ reason: expect.stringContaining('`adoptExisting: true`') as string });
  });
});

describe('Update of the same vault', () => {
  const mine = { ...vault, owner: base.owner };
  test.each<[string, Partial<VaultSituation>, unknown]>([
    ['nothing differs: nothing', { observed: mine }, []],
    ['vault gone: refuse', {}, 'refuse'],
    ['another owner now: refuse', { observed: { ...vault, owner: 'other/uuid/Vault' } }, 'refuse'],
    ['owner tag removed: goes on, and does not put it back', { observed: vault }, []],
    ['adopted: goes on', { observed: { ...vault, owner: `adopted/${base.owner}` }, desired: desired({ tags: { a: '1' } }) }, ['addTags']],
    [
      'the policy, as Glacier rewrites it: nothing',
      { observed: { ...mine, accessPolicy: normalised(POLICY) }, desired: desired({ accessPolicy: POLICY }) },
      [],
    ],
    [
      'another policy: set',
      { observed: { ...mine, accessPolicy: allowUpload('ledger', '111111111111') }, desired: desired({ accessPolicy: POLICY }) },
      ['setAccessPolicy'],
    ],
    [
      'policy left the template: delete',
      { observed: { ...mine, accessPolicy: POLICY }, old: { accessPolicy: POLICY } },
      ['deleteAccessPolicy'],
    ],
    ['policy left the template and is gone: nothing', { observed: mine, old: { accessPolicy: POLICY } }, []],
    ['policy that no template named: stays', { observed: { ...mine, accessPolicy: POLICY } }, []],
    [
      'tag changed',
      { observed: { ...mine, tags: { a: '1' } }, desired: desired({ tags: { a: '2' } }), old: { tags: { a: '1' } } },
      ['addTags'],
    ],
    ['tag left the template: removed', { observed: { ...mine, tags: { a: '1' } }, old: { tags: { a: '1' } } }, ['removeTags']],
    ['tag that no template named: stays', { observed: { ...mine, tags: { LegalHold: 'true' } } }, []],
    ['tag that is gone already: nothing', { observed: mine, old: { tags: { a: '1' } } }, []],
    [
      'events in another order: nothing',
      { observed: { ...mine, notifications: topic }, desired: desired({ notifications: { ...topic } }) },
      [],
    ],
    [
      'notifications left the template: delete',
      { observed: { ...mine, notifications: topic }, old: { notifications: topic } },
      ['deleteNotifications'],
    ],
  ])('%s', (_given, situation, expected) => {
    expect(outcome({ creating: false, ...situation })).toEqual(expected);
  });
});

describe('Delete', () => {
  test.each<[string, { [key: string]: string } | undefined, string]>([
    ['mine: delete', { [OWNER_TAG]: base.owner }, 'deleteVault'],
    ['adopted: release', { [OWNER_TAG]: `adopted/${base.owner}` }, 'release'],
    ['another owner: keep', { [OWNER_TAG]: 'other/uuid/Vault' }, 'keep'],
    ['no owner: keep', { any: 'tag' }, 'keep'],
    ['no such vault: nothing to do', undefined, 'keep'],
  ])('%s', (_given, tags, expected) => {
    expect(decideVaultDeletion('ledger', base.owner, tags).do).toBe(expected);
  });
});
