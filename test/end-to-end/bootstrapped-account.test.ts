import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as cr from 'aws-cdk-lib/custom-resources';
import { ACCOUNT, Deployment, REGION } from './deployment';
import { GlacierVault, GlacierVaultLock, VaultLockPolicy } from '../../src';

jest.setTimeout(120_000);

/** Somebody else's custom resource beside ours: inline code behind CDK's own provider framework. */
function withForeignCustomResource(stack: Stack): void {
  const vault = new GlacierVault(stack, 'Ledger');
  new GlacierVaultLock(stack, 'Lock', { vault, policy: VaultLockPolicy.retain(Duration.days(30)) });
  const onEventHandler = new lambda.Function(stack, 'OnEvent', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline("exports.handler = async (event) => ({ PhysicalResourceId: 'it', Data: { Type: event.RequestType } });"),
  });
  const provider = new cr.Provider(stack, 'Provider', { onEventHandler });
  const resource = new cr.AwsCustomResource(stack, 'FirstVaults', {
    policy: cr.AwsCustomResourcePolicy.fromSdkCalls({ resources: cr.AwsCustomResourcePolicy.ANY_RESOURCE }),
    installLatestAwsSdk: false,
    onUpdate: {
      service: 'glacier',
      action: 'listVaults',
      apiVersion: '2012-06-01',
      parameters: { accountId: '-' },
      physicalResourceId: cr.PhysicalResourceId.of('list'),
      outputPaths: ['VaultList.0.VaultName'],
    },
  });
  resource.node.addDependency(vault);
  new CfnOutput(stack, 'ServiceToken', { value: provider.serviceToken });
  new CfnOutput(stack, 'FirstVault', { value: resource.getResponseField('VaultList.0.VaultName') });
}

describe('an account that was bootstrapped by the real CLI', () => {
  let deployment: Deployment;
  beforeEach(async () => (deployment = await Deployment.start('Bootstrapped')));
  afterEach(async () => deployment.stop());

  test('an account can be bootstrapped after the first deployments, too', async () => {
    const plain = (stack: Stack) => void new GlacierVault(stack, 'Ledger');
    expect(await deployment.deploy(plain)).toMatchObject({ exitCode: 0 });
    expect(await deployment.rehearsal.cdk(deployment.rehearsal.folder, 'bootstrap', `aws://${ACCOUNT}/${REGION}`)).toMatchObject({
      exitCode: 0,
    });
    expect(await deployment.destroy(plain)).toMatchObject({ exitCode: 0 });
  });

  test('bootstrap, deploy and destroy work under the roles of the bootstrap stack, beside custom resources of others', async () => {
    const bootstrap = await deployment.rehearsal.cdk(deployment.rehearsal.folder, 'bootstrap', `aws://${ACCOUNT}/${REGION}`);
    expect(bootstrap).toMatchObject({ exitCode: 0 });
    expect(await deployment.rehearsal.stackStatus('CDKToolkit')).toBe('CREATE_COMPLETE');

    const run = await deployment.deploy(withForeignCustomResource);
    expect(run.output).toMatch(/FirstVault = Bootstrapped-Ledger-\w+/);
    expect(run.exitCode).toBe(0);
    expect(await deployment.destroy(withForeignCustomResource)).toMatchObject({ exitCode: 0 });
  });
});
