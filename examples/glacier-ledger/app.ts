/**
 * A ledger that nobody can rewrite: an Amazon Glacier vault whose archives cannot be deleted for seven years.
 *
 * Deployed as it stands, it starts a test window of 24 hours that ends by itself; nothing becomes permanent. Only
 * `cdk deploy -c acknowledge='<what the first deployment printed>'` does that.
 */
import { App, CfnOutput, Duration, Stack, Tags } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GlacierVault, GlacierVaultLock, Guarantee, VaultLockPolicy, VaultLockStage } from 'cdk-vault-lock';
import type { Construct } from 'constructs';

interface LedgerStackProps extends StackProps {
  /** How long an archive must be kept. */
  readonly retention: Duration;
  /** Absent: the stack has no lock of its own (what that means for a completed lock, the demo shows). */
  readonly stage?: VaultLockStage;
}

class LedgerStack extends Stack {
  constructor(scope: Construct, id: string, props: LedgerStackProps) {
    super(scope, id, props);

    const bookkeeping = new iam.Role(this, 'Bookkeeping', { assumedBy: new iam.AccountRootPrincipal() });
    const vault = new GlacierVault(this, 'Ledger', { vaultName: 'ledger' });
    vault.grantUpload(bookkeeping);
    vault.grantRetrieve(bookkeeping);
    vault.addToAccessPolicy(
      new iam.PolicyStatement({
        sid: 'auditors-may-read',
        principals: [bookkeeping],
        actions: ['glacier:ListJobs', 'glacier:GetJobOutput'],
      }),
    );
    Tags.of(vault).add('Department', 'Accounting');

    if (props.stage) {
      const lock = new GlacierVaultLock(this, 'Lock', {
        vault,
        policy: VaultLockPolicy.retain(props.retention),
        // That nobody can delete earlier, `retain` guarantees by itself.
        guarantees: [Guarantee.canStillUpload(bookkeeping)],
        stage: props.stage,
      });
      new CfnOutput(this, 'LockState', { value: lock.lockState });
      new CfnOutput(this, 'LockExpirationDate', { value: lock.lockExpirationDate });
    }
  }
}

const app = new App();
const context = (key: string): string | undefined => app.node.tryGetContext(key) as string | undefined;

function stage(): VaultLockStage | undefined {
  if (context('lock') === 'removed') return undefined;
  if (context('lock') === 'abort') return VaultLockStage.abort();
  const acknowledge = context('acknowledge');
  return acknowledge ? VaultLockStage.complete({ acknowledge }) : VaultLockStage.initiate();
}

new LedgerStack(app, 'LedgerStack', {
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
  retention: Duration.days(Number(context('retentionDays') ?? 2555)),
  stage: stage(),
});
