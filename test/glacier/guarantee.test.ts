import { CfnParameter, Duration, type Environment, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GlacierVault, GlacierVaultLock, Guarantee, VaultLockPolicy, VaultLockStage } from '../../src';
import { acknowledgementOf, policyFingerprint } from '../../src/policy';
import { aStack, deployedText, ENV, ONE_YEAR, OTHER_ACCOUNT, propertiesOf, synthesis } from '../construct-fixtures/stacks';

const LEGAL = 'arn:aws:iam::111111111111:role/legal';
const legal = new iam.ArnPrincipal(LEGAL);
const writer = new iam.ArnPrincipal('arn:aws:iam::111111111111:role/app/writer');
const FOR_ONE_YEAR = Guarantee.noDeletionBefore(Duration.days(365));

interface Given {
  readonly policy: VaultLockPolicy;
  readonly access?: iam.PolicyStatement[];
  readonly guarantees: Guarantee[];
  readonly stage?: VaultLockStage;
  readonly stack?: Stack;
}

function locked({ policy, access = [], guarantees, stage, stack = aStack() }: Given): Stack {
  const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
  access.forEach((statement) => vault.addToAccessPolicy(statement));
  new GlacierVaultLock(stack, 'Lock', { vault, policy, guarantees, stage });
  return stack;
}

const verdict = (given: Given) => expect(synthesis(locked(given)));

const deny = (props: Partial<iam.PolicyStatementProps> = {}) =>
  new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.StarPrincipal()], actions: ['glacier:DeleteArchive'], ...props });
const allow = (props: iam.PolicyStatementProps) => new iam.PolicyStatement({ actions: ['glacier:*'], ...props });
const policyOf = (...statements: iam.PolicyStatement[]) => VaultLockPolicy.fromDocument(new iam.PolicyDocument({ statements }));
const age = (operator: string, days: string) => ({ [operator]: { 'glacier:ArchiveAgeInDays': days } });

describe('Guarantee.noDeletionBefore', () => {
  test('holds for a policy that denies everyone, in whatever way it is written', () => {
    const young = policyOf(deny({ conditions: age('NumericLessThan', '365') }));
    const notOld = policyOf(deny({ actions: ['glacier:Delete*'], conditions: age('NumericNotEquals', '365') }));
    const twoParts = policyOf(
      deny({ conditions: age('NumericLessThanEquals', '30') }),
      deny({ conditions: { ...age('NumericGreaterThan', '30'), ...age('NumericLessThan', '400') } }),
    );

    for (const policy of [young, notOld, twoParts]) verdict({ policy, guarantees: [FOR_ONE_YEAR] }).not.toThrow();
  });

  test('fails for an inverted age, and says who can delete what', () => {
    const policy = policyOf(deny({ sid: 'Keep', conditions: age('NumericGreaterThan', '365') }));

    verdict({ policy, guarantees: [FOR_ONE_YEAR] }).toThrow(
      '[Archive/Lock] `guarantees`: `Guarantee.noDeletionBefore(Duration.days(365))` does not hold. ' +
        'arn:aws:iam::999999999999:role/anyone is not denied glacier:DeleteArchive on an archive of 0 days: ' +
        'Statement[0] ("Keep") of the lock policy does not deny it, because its condition NumericGreaterThan glacier:ArchiveAgeInDays "365" does not hold. ' +
        'Deny glacier:DeleteArchive to everyone before that age, as `VaultLockPolicy.retain(Duration.days(365))` does, or guarantee less.',
    );
  });

  test('fails by less than a day', () => {
    const policy = policyOf(deny({ conditions: age('NumericLessThanEquals', '364') }));

    verdict({ policy, guarantees: [Guarantee.noDeletionBefore(Duration.days(364))] }).not.toThrow();
    verdict({ policy, guarantees: [FOR_ONE_YEAR] }).toThrow(
      /on an archive of 364\.5 days: Statement\[0\] of the lock policy does not deny it/,
    );
  });

  test('fails where the access policy lets in whom the lock policy does not mean', () => {
    const policy = policyOf(deny({ principals: [new iam.AccountRootPrincipal()], conditions: age('NumericLessThan', '365') }));
    const access = [allow({ sid: 'Anyone', principals: [new iam.StarPrincipal()] })];

    verdict({ policy, access, guarantees: [FOR_ONE_YEAR] }).toThrow(
      'does not hold. arn:aws:iam::999999999999:role/anyone can call glacier:DeleteArchive on an archive of 0 days: ' +
        'Statement[0] ("Anyone") of the access policy allows it and no statement denies it.',
    );
    verdict({ policy, guarantees: [FOR_ONE_YEAR] }).toThrow(
      'Statement[0] of the lock policy does not deny it, because its `Principal` does not mean them.',
    );
  });

  test('holds against an access policy that lets in everyone', () => {
    const access = [allow({ principals: [new iam.StarPrincipal()] })];
    verdict({ policy: ONE_YEAR, access, guarantees: [FOR_ONE_YEAR] }).not.toThrow();
  });

  test('does not rest on an access policy, which anyone may change who may change it', () => {
    const policy = policyOf(deny({ actions: ['glacier:DeleteVault'] }));

    verdict({ policy, access: [deny()], guarantees: [FOR_ONE_YEAR] }).toThrow(
      'no statement denies it. Only the access policy denies it, and that can be changed at any time.',
    );
  });

  test('is not proved by a statement of which nobody knows whether it is for the vault', () => {
    const resources = ['arn:aws:glacier:eu-west-1:111111111111:vaults/ledger'];
    const policy = policyOf(deny({ resources, conditions: age('NumericLessThan', '365') }));

    verdict({ policy, guarantees: [FOR_ONE_YEAR] }).not.toThrow();
    verdict({ policy, guarantees: [FOR_ONE_YEAR], stack: aStack({}) }).toThrow(
      "cannot be proved. Statement[0] of the lock policy is for 'arn:aws:glacier:eu-west-1:111111111111:vaults/ledger', and only the deployment " +
        "knows whether that is this vault, 'arn:${AWS_Partition}:glacier:${AWS_Region}:${AWS_AccountId}:vaults/ledger': leave `resources` out",
    );
  });

  test('is told in the names of a stack that may be deployed anywhere', () => {
    const policy = policyOf(deny({ principals: [new iam.AccountRootPrincipal()] }));

    verdict({ policy, guarantees: [FOR_ONE_YEAR], stack: aStack({}) }).toThrow(
      'arn:${AWS_Partition}:iam::999999999999:role/anyone is not denied glacier:DeleteArchive',
    );
  });

  test('is of a period that only the deployment knows', () => {
    const given = (operator: string): Given => {
      const stack = aStack();
      const days = new CfnParameter(stack, 'Days', { type: 'Number' });
      const policy = policyOf(
        deny({ conditions: age('NumericLessThan', '30') }),
        deny({ sid: 'Keep', conditions: age(operator, days.valueAsString) }),
      );
      return { stack, policy, guarantees: [Guarantee.noDeletionBefore(Duration.days(days.valueAsNumber))] };
    };

    verdict(given('NumericLessThan')).not.toThrow();
    verdict(given('NumericLessThanEquals')).not.toThrow();
    verdict(given('NumericGreaterThan')).toThrow(
      /`Guarantee\.noDeletionBefore\(Duration\.days\(\$\{Archive\.Days\}\)\)` does not hold.* on an archive of 30 days: Statement\[0\] of .* This is so with a period of 31 days\./,
    );
  });

  test('is of whole days', () => {
    const hours = new CfnParameter(aStack(), 'Hours', { type: 'Number' }).valueAsNumber;
    expect(() => Guarantee.noDeletionBefore(Duration.hours(hours))).toThrow(/^`period` must be given in days if .* got: hours/);
    expect(() => Guarantee.noDeletionBefore(undefined as unknown as Duration)).toThrow(/^`period` must be .*, got: undefined/);
    expect(() => Guarantee.noDeletionBefore(Duration.hours(36))).toThrow(/^`period` must be at least 1 day and a whole number of days/);
  });
});

test('a lock that is taken away has nothing to guarantee', () => {
  verdict({ policy: ONE_YEAR, guarantees: [Guarantee.noDeletionBefore(Duration.days(366))] }).toThrow('does not hold');
  verdict({ policy: ONE_YEAR, guarantees: [Guarantee.noDeletionBefore(Duration.days(366))], stage: VaultLockStage.abort() }).not.toThrow();
});

describe('Guarantee.legalHoldStops', () => {
  const hold = (props: Partial<Parameters<typeof Guarantee.legalHoldStops>[0]> = {}) =>
    Guarantee.legalHoldStops({ tagKey: 'LegalHold', liftableBy: [legal], ...props });
  const TAG = 'glacier:ResourceTag/LegalHold';
  const tagChanges = (props: Partial<iam.PolicyStatementProps> = {}) =>
    deny({
      actions: ['glacier:AddTagsToVault', 'glacier:RemoveTagsFromVault'],
      conditions: { ArnNotLike: { 'aws:PrincipalArn': LEGAL } },
      ...props,
    });

  test('holds where the tag denies deletion and its changes are denied to all others', () => {
    const always = policyOf(deny({ conditions: { StringLike: { [TAG]: '*' } } }), tagChanges());
    const whileHeld = policyOf(
      deny({ conditions: { Null: { [TAG]: 'false' } } }),
      tagChanges({ conditions: { ArnNotLike: { 'aws:PrincipalArn': LEGAL }, StringLike: { 'glacier:resourcetag/legalhold': '*' } } }),
    );

    verdict({ policy: always, guarantees: [hold()] }).not.toThrow();
    verdict({ policy: whileHeld, guarantees: [hold()] }).not.toThrow();
  });

  test('fails where anyone may take the tag away', () => {
    const policy = policyOf(deny({ conditions: { StringLike: { [TAG]: '*' } } }), tagChanges({ actions: ['glacier:AddTagsToVault'] }));

    verdict({ policy, guarantees: [hold()] }).toThrow(
      "`guarantees`: `Guarantee.legalHoldStops({ tagKey: 'LegalHold', … })` does not hold. " +
        'arn:aws:iam::999999999999:role/anyone is not denied glacier:RemoveTagsFromVault, while the vault\'s tag LegalHold is "other": ' +
        'no statement denies it. Let `withLegalHold()` of VaultLockPolicy write the hold, with the same tag, value, roles and users.',
    );
  });

  test('fails where somebody else may lift the hold', () => {
    const policy = ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', administrators: [legal, writer] });

    verdict({ policy, guarantees: [hold()] }).toThrow(/role\/app\/writer is not denied glacier:AddTagsToVault/);
    verdict({ policy, guarantees: [hold({ liftableBy: [writer, legal] })] }).not.toThrow();
  });

  test('fails where the hold ends with an age', () => {
    const policy = policyOf(deny({ conditions: { StringLike: { [TAG]: '*' }, ...age('NumericLessThan', '1000') } }), tagChanges());
    verdict({ policy, guarantees: [hold()] }).toThrow(/is not denied glacier:DeleteArchive on an archive of 1000 days/);
  });

  test('fails where the value is compared with regard to case', () => {
    const policy = policyOf(deny({ conditions: { StringEquals: { [TAG]: 'true' } } }), tagChanges());

    verdict({ policy, guarantees: [hold({ tagValue: 'true' })] }).toThrow(
      /on an archive of 0 days, while the vault's tag LegalHold is "(?!true")[tT][rR][uU][eE]"/,
    );
  });

  test('of any value fails where one value holds', () => {
    const policy = ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', tagValue: 'true', administrators: [legal] });

    verdict({ policy, guarantees: [hold({ tagValue: 'TRUE' })] }).not.toThrow();
    verdict({ policy, guarantees: [hold()] }).toThrow(/on an archive of 365 days, while the vault's tag LegalHold is "other"/);
  });

  test('compares those who may lift the hold by pattern', () => {
    const administrators = [new iam.ArnPrincipal('arn:aws:iam::111111111111:role/legal-*')];
    const policy = ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', administrators });
    const by = (pattern: string) => [hold({ liftableBy: [new iam.ArnPrincipal(`arn:aws:iam::111111111111:role/${pattern}`)] })];

    verdict({ policy, guarantees: by('legal*') }).not.toThrow();
    verdict({ policy, guarantees: by('legal-emea-*') }).toThrow(/role\/legal-\S* is not denied glacier:AddTagsToVault/);
  });

  test.each<[string, Parameters<typeof hold>[0], RegExp]>([
    ['nobody to lift it', { liftableBy: [] }, /^`liftableBy` must name at least one role or user, got none/],
    ['an account to lift it', { liftableBy: [new iam.AccountPrincipal(OTHER_ACCOUNT)] }, /^`liftableBy` must be roles or users, got: /],
    ['a pattern of keys', { tagKey: 'Legal*' }, /^`tagKey` must consist of letters/],
    ['a policy variable', { tagValue: '${aws:username}' }, /^`tagValue` must have at most 255 characters and no policy variable/],
  ])('refuses %s', (_, props, message) => {
    expect(() => hold(props)).toThrow(message);
  });
});

describe('Guarantee.canStillUpload', () => {
  test('tells the own role from one of a partner account', () => {
    const partner = new iam.ArnPrincipal(`arn:aws:iam::${OTHER_ACCOUNT}:role/partner`);
    const policy = policyOf(
      deny({ sid: 'Ours', actions: ['glacier:*Upload*', 'glacier:UploadArchive'], principals: [new iam.AccountPrincipal(OTHER_ACCOUNT)] }),
    );

    verdict({ policy, guarantees: [Guarantee.canStillUpload(writer)] }).not.toThrow();
    verdict({ policy, guarantees: [Guarantee.canStillUpload(partner)] }).toThrow(
      "`guarantees`: `Guarantee.canStillUpload('arn:aws:iam::222222222222:role/partner')` does not hold. " +
        'arn:aws:sts::222222222222:assumed-role/partner/session is denied glacier:UploadArchive: Statement[0] ("Ours") of the lock policy denies it. ' +
        'Name the actions or principals that the statement is meant for; if it is about something that all requests of this principal carry, ' +
        'such as aws:SourceVpce, say so in the `requestContext` of the guarantee.',
    );
  });

  test('fails where the access policy denies a part of an upload', () => {
    const conditions = { Bool: { 'aws:MultiFactorAuthPresent': 'false' } };
    const access = [allow({ principals: [writer] }), deny({ actions: ['glacier:UploadMultipartPart'], conditions })];

    verdict({ policy: ONE_YEAR, access, guarantees: [Guarantee.canStillUpload(writer)] }).toThrow(
      'is denied glacier:UploadMultipartPart, with aws:MultiFactorAuthPresent "false": Statement[1] of the access policy denies it.',
    );
  });

  test('is about uploads over TLS', () => {
    const access = [deny({ actions: ['glacier:*'], conditions: { Bool: { 'aws:SecureTransport': 'false' } } })];
    verdict({ policy: ONE_YEAR, access, guarantees: [Guarantee.canStillUpload(writer)] }).not.toThrow();
  });

  test('is about what all requests of the principal carry, where that is given', () => {
    const own = 'vpce-1a2b3c4d';
    const elsewhere = deny({ actions: ['glacier:*Upload*'], conditions: { StringNotEquals: { 'aws:SourceVpce': own } } });
    const given = (requestContext?: Record<string, string>): Given => ({
      policy: ONE_YEAR,
      access: [elsewhere],
      guarantees: [Guarantee.canStillUpload(writer, { requestContext })],
    });

    verdict(given({ 'aws:SourceVpce': own })).not.toThrow();
    verdict(given({ 'AWS:sourcevpce': own, 'aws:SecureTransport': 'false' })).not.toThrow();
    verdict(given({ 'aws:SourceVpce': 'vpce-other' })).toThrow(
      'is denied glacier:UploadArchive, with aws:SourceVpce "vpce-other": Statement[0]',
    );
    verdict(given()).toThrow(
      /is denied glacier:UploadArchive, without aws:SourceVpce in the request: Statement\[0\] .* say so in the `requestContext` of the guarantee/,
    );
  });

  test.each(['aws:PrincipalArn', 'glacier:ArchiveAgeInDays', 'SourceVpce', ''])('refuses %j as something that requests carry', (key) => {
    expect(() => Guarantee.canStillUpload(writer, { requestContext: { [key]: 'x' } })).toThrow(
      /^`requestContext` must have condition keys of the request, .* got: /,
    );
  });

  test('is proved for a role whose name nobody knows yet, as far as its account is known', () => {
    const given = (env: Environment, denied: iam.IPrincipal): Given => {
      const stack = aStack(env);
      const role = new iam.Role(stack, 'Writer', { assumedBy: new iam.AccountRootPrincipal() });
      const policy = policyOf(deny({ actions: ['glacier:UploadArchive'], principals: [denied] }));
      return { stack, policy, guarantees: [Guarantee.canStillUpload(role)] };
    };
    const partner = new iam.AccountPrincipal(OTHER_ACCOUNT);
    const own = new iam.AccountRootPrincipal();

    verdict(given(ENV, partner)).not.toThrow();
    verdict(given({}, partner)).toThrow(
      "`Guarantee.canStillUpload('${Archive.Writer.Resource#Arn}')` cannot be proved. It hangs on values that are only known after the " +
        'deployment: what Statement[0] of the lock policy means for glacier:UploadArchive.',
    );
    for (const env of [ENV, {}]) {
      verdict(given(env, own)).toThrow('${Archive.Writer.Resource#Arn} is denied glacier:UploadArchive: Statement[0] of');
    }
  });

  test('is not proved where the kind of a principal counts and is not known', () => {
    const stack = aStack();
    const user = new iam.User(stack, 'Writer');
    const policy = policyOf(deny({ actions: ['glacier:UploadArchive'], conditions: { StringEquals: { 'aws:PrincipalType': 'User' } } }));

    verdict({ stack, policy, guarantees: [Guarantee.canStillUpload(user)] }).toThrow(
      /cannot be proved\. A statement asks for aws:PrincipalType, which is only known of this principal after the deployment\./,
    );
  });

  test.each<[string, iam.IPrincipal, RegExp]>([
    [
      'an account',
      new iam.AccountPrincipal(OTHER_ACCOUNT),
      /^`principal` must be roles or users, got: .*Give the role that they work under/,
    ],
    ['everyone', new iam.StarPrincipal(), /^`principal` must be roles or users/],
    ['nobody', undefined as unknown as iam.IPrincipal, /^`principal` must be roles or users, got: undefined\. Give/],
    ['an ARN as text', LEGAL as unknown as iam.IPrincipal, /^`principal` must be roles or users, got: 'arn:.*`new iam\.ArnPrincipal\(\)`/],
    ['a group', new iam.Group(aStack(), 'Writers'), /^`principal` must be roles or users, got the group 'Archive\/Writers'/],
    ['a service', new iam.ServicePrincipal('ec2.amazonaws.com'), /^`principal` must be roles or users/],
    [
      'a pattern',
      new iam.ArnPrincipal('arn:aws:iam::111111111111:role/app-*'),
      /^`principal` must be one role or user, got the pattern '.*app-\*'/,
    ],
  ])('refuses %s', (_, principal, message) => {
    expect(() => Guarantee.canStillUpload(principal)).toThrow(message);
  });
});

describe('Guarantee.canStillAbort', () => {
  const policy = policyOf(deny({ actions: ['glacier:AbortVaultLock'], conditions: { ArnNotLike: { 'aws:PrincipalArn': LEGAL } } }));

  test('holds for whom the policies spare, and fails for the others', () => {
    verdict({ policy, guarantees: [Guarantee.canStillAbort(legal)] }).not.toThrow();
    verdict({ policy, guarantees: [Guarantee.canStillAbort(writer)] }).toThrow(
      "`Guarantee.canStillAbort('arn:aws:iam::111111111111:role/app/writer')` does not hold. " +
        'arn:aws:sts::111111111111:assumed-role/writer/session is denied glacier:AbortVaultLock: Statement[0] of the lock policy denies it.',
    );
    verdict({ policy: ONE_YEAR, access: [deny({ actions: ['glacier:*'] })], guarantees: [Guarantee.canStillAbort(legal)] }).toThrow(
      'Statement[0] of the access policy denies it.',
    );
  });

  test('is of no interest when the lock becomes permanent', () => {
    const text = deployedText(propertiesOf(locked({ policy, guarantees: [] }), 'Custom::GlacierVaultLock').Policy);
    const acknowledge = acknowledgementOf('ledger', policyFingerprint('arn:aws:glacier:eu-west-1:111111111111:vaults/ledger', text));

    verdict({ policy, guarantees: [Guarantee.canStillAbort(writer)], stage: VaultLockStage.complete({ acknowledge }) }).not.toThrow();
  });
});
