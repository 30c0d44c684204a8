import { App, CfnOutput, CfnParameter, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { GlacierVault, GlacierVaultEvent } from '../../src';
import { aStack, ENV, propertiesOf, resourceOf, synthesis, warningsOf } from '../construct-fixtures/stacks';

const VAULT = 'Custom::GlacierVault';

describe('a vault', () => {
  test('is one resource that says its name, and nothing that was not asked for', () => {
    const stack = aStack();
    new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });

    expect(propertiesOf(stack, VAULT)).toEqual({
      ServiceToken: { 'Fn::GetAtt': ['CdkVaultLockGlacierHandler', 'Arn'] },
      ServiceTimeout: 900,
      VaultName: 'ledger',
    });
  });

  test('gets a name from its path that is the same at every synthesis', () => {
    const nameIn = (stackId: string) => {
      const stack = aStack(ENV, new App(), stackId);
      new GlacierVault(stack, 'Ledger');
      return propertiesOf(stack, VAULT).VaultName;
    };

    expect(nameIn('Archive')).toMatch(/^Archive-Ledger-[0-9A-F]{8}$/);
    expect(nameIn('Archive')).toBe(nameIn('Archive'));
    expect(nameIn('Archive')).not.toBe(nameIn('Other'));
  });

  test('hands out attributes that wait for it', () => {
    const stack = aStack();
    const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });

    expect(stack.resolve(vault.vaultName)).toEqual({ Ref: 'LedgerB7379752' });
    expect(stack.resolve(vault.vaultArn)).toEqual({ 'Fn::GetAtt': ['LedgerB7379752', 'VaultArn'] });
  });

  test('is known by its name in a stack of another region', () => {
    const app = new App();
    const vault = new GlacierVault(aStack(ENV, app), 'Ledger', { vaultName: 'ledger' });
    const abroad = aStack({ ...ENV, region: 'us-east-1' }, app, 'Abroad');
    new CfnOutput(abroad, 'Arn', { value: vault.vaultArn });

    Template.fromStack(abroad).hasOutput('Arn', {
      Value: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':glacier:eu-west-1:111111111111:vaults/ledger']] },
    });
  });

  test.each([
    ['by default stays, unless its own creation fails', undefined, 'RetainExceptOnCreate', 'Retain'],
    ['stays even then with RETAIN', RemovalPolicy.RETAIN, 'Retain', 'Retain'],
    ['goes with DESTROY', RemovalPolicy.DESTROY, 'Delete', 'Delete'],
  ])('%s', (_, removalPolicy, deletionPolicy, updateReplacePolicy) => {
    const stack = aStack();
    new GlacierVault(stack, 'Ledger', { vaultName: 'ledger', removalPolicy });

    expect(resourceOf(stack, VAULT)).toMatchObject({ DeletionPolicy: deletionPolicy, UpdateReplacePolicy: updateReplacePolicy });
  });

  test('takes over an existing vault only if told to', () => {
    const [careful, adopting] = [aStack(), aStack()];
    new GlacierVault(careful, 'Ledger', { vaultName: 'ledger', adoptExisting: false });
    new GlacierVault(adopting, 'Ledger', { vaultName: 'ledger', adoptExisting: true });

    expect(propertiesOf(careful, VAULT)).not.toHaveProperty('AdoptExisting');
    expect(propertiesOf(adopting, VAULT).AdoptExisting).toBe('true');
  });
});

describe('the name of a vault', () => {
  test.each([
    ['', /`vaultName` must have 1 to 255 characters out of A-Z, a-z, 0-9, '_', '-' and '\.', got: '' \(0 characters\)/],
    ['led ger', /`vaultName` must have .* got: 'led ger' \(7 characters\)/],
    ['ledgers/2026', /`vaultName` must have .* got: 'ledgers\/2026'/],
    ['x'.repeat(256), /`vaultName` must have .* \(256 characters\)/],
    ['.', /`vaultName` must not be '\.'/],
    ['..', /`vaultName` must not be '\.\.'/],
  ])('%j is refused', (vaultName, message) => {
    expect(() => new GlacierVault(aStack(), 'Ledger', { vaultName })).toThrow(message);
    expect(() => GlacierVault.fromVaultName(aStack(), 'Ledger', vaultName)).toThrow(message);
  });

  test.each(['a', 'A_z-0.9', 'x'.repeat(255), '...'])('%j is taken', (vaultName) => {
    const stack = aStack();
    new GlacierVault(stack, 'Ledger', { vaultName });
    expect(propertiesOf(stack, VAULT).VaultName).toBe(vaultName);
  });

  test('may be known at deployment only', () => {
    const stack = aStack();
    const name = new CfnParameter(stack, 'Name');
    new GlacierVault(stack, 'Ledger', { vaultName: name.valueAsString });

    expect(propertiesOf(stack, VAULT).VaultName).toEqual({ Ref: 'Name' });
  });
});

describe('an imported vault', () => {
  test('is known by name in the account and region of its stack', () => {
    const stack = aStack();
    const vault = GlacierVault.fromVaultName(stack, 'Ledger', 'ledger');

    expect(vault.vaultName).toBe('ledger');
    expect(stack.resolve(vault.vaultArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':glacier:eu-west-1:111111111111:vaults/ledger']],
    });
    Template.fromStack(stack).resourceCountIs(VAULT, 0);
  });

  test('is known by ARN, which says its account and region', () => {
    const vault = GlacierVault.fromVaultArn(aStack(), 'Ledger', 'arn:aws-cn:glacier:cn-north-1:333333333333:vaults/ledger');

    expect(vault.vaultName).toBe('ledger');
    expect(vault.env).toEqual({ account: '333333333333', region: 'cn-north-1' });
  });

  test('may have an ARN that is known at deployment only', () => {
    const stack = aStack();
    const arn = new CfnParameter(stack, 'Arn').valueAsString;
    const vault = GlacierVault.fromVaultArn(stack, 'Ledger', arn);

    expect(stack.resolve(vault.vaultArn)).toEqual({ Ref: 'Arn' });
    expect(JSON.stringify(stack.resolve(vault.vaultName))).toContain('Fn::Select');
  });

  test.each([
    'ledger',
    'arn:aws:glacier:eu-west-1:111111111111:vault/ledger',
    'arn:aws:backup:eu-west-1:111111111111:backup-vault:ledger',
    'arn:aws:glacier:eu-west-1:111111111111:vaults/',
  ])('is refused by the ARN %s', (arn) => {
    expect(() => GlacierVault.fromVaultArn(aStack(), 'Ledger', arn)).toThrow(
      `\`vaultArn\` must be the ARN of a Glacier vault, 'arn:<partition>:glacier:<region>:<account>:vaults/<name>', got: '${arn}'.`,
    );
  });
});

describe('notifications', () => {
  test('tell of both events unless one is chosen', () => {
    const [both, one] = [aStack(), aStack()];
    new GlacierVault(both, 'Ledger', { notifications: { topic: new sns.Topic(both, 'Topic') } });
    new GlacierVault(one, 'Ledger', {
      notifications: { topic: new sns.Topic(one, 'Topic'), events: [GlacierVaultEvent.INVENTORY_RETRIEVAL_COMPLETED] },
    });

    expect(propertiesOf(both, VAULT)).toMatchObject({
      NotificationTopicArn: { Ref: 'TopicBFC7AF6E' },
      NotificationEvents: ['ArchiveRetrievalCompleted', 'InventoryRetrievalCompleted'],
    });
    expect(propertiesOf(one, VAULT).NotificationEvents).toEqual(['InventoryRetrievalCompleted']);
  });

  test('about nothing are refused', () => {
    const stack = aStack();
    const topic = new sns.Topic(stack, 'Topic');

    expect(() => new GlacierVault(stack, 'Ledger', { notifications: { topic, events: [] } })).toThrow(
      '`notifications.events` must name at least one event, got none. Leave it out for all events, or drop `notifications`.',
    );
  });
});

describe('tags', () => {
  const tagged = (tags: Record<string, string>) => {
    const stack = aStack();
    const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
    Object.entries(tags).forEach(([key, value]) => Tags.of(vault).add(key, value));
    return stack;
  };
  const manyTags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, 'value']));

  test('come from every scope around the vault, the nearest one wins', () => {
    const app = new App();
    const stack = aStack(ENV, app);
    const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
    Tags.of(app).add('team', 'platform');
    Tags.of(app).add('stage', 'prod');
    Tags.of(vault).add('team', 'records');

    expect(propertiesOf(stack, VAULT).Tags).toEqual({ team: 'records', stage: 'prod' });
  });

  test('may be excluded by the type of the resource', () => {
    const stack = aStack();
    new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
    Tags.of(stack).add('team', 'platform', { excludeResourceTypes: [VAULT] });

    Template.fromStack(stack).hasResourceProperties(VAULT, { Tags: Match.absent() });
  });

  test('are 49 at most, because one of 50 is the mark of the owner', () => {
    expect(synthesis(tagged(manyTags(49)))).not.toThrow();
    expect(synthesis(tagged(manyTags(50)))).toThrow(/at most 49 tags \(Glacier's 50, less 'cdk-vault-lock\/owner'\), got: 50/);
  });

  test.each([
    [{ 'aws:team': 'x' }, "The tag key 'aws:team' is reserved for AWS. Choose another key."],
    [{ 'cdk-vault-lock/owner': 'me' }, "The tag key 'cdk-vault-lock/owner' is reserved for the library. Choose another key."],
    [{ ['k'.repeat(129)]: 'x' }, /must have 1 to 128 characters, got 129/],
    [{ team: 'x'.repeat(256) }, /must have at most 255 characters, got 256 for 'team'/],
  ])('%j are refused', (tags, message) => {
    expect(synthesis(tagged(tags as Record<string, string>))).toThrow(message);
  });

  test('may be empty, 255 characters long, or have colons', () => {
    const tags = { empty: '', long: 'x'.repeat(255), path: 'a:b' };
    expect(propertiesOf(tagged(tags), VAULT).Tags).toEqual(tags);
  });
});

test('the vaults of one stack share one function, those of another have their own', () => {
  const stack = new Stack();
  const other = new Stack();
  new GlacierVault(stack, 'A');
  new GlacierVault(stack, 'B');
  new GlacierVault(other, 'C');

  Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
  Template.fromStack(other).resourceCountIs('AWS::Lambda::Function', 1);
});

describe('a name that is taken', () => {
  test('two vaults of one name in one place are refused, and the message says where the other is', () => {
    const app = new App();
    new GlacierVault(aStack(ENV, app, 'First'), 'Ledger', { vaultName: 'ledger' });

    expect(() => new GlacierVault(aStack(ENV, app, 'Second'), 'Copy', { vaultName: 'ledger' })).toThrow(
      "`vaultName` must be unique in its account and region, but 'ledger' is already defined by 'First/Ledger'.",
    );
  });

  test('the same name in another region, account, or place that is not known is another vault', () => {
    const app = new App();
    const place = (id: string, env: { account?: string; region?: string }) =>
      new GlacierVault(aStack(env, app, id), 'V', { vaultName: 'ledger' });

    expect(() => {
      place('Here', ENV);
      place('OtherRegion', { ...ENV, region: 'us-east-1' });
      place('OtherAccount', { ...ENV, account: '222222222222' });
      place('Anywhere', {});
      place('AnywhereElse', {});
    }).not.toThrow();
  });
});

describe('the region', () => {
  test('one without Amazon Glacier gets a warning; one that has it, or is not known, gets none', () => {
    const warnings = (region?: string) => {
      const stack = aStack({ ...ENV, region });
      new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
      return warningsOf(stack);
    };

    expect(warnings('il-central-1')).toEqual(['cdk-vault-lock:regionWithoutGlacier']);
    expect(warnings('us-gov-west-1')).toEqual([]);
    expect(warnings(undefined)).toEqual([]);
  });
});
