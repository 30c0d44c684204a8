import { App, Fn, NestedStack, type CfnResource, type Environment, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { GlacierVault, GlacierVaultLock, Guarantee } from '../../src';
import { aStack, ENV, ONE_YEAR, synthesis } from '../construct-fixtures/stacks';

const VAULT_ARN = 'arn:aws:glacier:eu-west-1:111111111111:vaults/ledger';

const roleIn = (stack: Stack) => new iam.Role(stack, 'Writer', { assumedBy: new iam.AccountRootPrincipal() });

describe('a role is the same in the policies of several stacks', () => {
  /** A vault that only one role can upload to. */
  function vaultFor(role: iam.IRole, stack: Stack): GlacierVault {
    const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
    vault.addToAccessPolicy(
      new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        principals: [new iam.StarPrincipal()],
        actions: ['glacier:UploadArchive'],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': role.roleArn } },
      }),
    );
    return vault;
  }

  const lockFor = (role: iam.IRole, vault: GlacierVault, stack: Stack) =>
    new GlacierVaultLock(stack, 'Lock', { vault, policy: ONE_YEAR, guarantees: [Guarantee.canStillUpload(role)] });

  test.each<[string, (vaults: Stack, locks: Stack, app: App, env: Environment) => Stack]>([
    ['the stack of the vault', (vaults) => vaults],
    ['the stack of the lock', (_, locks) => locks],
    ['a third stack', (_, __, app, env) => aStack(env, app, 'Roles')],
    ['a nested stack', (vaults) => new NestedStack(vaults, 'Roles')],
  ])('when it is defined in %s', (_, stackOf) => {
    for (const env of [ENV, {}]) {
      const app = new App();
      const [vaults, locks] = [aStack(env, app, 'Vaults'), aStack(env, app, 'Locks')];
      const role = roleIn(stackOf(vaults, locks, app, env));
      // A vault that waits for the stack of its own lock would wait for ever.
      const lockStack = role.stack === locks ? vaults : locks;
      lockFor(role, vaultFor(role, vaults), lockStack);

      expect(synthesis(lockStack)).not.toThrow();
    }
  });

  test('and another role with the same logical id is another one', () => {
    const app = new App();
    const [vaults, locks] = [aStack(ENV, app, 'Vaults'), aStack(ENV, app, 'Locks')];
    lockFor(roleIn(locks), vaultFor(roleIn(vaults), vaults), locks);

    expect(synthesis(locks)).toThrow("`Guarantee.canStillUpload('${Locks.Writer.Resource#Arn}')` cannot be proved");
  });

  test('and the same words of two templates are not the same role', () => {
    const app = new App();
    const [vaults, locks] = [aStack(ENV, app, 'Vaults'), aStack(ENV, app, 'Locks')];
    const role = { roleArn: Fn.getAtt('Writer', 'Arn').toString() } as iam.IRole;
    const guarantees = [Guarantee.canStillUpload(new iam.ArnPrincipal(role.roleArn))];
    new GlacierVaultLock(locks, 'Lock', { vault: vaultFor(role, vaults), policy: ONE_YEAR, guarantees });

    expect(synthesis(locks)).toThrow("`Guarantee.canStillUpload('${Writer.Arn}')` cannot be proved");
  });
});

describe('a policy is judged as it stands in the template', () => {
  /** As users do it, or an aspect for a whole app. */
  function overridden(construct: IConstruct, property: string, statement: object): void {
    const value = JSON.stringify({ Version: '2012-10-17', Statement: [{ Principal: '*', Resource: VAULT_ARN, ...statement }] });
    (construct.node.defaultChild as CfnResource).addPropertyOverride(property, value);
  }

  function locked(guarantees: Guarantee[] = []) {
    const stack = aStack();
    const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
    return { stack, vault, lock: new GlacierVaultLock(stack, 'Lock', { vault, policy: ONE_YEAR, guarantees }) };
  }

  test('when the lock policy is overridden', () => {
    const { stack, lock } = locked();
    overridden(lock, 'Policy', { Effect: 'Deny', Action: 'glacier:DeleteVault' });

    expect(synthesis(stack)).toThrow(
      '`policy`: `Guarantee.noDeletionBefore(Duration.days(365))` does not hold. ' +
        'arn:aws:iam::999999999999:role/anyone is not denied glacier:DeleteArchive on an archive of 0 days: no statement denies it.',
    );
  });

  test('with the rules for policies of other words', () => {
    const { stack, lock } = locked();
    overridden(lock, 'Policy', { Effect: 'Deny', Action: 'glacier:*' });

    expect(synthesis(stack)).toThrow(/`policy`: Statement\[0\] denies everyone, the deployments of this stack included/);
  });

  test('also by one that is none', () => {
    const { stack, lock } = locked();
    (lock.node.defaultChild as CfnResource).addPropertyOverride('Policy', '{"Version":');

    expect(synthesis(stack)).toThrow(/\[Archive\/Lock\] `policy` is no policy: .*\.$/);
  });

  test('when the access policy is overridden', () => {
    const writer = new iam.ArnPrincipal('arn:aws:iam::111111111111:role/writer');
    const { stack, vault } = locked([Guarantee.canStillUpload(writer)]);
    overridden(vault, 'AccessPolicy', { Effect: 'Deny', Action: 'glacier:UploadArchive' });

    expect(synthesis(stack)).toThrow(/is denied glacier:UploadArchive: Statement\[0\] of the access policy denies it/);
  });
});
