/**
 * What it takes to judge a policy: to parse it, to prove what it retains, and to look for holes. Milliseconds of a warm process.
 * By itself: `npx tsx bench/policies.ts`.
 */
import { check, CheckInput } from '../local/policy/check';
import { BAD_POLICIES } from '../test/policy/findings/bad-policies';
import { BANK_POLICIES } from '../test/policy/findings/bank-policies';
import { GOOD_ACCESS, GOOD_BACKUP, GOOD_LOCKS } from '../test/policy/findings/good-policies';
import { BACKUP_VAULT } from '../test/policy/findings/written';
import { EVERYONE_ACCESS, INITIATE_SAMPLE, LEGAL_HOLD, OWNER_ACCESS, TIME_BASED_DELETES, VAULT } from '../test/policy/published-policies';

const ROUNDS = 9;

const CORPUS: readonly CheckInput[] = [
  ...[INITIATE_SAMPLE, LEGAL_HOLD].map((text) => ({ text, kind: 'lock' as const, vaultArn: VAULT })),
  ...[EVERYONE_ACCESS, OWNER_ACCESS, TIME_BASED_DELETES].map((text) => ({ text, kind: 'access' as const, vaultArn: VAULT })),
  ...GOOD_LOCKS.map(([, text]) => ({ text, kind: 'lock' as const, vaultArn: VAULT })),
  ...GOOD_ACCESS.map(([, text]) => ({ text, kind: 'access' as const, vaultArn: VAULT })),
  ...GOOD_BACKUP.map(([, text]) => ({ text, kind: 'access' as const, vaultArn: BACKUP_VAULT })),
  ...[...BANK_POLICIES, ...BAD_POLICIES].map(({ text, kind = 'lock', vaultArn = VAULT }) => ({ text, kind, vaultArn })),
];

export interface JudgingTimes {
  readonly policies: number;
  readonly median: number;
  readonly worst: number;
}

/** Of each policy the median of several rounds: what one round alone has, the machine did. */
export function judgingTimes(corpus: readonly CheckInput[] = CORPUS): JudgingTimes {
  const rounds = Array.from({ length: ROUNDS + 1 }, () => corpus.map(millisecondsOf)).slice(1);
  const each = corpus.map((_, policy) => medianOf(rounds.map((round) => round[policy]!)));
  return { policies: corpus.length, median: medianOf(each), worst: Math.max(...each) };
}

/** Near the 20 KB that Glacier takes: roles of 55 teams, each by a pattern. */
export function judgingLargeOne(): number {
  const roles = Array.from({ length: 55 }, (_, team) => `arn:aws:iam::123456789012:role/team-${team}/*-archivist-of-the-department`);
  const everyone = { Principal: '*', Resource: VAULT };
  const spared = { ArnNotLike: { 'aws:PrincipalArn': roles } };
  const statements = [
    {
      ...everyone,
      Effect: 'Deny',
      Action: 'glacier:DeleteArchive',
      Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDays': '2555' } },
    },
    { ...everyone, Effect: 'Deny', Action: ['glacier:AddTagsToVault', 'glacier:RemoveTagsFromVault'], Condition: spared },
    { ...everyone, Effect: 'Deny', Action: 'glacier:UploadArchive', Condition: spared },
    { ...everyone, Effect: 'Allow', Action: 'glacier:InitiateJob', Condition: { ArnLike: { 'aws:PrincipalArn': roles } } },
  ];
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  return judgingTimes([{ text, kind: 'lock', vaultArn: VAULT }]).median;
}

function millisecondsOf(policy: CheckInput): number {
  const start = process.hrtime.bigint();
  check(policy);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

if (require.main === module) console.log(judgingTimes(), { large: judgingLargeOne() });
