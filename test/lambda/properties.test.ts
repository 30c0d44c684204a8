import { allowUpload, retain } from './fakes/policies';
import { stringified } from './fakes/stack-events';
import { STACK_ID, World } from './fakes/world';
import { parseStackId } from '../../lambda/cloudformation/owner';
import { Refusal } from '../../lambda/cloudformation/refusal';
import { parseLockProperties, parseVaultProperties } from '../../lambda/glacier/properties';
import { OWNER_TAG } from '../../src/private/contract';

const sent = (properties: object) => stringified(properties) as { [name: string]: unknown };
const STACK = parseStackId(STACK_ID);
const vault = (properties: object) => parseVaultProperties(sent({ VaultName: 'ledger', ...properties }), STACK);
const lock = (properties: object) =>
  parseLockProperties(sent({ VaultName: 'ledger', Policy: retain('ledger', 1), Stage: 'initiate', ...properties }), STACK);

describe('everything arrives as a string (checklist line 1)', () => {
  test.each([
    [true, true],
    ['true', true],
    [false, false],
    ['false', false],
    [undefined, false],
  ])('AdoptExisting %p is %p', (value, expected) => {
    expect(vault({ AdoptExisting: value }).adoptExisting).toBe(expected);
  });

  test.each(['TRUE', '1', 'yes', '', ['true']])('AdoptExisting %p is refused', (value) => {
    expect(() => vault({ AdoptExisting: value })).toThrow(/`adoptExisting` must be "true" or "false"/);
  });

  test('numbers and lists of one, and properties that another version adds', () => {
    const parsed = vault({
      Tags: { year: 2026 },
      NotificationTopicArn: 'arn',
      NotificationEvents: ['ArchiveRetrievalCompleted'],
      New: [1],
    });
    expect(parsed.tags).toEqual({ year: '2026' });
    expect(parsed.notifications).toEqual({ topicArn: 'arn', events: ['ArchiveRetrievalCompleted'] });
    expect(vault({ NotificationTopicArn: 'arn', NotificationEvents: 'ArchiveRetrievalCompleted' }).notifications?.events).toHaveLength(1);
  });
});

describe('refusals name the property, the rule and the value', () => {
  test.each([
    ['empty name (trap 22)', () => vault({ VaultName: '' }), /`vaultName`.*""/],
    ['dot (trap 22)', () => vault({ VaultName: '.' }), /neither "\." nor "\.\."/],
    ['two dots (trap 22)', () => lock({ VaultName: '..' }), /neither "\." nor "\.\."/],
    ['slash', () => vault({ VaultName: 'a/b' }), /`vaultName`/],
    ['256 characters', () => vault({ VaultName: 'x'.repeat(256) }), /1 to 255/],
    ['no name', () => vault({ VaultName: undefined }), /missing/],
    ['no JSON (trap 17)', () => lock({ Policy: '{"Statement": oops' }), /`policy` is not a valid policy/],
    ['wrapped (trap 17)', () => lock({ Policy: JSON.stringify({ Policy: retain('ledger', 1) }) }), /`policy` is not a valid policy/],
    ['an object', () => lock({ Policy: JSON.parse(retain('ledger', 1)) as object }), /as JSON text/],
    ['no principal (trap 18)', () => lock({ Policy: retain('ledger', 1).replace('"Principal":"*",', '') }), /`Principal`/],
    ['over 20 KB', () => lock({ Policy: retain('ledger', 1).replace('retain', 'r'.repeat(21_000)) }), /at most 20480/],
    [
      'access policy over 20 KB',
      () => vault({ AccessPolicy: allowUpload('ledger').replace('999999999999', '9'.repeat(21_000)) }),
      /at most 20480/,
    ],
    ['unknown stage', () => lock({ Stage: 'COMPLETE' }), /`stage` must be one of initiate, complete/],
    ['50 tags', () => vault({ Tags: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`t${n}`, 'x'])) }), /50 entries/],
    ['the owner tag', () => vault({ Tags: { [OWNER_TAG]: 'me' } }), /must not contain/],
    ['a long key', () => vault({ Tags: { ['k'.repeat(129)]: 'x' } }), /128/],
    ['a long value', () => vault({ Tags: { k: 'x'.repeat(256) } }), /255/],
    ['a topic without events', () => vault({ NotificationTopicArn: 'arn' }), /one or both of the events/],
    ['an unknown event', () => vault({ NotificationTopicArn: 'arn', NotificationEvents: ['Uploaded'] }), /one or both of the events/],
  ])('%s', (_what, parse, message) => {
    expect(parse).toThrow(Refusal);
    expect(parse).toThrow(message);
  });

  test('and reach CloudFormation before anything was called', async () => {
    const world = new World();
    const response = await world.ask({ type: 'Create', resource: 'GLACIER_VAULT', properties: { VaultName: 'a b' } });
    expect(response).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'Thing-not-created',
      Reason: expect.stringContaining('"a b"') as string,
    });
    expect(world.glacier.calls).toEqual([]);
  });
});

test('tags with a colon in the value are not refused: a recorded vault has one (trap 21)', () => {
  expect(vault({ Tags: { k: 'a:b', empty: '' } }).tags).toEqual({ k: 'a:b', empty: '' });
});
