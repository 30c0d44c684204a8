import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ownStackStatement, stackHistoryStatement } from './function-permissions';
import { LOCK_RECORD_PREFIX } from '../private/contract';

/**
 * Everything the handler calls, except the one call that cannot be taken back (`glacier:CompleteVaultLock`).
 *
 * The statements are the same in every stack and name no vault: a statement per vault would be gone from the role
 * before CloudFormation sends the Delete of a vault that was removed from the template.
 */
export function glacierStatements(stack: Stack): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: [
        'glacier:DescribeVault',
        'glacier:CreateVault',
        'glacier:DeleteVault',
        'glacier:AddTagsToVault',
        'glacier:RemoveTagsFromVault',
        'glacier:ListTagsForVault',
        'glacier:GetVaultAccessPolicy',
        'glacier:SetVaultAccessPolicy',
        'glacier:DeleteVaultAccessPolicy',
        'glacier:GetVaultNotifications',
        'glacier:SetVaultNotifications',
        'glacier:DeleteVaultNotifications',
        'glacier:GetVaultLock',
        'glacier:InitiateVaultLock',
        'glacier:AbortVaultLock',
      ],
      resources: [anyVaultArn(stack)],
    }),
    new iam.PolicyStatement({
      actions: ['ssm:GetParameter', 'ssm:PutParameter', 'ssm:DeleteParameter'],
      resources: [stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: `${LOCK_RECORD_PREFIX.slice(1)}*` })],
    }),
    ownStackStatement(),
    stackHistoryStatement(stack),
  ];
}

export function anyVaultArn(stack: Stack): string {
  return stack.formatArn({ service: 'glacier', resource: 'vaults', resourceName: '*' });
}
