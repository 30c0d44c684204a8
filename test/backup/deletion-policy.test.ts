import { App, Aspects, CfnResource, Duration, RemovalPolicies, RemovalPolicy, type IAspect, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { BackupVaultAccess, BackupVaultLock, GlacierVault, GlacierVaultLock } from '../../src';
import { existingVault } from '../construct-fixtures/backup';
import { aStack, ENV, ONE_YEAR, synthesis } from '../construct-fixtures/stacks';

function withLock(stack: Stack) {
  return new BackupVaultLock(stack, 'Lock', { vault: existingVault(stack), minRetention: Duration.days(7) });
}

function withAccess(stack: Stack) {
  const statement = new iam.PolicyStatement({
    actions: ['backup:CopyIntoBackupVault'],
    principals: [new iam.AccountPrincipal('222222222222')],
  });
  return new BackupVaultAccess(stack, 'Access', { vault: existingVault(stack), statements: [statement] });
}

function withGlacierLock(stack: Stack) {
  return new GlacierVaultLock(stack, 'Lock', { vault: new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' }), policy: ONE_YEAR });
}

class RetainEverything implements IAspect {
  public visit(node: IConstruct): void {
    if (CfnResource.isCfnResource(node)) node.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}

describe.each([
  ['BackupVaultLock', 'Custom::BackupVaultLock', withLock, 'one with a lock date becomes permanent'],
  ['BackupVaultAccess', 'Custom::BackupVaultAccess', withAccess, 'the statements of a failed deployment would stay in the policy'],
  ['GlacierVaultLock', 'Custom::GlacierVaultLock', withGlacierLock, 'a lock in its test window would outlive the failed deployment'],
] as const)('a %s', (name, type, make, consequence) => {
  test.each<[string, (stack: Stack) => void]>([
    ['RemovalPolicies', (stack) => RemovalPolicies.of(stack).retain()],
    ['an aspect of its own', (stack) => Aspects.of(stack).add(new RetainEverything())],
  ])('is refused in a stack in which %s retain(s) everything', (_, retain) => {
    const stack = aStack();
    make(stack);
    retain(stack);

    expect(synthesis(stack)).toThrow(`\`DeletionPolicy\` of a ${name} must be 'Delete', got: 'Retain', from an aspect or an override: `);
    expect(synthesis(stack)).toThrow(consequence);
    expect(synthesis(stack)).toThrow(
      `Leave '${type}' out of the aspect, e.g. with \`RemovalPolicies.of(scope).retain({ excludeResourceTypes: ['${type}'] })\`, ` +
        'or set this one back with `RemovalPolicies.of(construct).destroy()`.',
    );
  });

  test.each(['DeletionPolicy', 'UpdateReplacePolicy'])('is refused with an override of its %s', (key) => {
    const stack = aStack();
    (make(stack).node.defaultChild as CfnResource).addOverride(key, 'Retain');
    expect(synthesis(stack)).toThrow(`\`${key}\` of a ${name} must be 'Delete', got: 'Retain'`);
  });

  test('is refused where it would be deleted only if its creation fails', () => {
    const stack = aStack();
    make(stack);
    RemovalPolicies.of(stack).retainOnUpdateOrDelete();
    expect(synthesis(stack)).toThrow(`must be 'Delete', got: 'RetainExceptOnCreate'`);
  });

  test('is taken where either way out of the message was chosen', () => {
    const excluded = aStack();
    make(excluded);
    RemovalPolicies.of(excluded).retain({ excludeResourceTypes: [type] });
    Template.fromStack(excluded).hasResource(type, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });

    const setBack = aStack(ENV, new App());
    const construct = make(setBack);
    RemovalPolicies.of(setBack).retain();
    RemovalPolicies.of(construct).destroy();
    Template.fromStack(setBack).hasResource(type, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });
});

test('a GlacierVault may be retained: whether it goes with its stack is for its owner to say', () => {
  const stack = aStack();
  new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
  RemovalPolicies.of(stack).retain();

  Template.fromStack(stack).hasResource('Custom::GlacierVault', { DeletionPolicy: 'Retain' });
});
