import { ifExistsRule, negatedOperatorRule } from './absent-keys';
import { invertedAgeRule, offByOneRule } from './ages';
import { denyIncompleteRule, vaultResourceRule } from './backup';
import { expiryByDateRule } from './dates';
import { holdUnliftableRule, holdValueCaseRule, tagRemovableRule } from './holds';
import { FindingsInput, judgedPolicy, Rule, serviceOf } from './judged-policy';
import { typoKeyRule, wrongActionRule } from './misnamed';
import type { Finding } from './model';
import { noPrincipalRule, notPrincipalRule } from './principals';
import { allowOnlyRule, denyTooBroadRule, neverDeniesRule, publicAccessRule } from './reach';
import { resourceRule } from './resources';
import { tooLargeRule } from './size';
import { conditionalDenyRule, sparedPrincipalsRule } from './spared';
import { textFindings } from './text';
import { unsupportedConditionRule } from './undecided';

export type { FindingsInput } from './judged-policy';
export type { Finding } from './model';

/** That a statement has no effect is only news where nothing else is wrong with it. */
const NEVER_DENIES = 'never-denies';

/** In the order in which findings are told. */
const RULES: readonly Rule[] = [
  noPrincipalRule,
  notPrincipalRule,
  resourceRule,
  vaultResourceRule,
  typoKeyRule,
  wrongActionRule,
  unsupportedConditionRule,
  allowOnlyRule,
  invertedAgeRule,
  sparedPrincipalsRule,
  conditionalDenyRule,
  offByOneRule,
  expiryByDateRule,
  tagRemovableRule,
  holdUnliftableRule,
  holdValueCaseRule,
  negatedOperatorRule,
  ifExistsRule,
  neverDeniesRule,
  denyTooBroadRule,
  denyIncompleteRule,
  publicAccessRule,
];

/** What is suspicious about the policy. Never throws. */
export function findHoles(input: FindingsInput): Finding[] {
  const { document } = input;
  if (document === undefined) return textFindings(input.text, serviceOf(input.vaultArn));
  const policy = judgedPolicy({ ...input, document });
  // What is refused as a whole is not looked at any closer.
  const refused = tooLargeRule(policy);
  if (refused.length > 0) return [...refused];
  const findings = RULES.flatMap((rule) => rule(policy));
  const told = new Set(findings.filter(({ id }) => id !== NEVER_DENIES).map(({ statement }) => statement));
  return findings.filter(({ id, statement }) => id !== NEVER_DENIES || !told.has(statement));
}
