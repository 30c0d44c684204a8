import { Annotations, Aws, CfnParameter, Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { expectVaultLock, GlacierVault, GlacierVaultLock, Guarantee, VaultLockPolicy, type IGlacierVault } from '../../src';
import { aStack, ENV, ONE_YEAR, synthesis, warningsOf } from '../construct-fixtures/stacks';

const LEGAL = 'arn:aws:iam::111111111111:role/legal';
const VAULT_ARN = 'arn:aws:glacier:eu-west-1:111111111111:vaults/ledger';
const SSO = 'role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Legal_*';

const defined = (stack: Stack): IGlacierVault => new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });

function locked(policy: VaultLockPolicy, stack = aStack(), vault = defined(stack)) {
  return { stack, vault, lock: new GlacierVaultLock(stack, 'Lock', { vault, policy }) };
}

describe('what a builder promises is proved', () => {
  test.each<[string, (stack: Stack) => IGlacierVault]>([
    ['of a name', defined],
    ['of a name that is made', (stack) => new GlacierVault(stack, 'Ledger')],
    [
      'of a name that only the deployment knows',
      (stack) => new GlacierVault(stack, 'Ledger', { vaultName: new CfnParameter(stack, 'Name').valueAsString }),
    ],
    ['that is imported', (stack) => GlacierVault.fromVaultName(stack, 'Ledger', 'ledger')],
    [
      'that is imported by what only the deployment knows',
      (stack) => GlacierVault.fromVaultArn(stack, 'Ledger', new CfnParameter(stack, 'VaultArn').valueAsString),
    ],
    ['that lets in everyone', lettingInEveryone],
  ])('for a vault %s', (_, vaultOf) => {
    for (const env of [ENV, {}]) {
      const stack = aStack(env);
      const policy = ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', administrators: [new iam.ArnPrincipal(LEGAL)] });
      expect(synthesis(locked(policy, stack, vaultOf(stack)).stack)).not.toThrow();
    }
  });

  test('a day less than a year is what was asked for, and no slip', () => {
    const policy = VaultLockPolicy.retain(Duration.days(364)).withLegalHold({
      tagKey: 'LegalHold',
      administrators: [new iam.ArnPrincipal(LEGAL)],
    });
    const { stack } = locked(policy);

    expect(warningsOf(stack)).toEqual([]);
    expect(() => expectVaultLock(Template.fromStack(stack)).hasNoFindings()).not.toThrow();
  });

  test.each<[string, (stack: Stack) => iam.IPrincipal]>([
    ['a role of the stack', (stack) => new iam.Role(stack, 'Legal', { assumedBy: new iam.AccountRootPrincipal() })],
    ['a user of the stack', (stack) => new iam.User(stack, 'Legal')],
    ['a role by name', (stack) => iam.Role.fromRoleName(stack, 'Legal', 'legal')],
    [
      'a role by a name that only the deployment knows',
      (stack) => iam.Role.fromRoleName(stack, 'Legal', new CfnParameter(stack, 'Name').valueAsString),
    ],
    ['an ARN that only the deployment knows', (stack) => new iam.ArnPrincipal(new CfnParameter(stack, 'Arn').valueAsString)],
    ['roles by pattern', () => new iam.ArnPrincipal(`arn:aws:iam::111111111111:${SSO}`)],
    ['roles by pattern of the own account', () => new iam.ArnPrincipal(`arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:${SSO}`)],
    [
      'roles by pattern of an account that only the deployment knows',
      (stack) => new iam.ArnPrincipal(`arn:aws:iam::${new CfnParameter(stack, 'Account').valueAsString}:${SSO}`),
    ],
  ])('for a hold that is lifted by %s', (_, administratorOf) => {
    for (const env of [ENV, {}]) {
      const stack = aStack(env);
      const administrators = [administratorOf(stack), new iam.ArnPrincipal('arn:aws:iam::222222222222:role/partner')];
      expect(synthesis(locked(ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', administrators }), stack).stack)).not.toThrow();
    }
  });

  test('for a value and a period that only the deployment knows', () => {
    const stack = aStack();
    const tagValue = new CfnParameter(stack, 'Value').valueAsString;
    const days = new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber;
    const policy = VaultLockPolicy.retain(Duration.days(days)).withLegalHold({
      tagKey: 'LegalHold',
      tagValue,
      administrators: [new iam.ArnPrincipal(LEGAL)],
    });

    expect(synthesis(locked(policy, stack).stack)).not.toThrow();
  });

  test.each<[string, VaultLockPolicy, object, RegExp]>([
    [
      'retain',
      ONE_YEAR,
      { Action: 'glacier:DeleteArchive', Condition: { NumericGreaterThan: { 'glacier:ArchiveAgeInDays': '365' } } },
      /`policy`: `Guarantee\.noDeletionBefore\(Duration\.days\(365\)\)` does not hold\. .* on an archive of 0 days/,
    ],
    [
      'withLegalHold',
      ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', administrators: [new iam.ArnPrincipal(LEGAL)] }),
      { Action: 'glacier:DeleteArchive' },
      /`policy`: `Guarantee\.legalHoldStops\(\{ tagKey: 'LegalHold', … \}\)` does not hold\. .* is not denied glacier:AddTagsToVault/,
    ],
  ])('and not taken for granted: %s', (_, policy, wrong, message) => {
    const text = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Resource: VAULT_ARN, ...wrong }] });
    const builder = jest.spyOn(policy, '_bind').mockReturnValue(text);

    expect(synthesis(locked(policy).stack)).toThrow(message);
    builder.mockRestore();
  });

  test('for each vault by itself, however many have the same policy', () => {
    const text = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 'glacier:*Archive', Resource: VAULT_ARN }],
    });
    const lockOf = (vaultName: string) => {
      const policy = VaultLockPolicy.retain(Duration.days(365));
      jest.spyOn(policy, '_bind').mockReturnValue(text);
      const stack = aStack();
      return synthesis(locked(policy, stack, new GlacierVault(stack, 'Ledger', { vaultName })).stack);
    };
    const message = /`Guarantee\.noDeletionBefore\(Duration\.days\(365\)\)` does not hold\..* its resource is not arn:\S+:vaults\/\w+/;

    expect(lockOf('ledger')).not.toThrow();
    expect(lockOf('ledger')).not.toThrow();
    expect(lockOf('invoices')).toThrow(message);
    expect(lockOf('led')).toThrow(message);
  });
});

describe('a guarantee that cannot be proved', () => {
  const unknown = new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        sid: 'Keep',
        effect: iam.Effect.DENY,
        principals: [new iam.StarPrincipal()],
        actions: ['glacier:DeleteArchive'],
        conditions: { NumericUnder: { 'glacier:ArchiveAgeInDays': '365' } },
      }),
    ],
  });
  const given = (days = 365) => {
    const stack = aStack();
    const guarantees = [Guarantee.noDeletionBefore(Duration.days(days))];
    const lock = new GlacierVaultLock(stack, 'Lock', { vault: defined(stack), policy: VaultLockPolicy.fromDocument(unknown), guarantees });
    return { stack, lock };
  };

  test('is an error that says why', () => {
    expect(synthesis(given().stack)).toThrow(
      '[Archive/Lock] `guarantees`: `Guarantee.noDeletionBefore(Duration.days(365))` cannot be proved. ' +
        'Statement[0] ("Keep") of the lock policy: the operator `NumericUnder` is not known. ' +
        'Write the policy so that it can be judged before it is deployed; or, if you know that it holds, say so with ' +
        "`Annotations.of(lock).acknowledgeWarning('cdk-vault-lock:unprovedGuarantee', '<why>')`.",
    );
  });

  test('is none once that is acknowledged', () => {
    const { stack, lock } = given();
    Annotations.of(lock).acknowledgeWarning('cdk-vault-lock:unprovedGuarantee', 'tested by hand');

    expect(synthesis(stack)).not.toThrow();
    expect(warningsOf(stack)).not.toContain('cdk-vault-lock:unprovedGuarantee');
  });

  test('does not excuse one that is known not to hold', () => {
    const stack = aStack();
    const policy = VaultLockPolicy.retain(Duration.days(30));
    const lock = new GlacierVaultLock(stack, 'Lock', {
      vault: defined(stack),
      policy,
      guarantees: [Guarantee.noDeletionBefore(Duration.days(31))],
    });
    Annotations.of(lock).acknowledgeWarning('cdk-vault-lock:unprovedGuarantee');

    expect(synthesis(stack)).toThrow(/`Guarantee\.noDeletionBefore\(Duration\.days\(31\)\)` does not hold/);
  });
});

function lettingInEveryone(stack: Stack): IGlacierVault {
  const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
  vault.addToAccessPolicy(new iam.PolicyStatement({ principals: [new iam.StarPrincipal()], actions: ['glacier:*'] }));
  return vault;
}
