import { App, CfnParameter, Duration, Stack, Stage, type Environment } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { GlacierVault, GlacierVaultLock, VaultLockPolicy, VaultLockStage, type IGlacierVault } from '../../src';
import { acknowledgementOf, policyFingerprint } from '../../src/policy';
import { aStack, deployedText, ENV, ONE_YEAR, propertiesOf, synthesis } from '../construct-fixtures/stacks';

const LOCK = 'Custom::GlacierVaultLock';
const WAY_OUT = 'Deploy with `VaultLockStage.initiate()`, test the lock, and copy what that deployment prints.';

/** What the initiating deployment of such a lock to `ENV` prints. */
function printed(policy: VaultLockPolicy, vaultName = 'ledger'): string {
  const stack = locked({ policy, stage: VaultLockStage.initiate() });
  const text = deployedText(propertiesOf(stack, LOCK).Policy);
  return acknowledgementOf(vaultName, policyFingerprint(`arn:aws:glacier:eu-west-1:111111111111:vaults/ledger`, text));
}

interface Lock {
  readonly policy?: VaultLockPolicy;
  readonly stage: VaultLockStage;
  readonly env?: Environment;
  readonly vault?: (stack: Stack) => IGlacierVault;
}

function locked({ policy = ONE_YEAR, stage, env, vault }: Lock): Stack {
  const stack = aStack(env);
  new GlacierVaultLock(stack, 'Lock', {
    vault: vault ? vault(stack) : new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' }),
    policy,
    stage,
  });
  return stack;
}

describe('VaultLockStage.complete', () => {
  test('takes what the initiating deployment printed', () => {
    const acknowledge = printed(ONE_YEAR);
    const stack = locked({ stage: VaultLockStage.complete({ acknowledge }) });

    expect(propertiesOf(stack, LOCK)).toMatchObject({ Stage: 'complete', Acknowledge: acknowledge });
  });

  test.each([' ', '\n', '\t \r\n'])('takes it with the white space %j around it, as copying brings it', (space) => {
    const stage = VaultLockStage.complete({ acknowledge: `${space}${printed(ONE_YEAR)}${space}` });
    expect(synthesis(locked({ stage }))).not.toThrow();
  });

  test('takes it for an imported vault', () => {
    const stage = VaultLockStage.complete({ acknowledge: printed(ONE_YEAR) });
    expect(synthesis(locked({ stage, vault: (stack) => GlacierVault.fromVaultName(stack, 'Ledger', 'ledger') }))).not.toThrow();
  });

  test('takes it for a policy that is written in another way', () => {
    const document = new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          sid: 'RetainArchives',
          effect: iam.Effect.DENY,
          principals: [new iam.AnyPrincipal()],
          actions: ['Glacier:deleteArchive'],
          conditions: { NumericLessThan: { 'glacier:ArchiveAgeInDays': 365 } },
        }),
      ],
    });
    const stage = VaultLockStage.complete({ acknowledge: printed(ONE_YEAR) });
    expect(synthesis(locked({ policy: VaultLockPolicy.fromDocument(document), stage }))).not.toThrow();
  });

  test.each([
    '',
    'yes',
    'ledger',
    `ledger sha256:${'a'.repeat(63)}`,
    `ledger sha256:${'A'.repeat(64)}`,
    `ledger  sha256:${'a'.repeat(64)}`,
    `led ger sha256:${'a'.repeat(64)}`,
  ])('refuses %j at once', (acknowledge) => {
    expect(() => VaultLockStage.complete({ acknowledge })).toThrow(
      `\`acknowledge\` must be '<vault name> sha256:<64 hex digits>', got: '${acknowledge}'. ${WAY_OUT}`,
    );
  });

  test('refuses the acknowledgement of another vault', () => {
    const stage = VaultLockStage.complete({ acknowledge: printed(ONE_YEAR, 'journal') });
    const message = `\`acknowledge\` names the vault 'journal', but this lock is for 'ledger'. ${WAY_OUT}`;

    expect(synthesis(locked({ stage }))).toThrow(message);
    expect(synthesis(locked({ stage, env: {} }))).toThrow(message);
  });

  test.each<[string, Lock]>([
    ['policy', { policy: VaultLockPolicy.retain(Duration.days(366)), stage: VaultLockStage.initiate() }],
    ['account', { env: { ...ENV, account: '333333333333' }, stage: VaultLockStage.initiate() }],
    ['region', { env: { ...ENV, region: 'us-east-1' }, stage: VaultLockStage.initiate() }],
    ['partition', { env: { ...ENV, region: 'cn-north-1' }, stage: VaultLockStage.initiate() }],
  ])('refuses the acknowledgement of another %s, and does not tell the right one', (_, lock) => {
    const acknowledge = printed(ONE_YEAR);
    const given = acknowledge.split(' ')[1] ?? '';
    const synth = synthesis(locked({ ...lock, stage: VaultLockStage.complete({ acknowledge }) }));

    expect(synth).toThrow(/`acknowledge` is for another policy, account or region than what would become permanent here/);
    try {
      synth();
    } catch (error) {
      expect(String(error).match(/sha256:[0-9a-f]{64}/g)).toEqual([given]);
      expect(String(error)).toContain(WAY_OUT);
    }
  });

  test.each<[string, Lock]>([
    ['account and region', { env: {}, stage: VaultLockStage.initiate() }],
    ['account', { env: { region: ENV.region }, stage: VaultLockStage.initiate() }],
    [
      "vault's name",
      {
        vault: (stack) => GlacierVault.fromVaultName(stack, 'Ledger', new CfnParameter(stack, 'Name').valueAsString),
        stage: VaultLockStage.initiate(),
      },
    ],
  ])('is left to the deployment when the %s is not known', (_, lock) => {
    const stage = VaultLockStage.complete({ acknowledge: `ledger sha256:${'0'.repeat(64)}` });
    expect(synthesis(locked({ ...lock, stage }))).not.toThrow();
  });

  test('is left to the deployment when a role of the policy is not known', () => {
    const stack = aStack();
    const officer = new iam.Role(stack, 'Officer', { assumedBy: new iam.AccountRootPrincipal() });
    new GlacierVaultLock(stack, 'Lock', {
      vault: new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' }),
      policy: ONE_YEAR.withLegalHold({ tagKey: 'LegalHold', administrators: [officer] }),
      stage: VaultLockStage.complete({ acknowledge: `ledger sha256:${'0'.repeat(64)}` }),
    });
    expect(synthesis(stack)).not.toThrow();
  });

  test('may get the acknowledgement at deployment', () => {
    const stack = aStack();
    const acknowledge = new CfnParameter(stack, 'Acknowledge').valueAsString;
    const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
    new GlacierVaultLock(stack, 'Lock', { vault, policy: ONE_YEAR, stage: VaultLockStage.complete({ acknowledge }) });

    expect(propertiesOf(stack, LOCK).Acknowledge).toEqual({ Ref: 'Acknowledge' });
  });
});

test('a pipeline completes the lock in each account once it is acknowledged there, with one code for all', () => {
  const app = new App();
  const templates = ['111111111111', '333333333333'].map((account) => {
    const stack = new Stack(new Stage(app, `Stage${account}`, { env: { account, region: 'eu-west-1' } }), 'Archive');
    new GlacierVaultLock(stack, 'Lock', {
      vault: new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' }),
      policy: ONE_YEAR,
      stage: VaultLockStage.completeOnceAcknowledged(ssm.StringParameter.valueForStringParameter(stack, '/ledger/acknowledgement')),
    });
    return Template.fromStack(stack);
  });

  for (const template of templates) {
    template.hasResourceProperties(LOCK, {
      Stage: 'completeOnceAcknowledged',
      Acknowledge: { Ref: 'SsmParameterValueledgeracknowledgementC96584B6F00A464EAD1953AFF4B05118Parameter' },
    });
    template.hasParameter('SsmParameterValueledgeracknowledgementC96584B6F00A464EAD1953AFF4B05118Parameter', {
      Type: 'AWS::SSM::Parameter::Value<String>',
      Default: '/ledger/acknowledgement',
    });
  }
});
