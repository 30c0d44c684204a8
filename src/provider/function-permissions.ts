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

/** The stack's own status tells a handler whether it serves a rollback. */
export function ownStackStatement(): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [Aws.STACK_ID] });
}

/**
 * The events of a stack tell when it began to roll back; those of one that is being deleted, whether that takes a failed deployment back: for
 * a nested one, the events of the outermost.
 */
export function stackHistoryStatement(stack: Stack): iam.PolicyStatement {
  const root = outermost(stack);
  return new iam.PolicyStatement({
    actions: ['cloudformation:DescribeStackEvents', ...(root === stack ? [] : ['cloudformation:DescribeStacks'])],
    resources: root === stack ? [Aws.STACK_ID] : [Aws.STACK_ID, root.stackId],
  });
}

function outermost(stack: Stack): Stack {
  return stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack;
}
