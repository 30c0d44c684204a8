import {
  CreateVaultCommand,
  GetVaultAccessPolicyCommand,
  GetVaultNotificationsCommand,
  ListTagsForVaultCommand,
} from '@aws-sdk/client-glacier';
import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Deployment } from './deployment';
import { GlacierVault } from '../../src';
import type { GlacierVaultProps } from '../../src';

jest.setTimeout(120_000);

const ledger = (props: Partial<GlacierVaultProps> = {}, more: (vault: GlacierVault) => void = () => {}) => {
  return (stack: Stack) => more(new GlacierVault(stack, 'Ledger', { vaultName: 'ledger', ...props }));
};
const readable = (vault: GlacierVault) =>
  void vault.addToAccessPolicy(
    new iam.PolicyStatement({ sid: 'partner', principals: [new iam.AccountPrincipal('999999999999')], actions: ['glacier:ListJobs'] }),
  );

describe('a vault, deployed by the real CDK CLI', () => {
  let deployment: Deployment;
  beforeEach(async () => (deployment = await Deployment.start('Vaults')));
  afterEach(async () => deployment.stop());

  const ask = { accountId: '-', vaultName: 'ledger' };
  const glacier = () => deployment.rehearsal.glacier;
  const accessPolicy = async () =>
    glacier()
      .send(new GetVaultAccessPolicyCommand(ask))
      .then(
        ({ policy }) => JSON.parse(policy!.Policy!) as { Statement: object[] },
        (error: Error) => error.name,
      );

  test('its access policy is set, changed and removed with the template', async () => {
    expect(await deployment.deploy(ledger({}, readable))).toMatchObject({ exitCode: 0 });
    expect(await accessPolicy()).toMatchObject({ Statement: [{ Sid: 'partner', Action: 'glacier:ListJobs' }] });

    const wider = (vault: GlacierVault) => {
      readable(vault);
      vault.grantUpload(new iam.AccountPrincipal('888888888888'));
    };
    expect(await deployment.deploy(ledger({}, wider))).toMatchObject({ exitCode: 0 });
    expect(((await accessPolicy()) as { Statement: object[] }).Statement).toHaveLength(2);

    expect(await deployment.deploy(ledger())).toMatchObject({ exitCode: 0 });
    expect(await accessPolicy()).toBe('ResourceNotFoundException');
  });

  test('its tags and notifications follow the template, and foreign tags stay', async () => {
    const tagged = (value: string) => (vault: GlacierVault) => Tags.of(vault).add('Department', value);
    const withTopic = (stack: Stack) => {
      const topic = new sns.Topic(stack, 'Topic');
      tagged('Accounting')(new GlacierVault(stack, 'Ledger', { vaultName: 'ledger', notifications: { topic } }));
    };
    expect(await deployment.deploy(withTopic)).toMatchObject({ exitCode: 0 });
    expect((await glacier().send(new GetVaultNotificationsCommand(ask))).vaultNotificationConfig?.Events).toHaveLength(2);
    expect(await deployment.deploy(ledger({}, tagged('Finance')))).toMatchObject({ exitCode: 0 });
    const { Tags: tags } = await glacier().send(new ListTagsForVaultCommand(ask));
    expect(tags).toMatchObject({ Department: 'Finance', 'cdk-vault-lock/owner': expect.stringMatching(/^Vaults\//) });
    await expect(glacier().send(new GetVaultNotificationsCommand(ask))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('a vault that somebody else made is refused, and adopted only on purpose, and then never deleted', async () => {
    await glacier().send(new CreateVaultCommand(ask));
    await deployment.rehearsal.advance({ hours: 1 });
    const refused = await deployment.deploy(ledger());
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toContain('adoptExisting');

    const adopting = ledger({ adoptExisting: true, removalPolicy: RemovalPolicy.DESTROY });
    expect(await deployment.deploy(adopting)).toMatchObject({ exitCode: 0 });
    expect(await deployment.destroy(adopting)).toMatchObject({ exitCode: 0 });
    expect(await deployment.vault('ledger')).toBeDefined();
  });

  test('by default it outlives the stack; with DESTROY an empty one goes with it', async () => {
    expect(await deployment.deploy(ledger())).toMatchObject({ exitCode: 0 });
    expect(await deployment.destroy(ledger())).toMatchObject({ exitCode: 0 });
    expect(await deployment.vault('ledger')).toBeDefined();

    const other = ledger({ vaultName: 'other', removalPolicy: RemovalPolicy.DESTROY });
    expect(await deployment.deploy(other)).toMatchObject({ exitCode: 0 });
    expect(await deployment.destroy(other)).toMatchObject({ exitCode: 0 });
    expect(await deployment.vault('other')).toBeUndefined();
  });

  test('another name is another vault; the old one stays', async () => {
    expect(await deployment.deploy(ledger())).toMatchObject({ exitCode: 0 });
    expect(await deployment.deploy(ledger({ vaultName: 'ledger-2' }))).toMatchObject({ exitCode: 0 });
    expect(await deployment.vault('ledger')).toBeDefined();
    expect(await deployment.vault('ledger-2')).toBeDefined();
  });
});
