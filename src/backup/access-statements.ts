import type { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { isKnown, knownText, readable } from '../synthesis/known-text';

/** A policy statement as it stands in JSON, tokens and all. */
export interface StatementJson {
  readonly Sid?: string;
  readonly [element: string]: unknown;
}

/**
 * The statements as they are merged into a vault's access policy: each with a `Sid`, by which it is found again, and for all recovery
 * points unless it says otherwise.
 *
 * @param sidPrefix differs between the constructs of an app
 */
export function accessStatements(statements: readonly iam.PolicyStatement[], sidPrefix: string): StatementJson[] {
  return statements.map((statement, index) => {
    const json = statement.toStatementJson() as StatementJson;
    const hasResource = json.Resource !== undefined || json.NotResource !== undefined;
    return { ...json, Sid: json.Sid ?? `${sidPrefix}${index + 1}`, ...(hasResource ? {} : { Resource: '*' }) };
  });
}

/** What is wrong with the statements. To be called when they are complete. */
export function accessStatementErrors(statements: readonly StatementJson[], stack: Stack): string[] {
  if (statements.length === 0) {
    return ['`statements` must not be empty, got none. Add one, e.g. with `addStatements()`, or drop the BackupVaultAccess.'];
  }
  const sids = statements.map(({ Sid }) => knownText(stack, Sid));
  return statements.flatMap((statement, index) => {
    const sid = sids[index] ?? '';
    const name = `\`statements\`: statement ${index + 1} ('${readable(sid)}')`;
    return [
      ...(sids.indexOf(sid) < index
        ? [`${name} has the \`sid\` of another one, and the vault's policy tells statements apart by that. Give it another.`]
        : []),
      ...principalErrors(statement, name),
      ...actionErrors(statement, name, stack),
    ];
  });
}

function principalErrors({ Principal, NotPrincipal }: StatementJson, name: string): string[] {
  if (Principal !== undefined || NotPrincipal !== undefined) return [];
  return [
    `${name} has no principal, and a policy that is attached to a vault must say whom it means. Add \`principals\`; \`new StarPrincipal()\` means everyone.`,
  ];
}

function actionErrors({ Action, NotAction }: StatementJson, name: string, stack: Stack): string[] {
  const actions = [Action ?? [], NotAction ?? []].flat().map((action) => knownText(stack, action));
  if (actions.length === 0) return [`${name} has no action. Add \`actions\`, e.g. backup:CopyIntoBackupVault.`];
  return actions
    .filter((action) => isKnown(action) && /[*?]/.test(action))
    .map(
      (action) =>
        `${name} names the action '${action}': access policies of AWS Backup take no wildcards in actions. List the actions that you mean.`,
    );
}
