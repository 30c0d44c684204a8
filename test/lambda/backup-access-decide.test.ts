import { AccessSituation, decideAccess } from '../../lambda/backup/access/decide';
import { AccessPolicy, AccessStatement, accessStatement, readAccessPolicy } from '../../lambda/backup/access/statements';

const partner = (sid: string, account = '111111111111') => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: ['backup:CopyIntoBackupVault'],
  Resource: '*',
});
const statements = (...list: object[]): AccessStatement[] => list.map((json) => accessStatement(json as { [key: string]: unknown }));
const policy = (...list: object[]): AccessPolicy => readAccessPolicy(JSON.stringify({ Version: '2012-10-17', Statement: list }));

const A = partner('A');
const A2 = partner('A', '222222222222');
const B = partner('B');
const C = partner('C');
const THEIRS = { Effect: 'Deny', Principal: '*', Action: 'backup:DeleteRecoveryPoint', Resource: '*' };

const at = (desired: object[], old: object[], observed?: AccessPolicy): AccessSituation => ({
  desired: statements(...desired),
  old: statements(...old),
  observed,
});

/** What is done, and the statements that are then there. */
function outcome(situation: AccessSituation): unknown {
  const verdict = decideAccess(situation);
  if (verdict.do === 'put') return (JSON.parse(verdict.policy) as { Statement: unknown[] }).Statement;
  return verdict.do === 'refuse' ? `refuse: ${verdict.why} ${verdict.sids.join()}` : verdict.do;
}

describe('statements that are new to the vault: a Create, or another vault', () => {
  test.each<[string, AccessSituation, unknown]>([
    ['no policy: a policy of them', at([A, B], []), [A, B]],
    ['a policy of others: behind theirs', at([A], [], policy(THEIRS, C)), [THEIRS, C, A]],
    ['there already, the same: nothing', at([A], [], policy(A, THEIRS)), 'nothing'],
    [
      'there already, as AWS writes it: nothing',
      at([A], [], policy({ ...A, Principal: { AWS: ['111111111111'] }, Action: 'backup:CopyIntoBackupVault' })),
      'nothing',
    ],
    ['one there, one not: the other', at([A, B], [], policy(A)), [A, B]],
    ['the Sid with another meaning: refuse', at([A, B], [], policy(A2)), 'refuse: taken A'],
    ['a Sid in another case is another Sid', at([A], [], policy(partner('a'))), [partner('a'), A]],
  ])('%s', (_given, situation, expected) => {
    expect(outcome(situation)).toEqual(expected);
  });
});

describe('an Update of the same vault', () => {
  test.each<[string, AccessSituation, unknown]>([
    ['nothing differs: nothing', at([A], [A], policy(THEIRS, A)), 'nothing'],
    ['changed: in its place', at([A2], [A], policy(A, THEIRS)), [A2, THEIRS]],
    ['changed by hand: back to the template', at([A], [A], policy(A2)), [A]],
    ['taken out by hand: put back', at([A], [A], policy(THEIRS)), [THEIRS, A]],
    ['the whole policy deleted by hand: made again', at([A], [A]), [A]],
    ['one more', at([A, B], [A], policy(A)), [A, B]],
    ['one more, and its Sid is somebody’s: refuse', at([A, B], [A], policy(A, partner('B', '999999999999'))), 'refuse: taken B'],
    ['one less: gone, and the rest in its order', at([B], [A, B], policy(A, THEIRS, B)), [THEIRS, B]],
    ['one for another: in one Put', at([B], [A], policy(THEIRS, A)), [THEIRS, B]],
    ['one less that somebody has changed: left', at([B], [A, B], policy(A2, B)), 'nothing'],
    ['one less that is gone already: nothing', at([B], [A, B], policy(B)), 'nothing'],
    ['written twice: once', at([A2], [A], policy(A, THEIRS, A)), [A2, THEIRS]],
  ])('%s', (_given, situation, expected) => {
    expect(outcome(situation)).toEqual(expected);
  });

  test('what is left is named', () => {
    expect(decideAccess(at([B], [A, B], policy(A2, B)))).toEqual({ do: 'nothing', left: ['A'] });
  });
});

describe('a Delete', () => {
  test.each<[string, AccessSituation, unknown]>([
    ['others remain: a Put without ours', at([], [A, B], policy(A, THEIRS, B)), [THEIRS]],
    ['none remains: the policy goes', at([], [A], policy(A)), 'deletePolicy'],
    ['no policy: nothing', at([], [A]), 'nothing'],
    ['ours is gone: nothing', at([], [A], policy(THEIRS)), 'nothing'],
    ['somebody has changed it: nothing', at([], [A], policy(A2)), 'nothing'],
    ['somebody has changed one of two: the other goes', at([], [A, B], policy(A2, B)), [A2]],
  ])('%s', (_given, situation, expected) => {
    expect(outcome(situation)).toEqual(expected);
  });
});

describe('the frame of the policy', () => {
  const text = (verdict: ReturnType<typeof decideAccess>) => (verdict.do === 'put' ? (JSON.parse(verdict.policy) as object) : verdict);

  test('a new policy is of the version that knows variables', () => {
    expect(text(decideAccess(at([A], [])))).toMatchObject({ Version: '2012-10-17' });
  });

  test('one that is there keeps its Id and its version', () => {
    const observed = readAccessPolicy(JSON.stringify({ Version: '2008-10-17', Id: 'theirs', Statement: THEIRS }));
    expect(text(decideAccess(at([A], [], observed)))).toEqual({ Version: '2008-10-17', Id: 'theirs', Statement: [THEIRS, A] });
  });

  test('variables are refused where they would be plain text, and only when they are to be written', () => {
    const own = { ...THEIRS, Sid: 'Own', Condition: { StringNotEquals: { 'aws:username': '${aws:PrincipalTag/owner}' } } };
    const old = readAccessPolicy(JSON.stringify({ Statement: [THEIRS] }));
    expect(outcome(at([own, A], [], old))).toBe('refuse: variables Own');
    expect(outcome(at([own], [], policy(THEIRS)))).toEqual([THEIRS, own]);
    expect(outcome(at([], [own], readAccessPolicy(JSON.stringify({ Statement: [own, THEIRS] }))))).toEqual([THEIRS]);
  });
});
