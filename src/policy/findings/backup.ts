import { JudgedPolicy, nameOf, Rule, statementsOf } from './judged-policy';
import { actionMatches } from '../statement-matching';

/** Access policies of AWS Backup. */

const DELETE = 'backup:DeleteRecoveryPoint';
const BESIDE: readonly (readonly [action: string, why: string])[] = [
  ['backup:UpdateRecoveryPointLifecycle', 'can make recovery points expire tomorrow'],
  ['backup:PutBackupVaultAccessPolicy', 'can replace the policy by one without the Deny'],
];

/**
 * `deny-incomplete`: recovery points may not be deleted, but what comes to the same is denied to nobody. The AWS Config rule
 * `backup-recovery-point-manual-deletion-disabled` wants all three denied.
 */
export const denyIncompleteRule: Rule = (policy) => {
  if (policy.service !== 'backup') return [];
  const denies = statementsOf(policy).filter(({ statement }) => statement.effect === 'Deny');
  const deletion = denies.find(
    ({ statement }) => actionMatches(statement, DELETE) && statement.principal?.some(({ kind }) => kind === 'everyone'),
  );
  if (deletion === undefined) return [];
  const open = BESIDE.filter(([action]) => !denies.some(({ statement }) => actionMatches(statement, action)));
  if (open.length === 0) return [];
  return [
    {
      id: 'deny-incomplete',
      severity: 'warning',
      statement: deletion.index,
      message: `${nameOf(deletion.statement, deletion.index)} denies ${DELETE}, and nothing denies ${open.map(([action, why]) => `${action}: whoever may call that ${why}`).join('; nor ')}.`,
      remedy: `Deny ${open.map(([action]) => action).join(' and ')} as well, with an exception for who deploys ("ArnNotLike": {"aws:PrincipalArn": "<ARN>"}).`,
    },
  ];
};

const ON_RECOVERY_POINTS = [DELETE, 'backup:UpdateRecoveryPointLifecycle', 'backup:StartCopyJob', 'backup:StartRestoreJob'];

/** `wrong-resource`: actions on recovery points are authorised on their ARNs, and a statement for the vault's ARN does not see them. */
export const vaultResourceRule: Rule = (policy) => {
  if (policy.service !== 'backup') return [];
  return policy.document.statements.flatMap((statement, index) => {
    const missed = ON_RECOVERY_POINTS.filter((action) => actionMatches(statement, action));
    if (missed.length === 0 || !statement.resource?.every((resource) => isVaultOnly(resource, policy))) return [];
    return [
      {
        id: 'wrong-resource',
        severity: 'error' as const,
        statement: index,
        message: `${nameOf(statement, index)} is for "${statement.resource.join('", "')}", and ${missed.join(', ')} are asked for on recovery points, whose ARNs are others: the statement does not see them.`,
        remedy: 'Write "Resource": "*": the policy is attached to the vault, and only about what is in it.',
      },
    ];
  });
};

function isVaultOnly(resource: string, { vaultArn }: JudgedPolicy): boolean {
  return resource === vaultArn || /:backup-vault[:/]/.test(resource);
}
