import { CfnParameter, Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GlacierVault, GlacierVaultLock, VaultLockPolicy } from '../../src';
import { aStack, deployedPolicy, ENV, ONE_YEAR, propertiesOf } from '../construct-fixtures/stacks';

const LEGAL = 'arn:aws:iam::111111111111:role/legal';
const OWN_ARN = 'arn:aws:glacier:eu-west-1:111111111111:vaults/ledger';

function locked(policy: VaultLockPolicy, stack = aStack()) {
  const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
  new GlacierVaultLock(stack, 'Lock', { vault, policy });
  return deployedPolicy(propertiesOf(stack, 'Custom::GlacierVaultLock').Policy);
}

const legal = new iam.ArnPrincipal(LEGAL);
const deny = (props: Partial<iam.PolicyStatementProps> = {}) =>
  new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.StarPrincipal()], actions: ['glacier:DeleteArchive'], ...props });

describe('VaultLockPolicy.retain', () => {
  const retention = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'RetainArchives',
        Effect: 'Deny',
        Principal: '*',
        Action: 'glacier:DeleteArchive',
        Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDays': '365' } },
        Resource: OWN_ARN,
      },
    ],
  };

  test('denies everyone to delete an archive that is younger', () => {
    expect(locked(VaultLockPolicy.retain(Duration.days(365)))).toEqual(retention);
  });

  test('means the same wherever it is deployed', () => {
    expect(locked(VaultLockPolicy.retain(Duration.days(365)), aStack({}))).toEqual(retention);
  });

  test('takes other units if they make whole days', () => {
    expect(locked(VaultLockPolicy.retain(Duration.hours(365 * 24)))).toEqual(retention);
  });

  test('takes a number of days that is known at deployment only', () => {
    const stack = aStack();
    const days = new CfnParameter(stack, 'Days', { type: 'Number' });

    expect(locked(VaultLockPolicy.retain(Duration.days(days.valueAsNumber)), stack).Statement[0]).toMatchObject({
      Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDays': '<Days>' } },
    });
  });

  test.each([
    ['no time', Duration.days(0)],
    ['less than a day', Duration.hours(23)],
    ['a day and a half', Duration.hours(36)],
    ['milliseconds', Duration.millis(86_400_001)],
  ])('refuses %s', (_, period) => {
    expect(() => VaultLockPolicy.retain(period)).toThrow(
      /^`period` must be at least 1 day and a whole number of days, .* got: Duration\.\w+\(\d+\)\. Use `Duration\.days\(\)`\.$/,
    );
  });
});

describe('VaultLockPolicy.withLegalHold', () => {
  test('denies deleting while the tag is there, and changing tags to all but the administrators', () => {
    const policy = ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', administrators: [legal] });

    expect(locked(policy).Statement.slice(1)).toEqual([
      {
        Sid: 'LegalHold',
        Effect: 'Deny',
        Principal: '*',
        Action: 'glacier:DeleteArchive',
        Condition: { StringLike: { 'glacier:ResourceTag/LegalHold': '*' } },
        Resource: OWN_ARN,
      },
      {
        Sid: 'LegalHoldAdministration',
        Effect: 'Deny',
        Principal: '*',
        Action: ['glacier:AddTagsToVault', 'glacier:RemoveTagsFromVault'],
        Condition: { ArnNotLike: { 'aws:PrincipalArn': LEGAL } },
        Resource: OWN_ARN,
      },
    ]);
  });

  test('compares a chosen value without regard to case', () => {
    const policy = ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', tagValue: 'true', administrators: [legal] });

    expect(locked(policy).Statement[1]).toMatchObject({
      Condition: { StringEqualsIgnoreCase: { 'glacier:ResourceTag/LegalHold': 'true' } },
    });
  });

  test('leaves the policy that it was called on as it was', () => {
    ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', administrators: [legal] });
    expect(locked(ONE_YEAR).Statement).toHaveLength(1);
  });

  test('takes roles and users of this app and of other accounts, and roles by pattern', () => {
    const stack = aStack();
    const administrators = [
      new iam.Role(stack, 'Officer', { assumedBy: new iam.AccountRootPrincipal() }),
      new iam.User(stack, 'Auditor'),
      iam.Role.fromRoleArn(stack, 'Partner', 'arn:aws:iam::222222222222:role/legal'),
      new iam.ArnPrincipal('arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Legal_*'),
    ];
    const policy = ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', administrators });

    expect(locked(policy, stack).Statement[2]).toMatchObject({
      Condition: {
        ArnNotLike: {
          'aws:PrincipalArn': [
            expect.stringMatching(/^<Officer\w+\.Arn>$/),
            expect.stringMatching(/^<Auditor\w+\.Arn>$/),
            'arn:aws:iam::222222222222:role/legal',
            'arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Legal_*',
          ],
        },
      },
    });
  });

  test.each<[string, iam.IPrincipal, RegExp]>([
    ['everyone', new iam.StarPrincipal(), /must be roles or users/],
    ['any principal', new iam.AnyPrincipal(), /must be roles or users, got '\*'/],
    ['an account', new iam.AccountPrincipal('111111111111'), /must be roles or users, got: .*Give the role that they work under/],
    ['the own account', new iam.AccountRootPrincipal(), /must be roles or users, got: .*Give the role that they work under/],
    ['a service', new iam.ServicePrincipal('ec2.amazonaws.com'), /must be roles or users/],
    ['the root user', new iam.ArnPrincipal('arn:aws:iam::111111111111:root'), /must be roles or users, got 'arn:.*:root'/],
    ['a pattern for all accounts', new iam.ArnPrincipal('arn:aws:iam::*:role/legal'), /must be roles or users/],
    ['every role of an account', new iam.ArnPrincipal('arn:aws:iam::111111111111:role/*'), /must be roles or users, got 'arn:.*role\/\*'/],
    ['a group', new iam.ArnPrincipal('arn:aws:iam::111111111111:group/legal'), /must be roles or users/],
    ['a session', new iam.ArnPrincipal('arn:aws:sts::111111111111:assumed-role/legal/ann'), /got the session .* Give its role/],
    ['a principal with conditions', legal.withConditions({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }), /must have no conditions/],
  ])('refuses %s as administrator', (_, administrator, message) => {
    expect(() => ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', administrators: [administrator] })).toThrow(message);
  });

  test('refuses to have no administrators', () => {
    expect(() => ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', administrators: [] })).toThrow(
      '`administrators` must name at least one role or user, got none: nobody could ever set or lift the hold.',
    );
  });

  test.each(['v'.repeat(256), '${aws:username}'])('refuses the tag value %j', (tagValue) => {
    expect(() => ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', tagValue, administrators: [legal] })).toThrow(
      /^`tagValue` must have at most 255 characters and no policy variable/,
    );
  });

  test('refuses a second hold', () => {
    const hold = { tagKey: 'LegalHold', administrators: [legal] };
    expect(() => ONE_YEAR.withLegalHold(hold).withLegalHold({ ...hold, tagKey: 'Other' })).toThrow(/^`withLegalHold` may be called once/);
  });

  test.each([
    ['', /`tagKey` must have 1 to 128 characters, got: ''/],
    ['k'.repeat(129), /\(129 characters\)/],
    ['aws:hold', /must not be reserved/],
    ['cdk-vault-lock/owner', /must not be reserved/],
    ['CDK-vault-lock/owner', /must not be reserved/],
    ['Legal*', /must consist of letters/],
    ['${aws:username}', /must consist of letters/],
    [new CfnParameter(aStack(), 'Key').valueAsString, /`tagKey` must be a literal/],
  ])('refuses the tag key %j', (tagKey, message) => {
    expect(() => ONE_YEAR.withLegalHold({ tagKey, administrators: [legal] })).toThrow(message);
  });
});

describe('VaultLockPolicy.fromDocument', () => {
  test('takes the document as it is then, and fills in the vault', () => {
    const document = new iam.PolicyDocument({ statements: [deny({ sid: 'Keep' })] });
    const policy = VaultLockPolicy.fromDocument(document);
    document.addStatements(deny({ sid: 'Late', actions: ['glacier:DeleteVault'] }));

    expect(locked(policy)).toEqual({
      Version: '2012-10-17',
      Statement: [{ Sid: 'Keep', Effect: 'Deny', Principal: '*', Action: 'glacier:DeleteArchive', Resource: OWN_ARN }],
    });
  });

  test('may name the vault by attribute', () => {
    const stack = aStack();
    const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
    const document = new iam.PolicyDocument({ statements: [deny({ resources: [vault.vaultArn] })] });
    new GlacierVaultLock(stack, 'Lock', { vault, policy: VaultLockPolicy.fromDocument(document) });

    expect(deployedPolicy(propertiesOf(stack, 'Custom::GlacierVaultLock').Policy).Statement[0]).toMatchObject({ Resource: OWN_ARN });
  });

  test('keeps statements apart whatever the feature flags say, so that the reviewed text stays', () => {
    const document = new iam.PolicyDocument({
      minimize: true,
      statements: [deny(), deny({ actions: ['glacier:DeleteVault'] })],
    });
    expect(locked(VaultLockPolicy.fromDocument(document), aStack(ENV)).Statement).toHaveLength(2);
  });

  test('can have a legal hold', () => {
    const document = new iam.PolicyDocument({ statements: [deny({ sid: 'Keep' })] });
    const policy = VaultLockPolicy.fromDocument(document).withLegalHold({ tagKey: 'LegalHold', administrators: [legal] });

    expect(locked(policy).Statement.map(({ Sid }) => Sid)).toEqual(['Keep', 'LegalHold', 'LegalHoldAdministration']);
  });

  test('refuses a document without statements', () => {
    expect(() => VaultLockPolicy.fromDocument(new iam.PolicyDocument())).toThrow(
      '`document` must have at least one statement, got none: a lock of an empty policy protects nothing.',
    );
  });
});
