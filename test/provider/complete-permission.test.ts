import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GlacierProvider, GlacierVault, GlacierVaultLock, VaultLockStage } from '../../src';
import { aStack, deployedText, ONE_YEAR, resourceOf } from '../construct-fixtures/stacks';

const PERMISSION = 'CdkVaultLockGlacierCompletePermission';
const complete = (vaultName: string) => VaultLockStage.complete({ acknowledge: `${vaultName} sha256:${'0'.repeat(64)}` });

function lock(stack: Stack, vaultName: string, stage: VaultLockStage) {
  const vault = GlacierVault.fromVaultName(stack, `Vault-${vaultName}`, vaultName);
  return new GlacierVaultLock(stack, `Lock-${vaultName}`, { vault, policy: ONE_YEAR, stage, acknowledgementOutput: false });
}

/** The vaults that the function may lock for ever. */
function completable(stack: Stack): string[] {
  const resources = (Template.fromStack(stack).toJSON() as { Resources: Record<string, { Properties: Policy }> }).Resources;
  const [statement] = resources[PERMISSION]?.Properties.PolicyDocument.Statement ?? [];
  expect(statement).toMatchObject({ Effect: 'Allow', Action: 'glacier:CompleteVaultLock' });
  return (statement?.Resource as unknown[]).map(deployedText);
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: { readonly Resource: unknown }[] };
}

test.each([VaultLockStage.initiate(), VaultLockStage.abort()])(
  'the permission to complete is nowhere in a template without completing stages',
  (stage) => {
    const stack = aStack({});
    lock(stack, 'ledger', stage);
    new GlacierVault(stack, 'Journal');

    expect(JSON.stringify(Template.fromStack(stack))).not.toContain('CompleteVaultLock');
  },
);

test('it names exactly the vaults whose locks are at a completing stage, and these locks wait for it', () => {
  const stack = aStack({});
  lock(stack, 'tested', complete('tested'));
  lock(stack, 'piped', VaultLockStage.completeOnceAcknowledged(new CfnParameter(stack, 'Acknowledgement').valueAsString));
  lock(stack, 'in-test', VaultLockStage.initiate());

  expect(completable(stack)).toEqual([
    'arn:aws:glacier:eu-west-1:111111111111:vaults/tested',
    'arn:aws:glacier:eu-west-1:111111111111:vaults/piped',
  ]);
  const waiting = Object.values(Template.fromStack(stack).findResources('Custom::GlacierVaultLock')).map(({ DependsOn, Properties }) => [
    (Properties as { VaultName: string }).VaultName,
    (DependsOn as string[]).includes(PERMISSION),
  ]);
  expect(Object.fromEntries(waiting)).toEqual({ tested: true, piped: true, 'in-test': false });
});

test.each([
  ['more than 40 vaults', 41, ''],
  ['names too long for a role', 30, 'x'.repeat(200)],
])('it names all vaults for %s', (_, count, suffix) => {
  const stack = aStack();
  for (let index = 0; index < count; index++) {
    lock(stack, `v${index}${suffix}`, VaultLockStage.completeOnceAcknowledged('none'));
  }
  expect(completable(stack)).toEqual(['arn:aws:glacier:eu-west-1:111111111111:vaults/*']);
});

test('it names 40 vaults one by one', () => {
  const stack = aStack();
  for (let index = 0; index < 40; index++) {
    lock(stack, `v${index}`, VaultLockStage.completeOnceAcknowledged('none'));
  }
  expect(completable(stack)).toHaveLength(40);
});

test('it goes to a role of the user, under a name that other stacks do not use', () => {
  const policyNameIn = (id: string) => {
    const stack = aStack(undefined, undefined, id);
    const role = iam.Role.fromRoleArn(stack, 'Own', 'arn:aws:iam::111111111111:role/own');
    GlacierProvider.configure(stack, { role });
    lock(stack, 'ledger', VaultLockStage.completeOnceAcknowledged('none'));
    const template = Template.fromStack(stack);
    const { Properties } = template.findResources('AWS::IAM::Policy')[PERMISSION] as {
      Properties: { PolicyName: string; Roles: string[] };
    };
    expect(Properties.Roles).toEqual(['own']);
    return Properties.PolicyName;
  };
  expect(policyNameIn('A')).not.toBe(policyNameIn('B'));
});

test('a vault of the same stack waits for nothing that only its lock needs', () => {
  const stack = aStack();
  const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
  new GlacierVaultLock(stack, 'Lock', { vault, policy: ONE_YEAR, stage: VaultLockStage.completeOnceAcknowledged('none') });

  expect(resourceOf(stack, 'Custom::GlacierVault').DependsOn).toEqual(['CdkVaultLockGlacierDelivery']);
});

test.each([
  [
    'an imported role that must not change',
    (stack: Stack) => iam.Role.fromRoleArn(stack, 'Pinned', 'arn:aws:iam::111111111111:role/pinned', { mutable: false }),
  ],
  [
    'a role without policy updates',
    (stack: Stack) => new iam.Role(stack, 'Pinned', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }).withoutPolicyUpdates(),
  ],
])('%s is not given the permission', (_what, roleIn) => {
  const stack = aStack();
  GlacierProvider.configure(stack, { role: roleIn(stack) });
  const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
  new GlacierVaultLock(stack, 'Lock', { vault, policy: ONE_YEAR, stage: VaultLockStage.completeOnceAcknowledged('none') });

  expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('glacier:CompleteVaultLock');
});
