import { JudgedPolicy, nameOf, Rule } from './judged-policy';
import { missesVault } from './meant';
import type { Finding } from './model';
import type { Statement } from '../model';
import { matchesPattern, wildcardPattern } from '../pattern';

/** `wrong-resource`, `resource-suffix`: the statement is never about the vault that the policy is attached to. */
export const resourceRule: Rule = (policy) =>
  policy.document.statements.flatMap((statement, index) =>
    missesVault(statement, policy.vaultArn, policy.variables) ? [finding(policy, statement, index)] : [],
  );

function finding({ vaultArn }: JudgedPolicy, statement: Statement, index: number): Finding {
  const name = nameOf(statement, index);
  const remedy = `Write "Resource": "${vaultArn}".`;
  const follows = statement.effect === 'Deny' ? 'It denies nothing' : 'It allows nothing';
  const below = statement.resource?.find((text) => isBelow(text, vaultArn));
  if (below !== undefined) {
    return {
      id: 'resource-suffix',
      severity: 'error',
      statement: index,
      message: `${name} is for "${below}", which is nothing: archives have no ARN, the vault is the resource of everything that is done to them. ${follows}.`,
      remedy,
    };
  }
  const first = statement.resource?.[0];
  return {
    id: 'wrong-resource',
    severity: 'error',
    statement: index,
    message:
      first === undefined
        ? `${name} is for everything but this vault, by its \`NotResource\`. ${follows}.`
        : `${name} is for "${first}", and the policy is attached to "${vaultArn}": ${difference(first, vaultArn)}. ${follows}.`,
    remedy,
  };
}

/** Whether the resource is the vault and something behind its name. */
function isBelow(resource: string, vaultArn: string): boolean {
  const [, head] = /^(arn:(?:[^:]*:){4}(?:vaults|backup-vault)[/:][^/:]+)[/:]/.exec(resource) ?? [];
  return head !== undefined && matchesPattern(wildcardPattern(head), vaultArn);
}

const PARTS = ['it is no ARN', 'another partition', 'another service', 'another region', 'another account', 'another vault'];

function difference(resource: string, vaultArn: string): string {
  const wanted = resource.split(':');
  const own = vaultArn.split(':');
  const parts = own.flatMap((part, index) =>
    matchesPattern(wildcardPattern(wanted[index] ?? ''), part) ? [] : [PARTS[index] ?? PARTS[5]],
  );
  const onlyCase = resource.toLowerCase() === vaultArn.toLowerCase();
  return onlyCase ? 'the case of the letters counts' : [...new Set(parts)].join(', ') || 'another resource';
}
