import { Aws, Fn, type Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { statementName } from '../policy/statement-name';
import { isKnown, knownText, withoutUnknown } from '../synthesis/known-text';

/** A policy statement as it stands in JSON, tokens and all. */
export interface StatementJson {
  readonly Sid?: string;
  readonly [element: string]: unknown;
}

/**
 * How the `Sid`s begin that are made here. With the UUID of the deployed stack: two stacks whose constructs have the same path may write
 * into the policy of one vault, and neither must take the other's statements for its own.
 */
export function sidPrefixOf(access: Construct): string {
  const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `CdkVaultLock${Fn.join('', Fn.split('-', stackUuid))}${access.node.addr.slice(-12)}`;
}

/**
 * The statements as they are merged into a vault's access policy: each with a `Sid`, by which it is found again, and for all recovery
 * points unless it says otherwise.
 *
 * @param sidPrefix see `sidPrefixOf`
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
    // A sid that is made here says nothing to anybody.
    const name = `\`statements\`: ${statementName(index, isKnown(sid) ? sid : undefined)}`;
    return [
      ...(/[^A-Za-z0-9]/.test(withoutUnknown(sid))
        ? [`${name} has a \`sid\` with other characters than letters and digits, which IAM does not take. Choose another, or leave it out.`]
        : []),
      ...(sids.indexOf(sid) < index
        ? [`${name} has the \`sid\` of another one, and the vault's policy tells statements apart by that. Give it another.`]
        : []),
      ...principalErrors(statement, name),
      ...actionErrors(statement, name, stack),
      ...(locksEverybodyOut(statement, stack)
        ? [
            `${name} denies ${WRITING} to everyone, the library's function included: nobody could change or remove it again. Add a condition ` +
              'that exempts the role of the function, as `blockRecoveryPointDeletion()` does.',
          ]
        : []),
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

/** What nobody could take out again. */
const WRITING = 'backup:PutBackupVaultAccessPolicy';

/** Conditions are not judged: what they exempt, if anything, is known at the call only. So is what is not known here. */
function locksEverybodyOut({ Effect, Principal, Action, NotAction, Condition }: StatementJson, stack: Stack): boolean {
  if (Effect !== 'Deny' || Object.keys(Condition ?? {}).length > 0 || !meansEveryone(Principal)) return false;
  const isWriting = (action: unknown) => knownText(stack, action).toLowerCase() === WRITING.toLowerCase();
  if (Action !== undefined) return [Action].flat().some(isWriting);
  const spared = [NotAction ?? []].flat();
  return spared.length > 0 && spared.every((action) => isKnown(knownText(stack, action)) && !isWriting(action));
}

function meansEveryone(principal: unknown): boolean {
  if (typeof principal !== 'object' || principal === null) return principal === '*';
  return [(principal as { AWS?: unknown }).AWS].flat().includes('*');
}
