import type { Stack } from 'aws-cdk-lib';
import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

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

/** The stack's own status tells a handler whether it serves a rollback, and its events what came too late. */
export function ownStackStatement(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackEvents'],
    resources: [Aws.STACK_ID],
  });
}

/** Whether the deletion of a nested stack takes a failed deployment back is told by the outermost one. */
export function outermostStackStatements(stack: Stack): iam.PolicyStatement[] {
  const root = outermost(stack);
  if (root === stack) return [];
  return [
    new iam.PolicyStatement({
      actions: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackEvents'],
      resources: [root.stackId],
    }),
  ];
}

export function outermost(stack: Stack): Stack {
  return stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack;
}
