import { DefaultStackSynthesizer, Stack } from 'aws-cdk-lib';
import type { AttachedPolicy } from './policy-findings';
import { read } from './policy-findings';
import { explore, type Principal } from '../policy';
import { sessionArn } from '../policy/principal-arn';
import { outermost } from '../provider/function-permissions';
import { knownText, readable } from '../synthesis/known-text';
import type { Warning } from '../synthesis/warnings';

/** What CloudFormation calls to change a vault's access policy, or to take it away. */
const POLICY_CHANGES = ['backup:GetBackupVaultAccessPolicy', 'backup:PutBackupVaultAccessPolicy', 'backup:DeleteBackupVaultAccessPolicy'];

/** A Deny that shuts out the role with which CloudFormation deploys the stack; others may still be able to take it back. */
export function deployerWarnings(stack: Stack, { text, vaultArn }: Omit<AttachedPolicy, 'kind'>): Warning[] {
  const document = read(text);
  const deployer = deployerOf(stack);
  if (!document || !deployer) return [];
  const denied = POLICY_CHANGES.filter((action) => {
    const region = { principals: { only: [deployer] } };
    return explore({ policies: [document], vaultArn, action, expect: 'notDenied', region }).verdict === 'fails';
  });
  if (denied.length === 0) return [];
  return [
    {
      id: 'accessPolicyShutsOutDeployer',
      message: readable(
        `The access policy of this vault denies ${denied.join(', ')} to '${deployer.roleArn}', with which CloudFormation deploys this stack: no ` +
          'deployment can change the policy again, or take it away. Spare that role, e.g. with the condition "ArnNotLike": {"aws:PrincipalArn": "<its ARN>"}.',
      ),
    },
  ];
}

type Deployer = Extract<Principal, { kind: 'aws' }>;

/** A session of the role that bootstrapping made. Who deploys without one is not known. */
function deployerOf(stack: Stack): Deployer | undefined {
  const { synthesizer } = outermost(stack);
  if (!(synthesizer instanceof DefaultStackSynthesizer)) return undefined;
  const roleArn = knownText(stack, { 'Fn::Sub': synthesizer.cloudFormationExecutionRoleArn });
  return { kind: 'aws', arn: sessionArn(roleArn, 'AWSCloudFormation'), accountId: roleArn.split(':')[4] ?? '', roleArn };
}
