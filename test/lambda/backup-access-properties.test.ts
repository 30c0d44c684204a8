import * as fc from 'fast-check';
import { access, allow, block } from './fakes/access-policies';
import { STACK_ID } from './fakes/stack-events';
import { decideAccess } from '../../lambda/backup/access/decide';
import { parseAccessProperties, readStatements } from '../../lambda/backup/access/properties';
import { readAccessPolicy } from '../../lambda/backup/access/statements';
import { parseStackId } from '../../lambda/cloudformation/owner';

const stack = parseStackId(STACK_ID);
const parse = (properties: object) => parseAccessProperties(properties as { [name: string]: unknown }, stack);
const everyone = { ...block('Block'), Condition: undefined };

test('statements come out as they were given, and say where the vault is', () => {
  const { place, statements } = parse(access(allow('A'), block('B', 'arn:aws:iam::123456789012:role/handler')));
  expect(place).toEqual({ vaultName: 'prod', region: 'eu-west-1', arn: 'arn:aws:backup:eu-west-1:123456789012:backup-vault:prod' });
  expect(statements.map(({ json }) => json)).toEqual([allow('A'), block('B', 'arn:aws:iam::123456789012:role/handler')]);
});

test.each<[string, object, RegExp]>([
  ['no vault', { ...access(allow('A')), VaultName: '' }, /`vault`/],
  [
    'a vault whose name takes no access policy',
    { ...access(allow('A')), VaultName: 'aws/efs/automatic-backup-vault' },
    /`vault`.*automatic/,
  ],
  ['no statements', { VaultName: 'prod' }, /`statements` must be a JSON list of at least one/],
  ['an empty list', access(), /at least one/],
  ['one statement that is no list', { VaultName: 'prod', Statements: JSON.stringify(allow('A')) }, /must be a JSON list/],
  ['a list of texts', { VaultName: 'prod', Statements: '["a"]' }, /Statement\[0\] must be a JSON object/],
  ['no JSON', { VaultName: 'prod', Statements: '[{]' }, /must be a JSON list/],
  ['more than a list', { VaultName: 'prod', Statements: `[${JSON.stringify(allow('A'))}],"Id":"x"` }, /must be a JSON list/],
  ['no Sid', access({ ...allow('A'), Sid: undefined }), /Statement\[0\] needs a `Sid` of letters and digits/],
  ['a Sid with other characters', access(allow('A'), allow('Copies of partner')), /Statement\[1\] needs a `Sid`/],
  ['a Sid twice', access(allow('A'), allow('B'), allow('A')), /Statement\[2\] has the `Sid` "A" of another one/],
  ['no principal', access({ ...allow('A'), Principal: undefined }), /Statement\[0\] \("A"\) has no `Principal`/],
  ['a principal with wildcards', access({ ...allow('A'), Principal: { AWS: 'arn:aws:iam::1:role/*' } }), /wildcards/],
  ['a key twice', { VaultName: 'prod', Statements: '[{"Sid":"A","Sid":"B"}]' }, /"Sid" twice/],
  ['a Deny that locks everybody out', access(everyone), /"Block".*denies backup:PutBackupVaultAccessPolicy to everyone.*exempts/],
  ['… also in other words', access({ ...everyone, Action: 'backup:put*' }), /denies backup:PutBackupVaultAccessPolicy to everyone/],
  ['… also by what it does not name', access({ ...everyone, Action: undefined, NotAction: 'backup:ListTags' }), /to everyone/],
])('%s', (_what, properties, message) => {
  expect(() => parse(properties)).toThrow(message);
});

test.each<[string, object]>([
  ['a Deny for everyone of something else', { ...everyone, Action: 'backup:DeleteRecoveryPoint' }],
  ['a Deny that spares this very action', { ...everyone, Action: undefined, NotAction: 'backup:PutBackupVaultAccessPolicy' }],
  ['a Deny for one account', { ...everyone, Principal: { AWS: '111111111111' } }],
  ['an Allow', { ...everyone, Effect: 'Allow' }],
])('%s locks nobody out', (_what, statement) => {
  expect(parse(access(statement)).statements).toHaveLength(1);
});

test('what an earlier template said is read without judging, as far as it can be told apart', () => {
  expect(readStatements(access(allow('A'), { Sid: 'B' }, { ...allow('C'), Sid: undefined }, everyone)).map(({ sid }) => sid)).toEqual([
    ...['A', 'B', 'Block'],
  ]);
  for (const Statements of [undefined, '', '{', '{}', '7', ['a']]) expect(readStatements({ Statements })).toEqual([]);
});

test('whatever others have in the policy, they have it still, in their order, and so it is after ours have come and gone', () => {
  const word = fc.stringMatching(/^[A-Za-z]{1,6}$/);
  const foreign = fc.record(
    {
      Sid: word.map((sid) => `Foreign${sid}`),
      Effect: fc.constantFrom('Allow', 'Deny'),
      Principal: fc.oneof(fc.constant('*'), fc.record({ AWS: fc.constantFrom<unknown>('111111111111', ['222222222222']) })),
      Action: fc.oneof(
        word.map((name) => `backup:${name}`),
        fc.array(
          word.map((name) => `backup:${name}`),
          { minLength: 1, maxLength: 3 },
        ),
      ),
      Resource: fc.constantFrom<unknown>('*', ['*']),
      Condition: fc.dictionary(word, fc.dictionary(word, fc.oneof(word, fc.boolean(), fc.integer(), fc.array(word)))),
      NewInTheGrammar: fc.jsonValue(),
    },
    { requiredKeys: ['Effect', 'Principal', 'Action'] },
  );
  const own = fc
    .uniqueArray(word, { minLength: 1, maxLength: 4 })
    .map((sids) => parse(access(...sids.map((sid) => allow(sid)))).statements);
  fc.assert(
    fc.property(fc.array(foreign, { maxLength: 5 }), own, own, (theirs, first, second) => {
      const before = JSON.stringify({ Version: '2012-10-17', Id: 'theirs', Statement: theirs });
      let policy: string | undefined = before;
      for (const [desired, old] of [
        [first, []],
        [second, first],
        [[], second],
      ] as const) {
        const verdict = decideAccess({ desired, old, observed: policy === undefined ? undefined : readAccessPolicy(policy) });
        if (verdict.do === 'refuse') throw new Error(verdict.why);
        if (verdict.do === 'deletePolicy') policy = undefined;
        if (verdict.do === 'put') policy = verdict.policy;
        const there = policy === undefined ? [] : (JSON.parse(policy) as { Statement: { Sid?: string }[] }).Statement;
        const sids = desired.map(({ sid }) => sid);
        expect(there.filter(({ Sid = '' }) => !sids.includes(Sid))).toEqual(JSON.parse(JSON.stringify(theirs)));
        expect(there.filter(({ Sid = '' }) => sids.includes(Sid))).toHaveLength(desired.length);
      }
      if (theirs.length > 0) expect(policy).toBe(before);
    }),
  );
});
