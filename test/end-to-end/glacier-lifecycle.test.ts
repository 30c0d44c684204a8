import { CfnResource, Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { ACKNOWLEDGEMENT, Deployment } from './deployment';
import { GlacierVault, GlacierVaultLock, VaultLockPolicy, VaultLockStage } from '../../src';

jest.setTimeout(120_000);

interface Ledger {
  readonly days?: number;
  readonly stage?: VaultLockStage;
  /** A resource that fails, after the lock or beside it. */
  readonly failing?: 'after' | 'beside';
  readonly marker?: string;
}

/** A vault, its lock, a resource that can be changed without touching either, and a sibling that fails on demand. */
function ledger({ days = 365, stage, failing, marker = 'a' }: Ledger = {}): (stack: Stack) => void {
  return (stack) => {
    const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
    const lock = new GlacierVaultLock(stack, 'Lock', { vault, policy: VaultLockPolicy.retain(Duration.days(days)), stage });
    new ssm.StringParameter(stack, 'Marker', { parameterName: '/marker', stringValue: marker });
    if (failing) {
      const sibling = new CfnResource(stack, 'Failing', { type: 'Test::Does::NotExist' });
      // Beside the vault: once the provider is there, as the vault is.
      sibling.node.addDependency(failing === 'after' ? lock : stack.node.findChild('CdkVaultLockGlacier'));
    }
  };
}

describe('a locked vault, deployed by the real CDK CLI', () => {
  let deployment: Deployment;
  beforeEach(async () => (deployment = await Deployment.start('Ledger')));
  afterEach(async () => deployment.stop());

  const lockState = async () => (await deployment.vault('ledger'))?.lock?.state;
  async function initiate(): Promise<string> {
    const run = await deployment.deploy(ledger());
    expect(run).toMatchObject({ exitCode: 0 });
    return ACKNOWLEDGEMENT.exec(run.output)![1]!;
  }

  test('initiate, redeploy unchanged, redeploy with an unrelated change: one window, no further write', async () => {
    await initiate();
    expect(await lockState()).toBe('InProgress');
    const before = (await deployment.calls()).length;
    expect(await deployment.deploy(ledger())).toMatchObject({ exitCode: 0 });
    expect(await deployment.deploy(ledger({ marker: 'b' }))).toMatchObject({ exitCode: 0 });
    expect(await deployment.writes(before)).toEqual([]);
  });

  test('a create that fails in a sibling leaves no lock and no vault', async () => {
    const run = await deployment.deploy(ledger({ failing: 'after' }));
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toContain('Test::Does::NotExist is not supported');
    expect(await deployment.status()).toBe('ROLLBACK_COMPLETE');
    expect(await deployment.vault('ledger')).toBeUndefined();
    expect(await deployment.writes()).toContain('AbortVaultLock');

    expect(await deployment.deploy(ledger())).toMatchObject({ exitCode: 0 });
    expect(await lockState()).toBe('InProgress');
  });

  test('a sibling that fails while the vault is being created: the Delete that overtakes the Create leaves nothing', async () => {
    await deployment.faults({ service: 'glacier', operation: 'CreateVault', when: 'after', delayMs: 1_500 });
    const failing = ledger({ failing: 'beside' });
    expect((await deployment.deploy(failing)).exitCode).not.toBe(0);
    expect(await deployment.status()).toBe('ROLLBACK_COMPLETE');
    expect(await deployment.vault('ledger')).toBeUndefined();
    expect(await deployment.deploy(ledger())).toMatchObject({ exitCode: 0 });
  });

  test('an update of the policy that fails in a sibling ends with the old policy in a window', async () => {
    await initiate();
    const run = await deployment.deploy(ledger({ days: 730, failing: 'after' }));
    expect(run.exitCode).not.toBe(0);
    expect(await deployment.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await deployment.vault('ledger'))?.lock).toMatchObject({ state: 'InProgress' });
    expect((await deployment.writes()).filter((write) => write === 'InitiateVaultLock')).toHaveLength(3);
  });

  test('a rollback over a lock that the same update completed ends cleanly, and the lock stays', async () => {
    const acknowledge = await initiate();
    const run = await deployment.deploy(ledger({ stage: VaultLockStage.complete({ acknowledge }), failing: 'after' }));
    expect(run.exitCode).not.toBe(0);
    expect(await deployment.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await lockState()).toBe('Locked');

    expect(await deployment.deploy(ledger({ stage: VaultLockStage.complete({ acknowledge }) }))).toMatchObject({ exitCode: 0 });
    expect(await deployment.destroy(ledger())).toMatchObject({ exitCode: 0 });
    expect(await lockState()).toBe('Locked');
  });

  test('a window that ran out: the completing deployment says so, starts a new one, and the same acknowledgement completes that', async () => {
    const acknowledge = await initiate();
    await deployment.rehearsal.advance({ hours: 25 });
    expect(await lockState()).toBeUndefined();
    const complete = ledger({ stage: VaultLockStage.complete({ acknowledge }) });

    const late = await deployment.deploy(complete);
    expect(late.exitCode).not.toBe(0);
    expect(late.output).toMatch(/24 h/);
    expect(await deployment.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await lockState()).toBe('InProgress');

    expect(await deployment.deploy(complete)).toMatchObject({ exitCode: 0 });
    expect(await lockState()).toBe('Locked');
  });

  test('a lost answer to InitiateVaultLock is not a failure', async () => {
    await deployment.faults({ service: 'glacier', operation: 'InitiateVaultLock', when: 'after', dropConnection: true });
    const acknowledge = await initiate();
    expect(await lockState()).toBe('InProgress');
    expect(await deployment.deploy(ledger({ stage: VaultLockStage.complete({ acknowledge }) }))).toMatchObject({ exitCode: 0 });
    expect(await lockState()).toBe('Locked');
  });

  test('an event that is delivered twice has one effect', async () => {
    await deployment.faults({ service: 'cloudformation', operation: 'duplicate', delayMs: 200, times: 2 });
    await initiate();
    await deployment.deploy(ledger({ marker: 'b' }));
    const writes = await deployment.writes();
    expect(writes.filter((write) => write === 'CreateVault')).toHaveLength(1);
    expect(writes.filter((write) => write === 'InitiateVaultLock')).toHaveLength(1);
  });

  test('a grant that arrives late is waited for', async () => {
    await deployment.faults({ service: 'iam', operation: 'grant', delayMs: 2_500, times: 20 });
    await initiate();
    expect(await lockState()).toBe('InProgress');
  });

  test('an account that Glacier no longer serves gets a clear refusal and nothing is left', async () => {
    await deployment.faults({ service: 'glacier', operation: '*', error: 'NoLongerSupportedException', times: 1000 });
    const run = await deployment.deploy(ledger());
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toMatch(/since 2025-12-15/);
    expect(await deployment.status()).toBe('ROLLBACK_COMPLETE');
  });

  test('a service control policy that denies the lock is named after a minute of patience, and nothing is left', async () => {
    const denied = { service: 'glacier', operation: 'InitiateVaultLock', error: 'AccessDeniedException', times: 1000 };
    await deployment.faults({
      ...denied,
      message: 'User: x is not authorized to perform: glacier:InitiateVaultLock with an explicit deny in a service control policy',
    });
    const run = await deployment.deploy(ledger());
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toMatch(/glacier:InitiateVaultLock/);
    expect(run.output.replace(/\s+/g, ' ')).toMatch(/service control policy/);
    expect(await deployment.status()).toBe('ROLLBACK_COMPLETE');
    expect(await deployment.vault('ledger')).toBeUndefined();
  });

  test('a pipeline acknowledges through a parameter of the account, without a change of code', async () => {
    await deployment.putParameter('/approvals/ledger', 'none');
    const pipeline = (stack: Stack) => {
      const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
      const approval = ssm.StringParameter.valueForStringParameter(stack, '/approvals/ledger');
      new GlacierVaultLock(stack, 'Lock', {
        vault,
        policy: VaultLockPolicy.retain(Duration.days(365)),
        stage: VaultLockStage.completeOnceAcknowledged(approval),
      });
    };
    const first = await deployment.deploy(pipeline);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(await lockState()).toBe('InProgress');

    await deployment.putParameter('/approvals/ledger', ACKNOWLEDGEMENT.exec(first.output)![1]!);
    const second = await deployment.deploy(pipeline);
    expect(second.output).toMatch(/LockAcknowledgement/);
    expect(second.exitCode).toBe(0);
    expect(await lockState()).toBe('Locked');
  });
});
