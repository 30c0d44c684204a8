/** What our constructs cost at synth and in the template, against what a user would otherwise write. Run as a process per measurement. */
import * as path from 'node:path';
import { App, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BackupVaultLock, GlacierVault, GlacierVaultLock, VaultLockPolicy } from '../src';

/** A stack of `vaults` locked vaults. */
export function lockedVaults(vaults: number): object {
  const stack = bareStack();
  for (let at = 0; at < vaults; at++) {
    const vault = new GlacierVault(stack, `Vault${at}`, { vaultName: `vault-${at}` });
    new GlacierVaultLock(stack, `Lock${at}`, {
      vault,
      policy: VaultLockPolicy.retain(Duration.days(2555)),
      acknowledgementOutput: vaults <= 100,
    });
  }
  return templateOf(stack);
}

/** A stack with `locks` locks on backup vaults that exist already. */
export function backupLocks(locks: number): object {
  const stack = bareStack();
  for (let at = 0; at < locks; at++) {
    const vault = backup.BackupVault.fromBackupVaultName(stack, `Vault${at}`, `vault-${at}`);
    new BackupVaultLock(stack, `Lock${at}`, { vault, minRetention: Duration.days(7), maxRetention: Duration.days(35) });
  }
  return templateOf(stack);
}

/** `resources` plain custom resources on one function: the least that two of them a vault could cost. */
export function bareCustomResources(resources: number): object {
  const stack = bareStack();
  const handler = new lambda.Function(stack, 'Handler', {
    code: lambda.Code.fromAsset(path.resolve('assets', 'lambda', 'glacier')),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_22_X,
  });
  handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['glacier:*'], resources: ['*'] }));
  for (let at = 0; at < resources; at++) {
    new CustomResource(stack, `Resource${at}`, {
      serviceToken: handler.functionArn,
      resourceType: 'Custom::GlacierVault',
      properties: {
        VaultName: `vault-${at}`,
        Policy: stack.toJsonString({ Version: '2012-10-17', Statement: [{ Resource: `${stack.stackId}` }] }),
      },
    });
  }
  return templateOf(stack);
}

function bareStack(): Stack {
  return new Stack(new App({ analyticsReporting: false, context: { '@aws-cdk/core:stackResourceLimit': 0 } }), 'Bench', {
    env: { account: '123456789012', region: 'us-east-1' },
  });
}

function templateOf(stack: Stack): object {
  return (stack.node.root as App).synth().getStackArtifact(stack.artifactId).template as object;
}

if (require.main === module) {
  const [what, count] = process.argv.slice(2);
  if (what === 'locked') lockedVaults(Number(count));
  else bareCustomResources(Number(count));
}
