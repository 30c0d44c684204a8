import type { Stack } from 'aws-cdk-lib';
import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { LOCK_RECORD_PREFIX } from '../private/contract';

/**
 * Everything the handler calls, except the one call that cannot be taken back (`glacier:CompleteVaultLock`).
 *
 * The statements are the same in every stack and name no vault: a statement per vault would be gone from the role
 * before CloudFormation sends the Delete of a vault that was removed from the template.
 */
export function handlerStatements(stack: Stack): iam.PolicyStatement[] {
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
    new iam.PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [Aws.STACK_ID] }),
  ];
}

/** What Lambda itself does with the role of a function in a VPC. These actions know no resources when they are checked. */
export function networkInterfaceStatement(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}

export function anyVaultArn(stack: Stack): string {
  return stack.formatArn({ service: 'glacier', resource: 'vaults', resourceName: '*' });
}
