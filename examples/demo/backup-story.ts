import * as path from 'node:path';
import {
  CreateBackupVaultCommand,
  DeleteBackupVaultLockConfigurationCommand,
  DeleteRecoveryPointCommand,
  ListRecoveryPointsByBackupVaultCommand,
  StartBackupJobCommand,
} from '@aws-sdk/client-backup';
import type { Finding, Progress } from './progress';
import { acknowledgementIn, DEPLOY, failure } from './rehearsal';
import type { CdkRun, Rehearsal } from './rehearsal';

const STACK = 'BackupLockStack';
const APP = path.resolve(__dirname, '..', 'backup-vault-lock');
const VAULT = 'prod';
const ROLE = 'arn:aws:iam::123456789012:role/backup';
const VOLUME = 'arn:aws:ec2:us-east-1:123456789012:volume/vol-0123456789abcdef0';

/** A lock on a backup vault that was there before the stack: reversible, then promoted, then permanent. */
export async function backupStory(progress: Progress, rehearsal: Rehearsal): Promise<void> {
  let acknowledgement = '';
  const deploy = (...args: readonly string[]) => rehearsal.cdk(APP, ...DEPLOY, ...args);
  const point = await existingVault(rehearsal);

  progress.heading(
    `(f) The backup vault ${VAULT} exists already, with a backup in it. The first deployment locks it in governance mode. Nothing is permanent.`,
  );
  await progress.step('f', 'cdk deploy, mode governance', 'GOVERNANCE, acknowledgement printed', async () => {
    const run = await deploy();
    acknowledgement = acknowledgementIn(run);
    if (run.exitCode !== 0 || !acknowledgement) return failure(run);
    progress.line(`    acknowledgement: ${acknowledgement}`);
    const state = await lockState(rehearsal);
    return { seen: `${state}, acknowledgement printed`, ok: state === 'GOVERNANCE' };
  });
  await progress.step('f', 'delete the backup', 'refused', () =>
    attempt(() => rehearsal.backup.send(new DeleteRecoveryPointCommand(point))),
  );
  await progress.step('f', 'cdk deploy, mode compliance, stale acknowledgement', 'refused, stack usable, still GOVERNANCE', async () =>
    refusal(await deploy('-c', `acknowledge=${VAULT} sha256:${'0'.repeat(64)}`), rehearsal, /acknowledge/, 'GOVERNANCE'),
  );

  progress.heading('(g) The second deployment gives the acknowledgement back: from now on there are three days to change one’s mind.');
  await progress.step('g', 'cdk deploy, mode compliance', 'GRACE, lock date printed', async () => {
    const run = await deploy('-c', `acknowledge=${acknowledgement}`);
    if (run.exitCode !== 0) return failure(run);
    const lock = (await rehearsal.backupVault(VAULT))?.lock;
    progress.line(`    permanent from ${lock?.lockDate}`);
    const printed = run.output.includes(String(lock?.lockDate));
    return { seen: `${lock?.state}, lock date ${printed ? 'printed' : 'not printed'}`, ok: lock?.state === 'GRACE' && printed };
  });

  progress.heading('(h) Three days later nobody can take the lock back, and no attempt wedges the stack.');
  await rehearsal.advance({ days: 3, hours: 1 });
  await progress.step('h', 'cdk deploy, mode governance', 'refused, stack usable, still IMMUTABLE', async () =>
    refusal(await deploy(), rehearsal, /permanent since/, 'IMMUTABLE'),
  );
  await progress.step('h', 'delete the lock by hand', 'refused', () =>
    attempt(() => rehearsal.backup.send(new DeleteBackupVaultLockConfigurationCommand({ BackupVaultName: VAULT }))),
  );
  await progress.step('h', 'delete the backup', 'refused', () =>
    attempt(() => rehearsal.backup.send(new DeleteRecoveryPointCommand(point))),
  );
  await progress.step('h', 'cdk destroy', 'stack gone, still IMMUTABLE', async () => {
    const run = await rehearsal.cdk(APP, 'destroy', '--force', '-c', `acknowledge=${acknowledgement}`);
    const status = await rehearsal.stackStatus(STACK);
    if (run.exitCode !== 0 || status !== 'DELETE_COMPLETE') return failure(run);
    const state = await lockState(rehearsal);
    return { seen: `stack gone, still ${state}`, ok: state === 'IMMUTABLE' };
  });
  await progress.step('h', "the handler's own words", 'forgotten by the stack, stays in force', async () => {
    const said = /the lock of backup vault prod is forgotten by the stack and stays in force/.test(await rehearsal.logs(STACK));
    return { seen: said ? 'forgotten by the stack, stays in force' : 'nothing about the lock', ok: said };
  });
  progress.line(`    what stays: backup vault ${VAULT}, ${await lockState(rehearsal)}; its backups go when their own lifecycle says so`);
}

/** What somebody made years ago, without this library. @returns the one backup in it, which expires after 35 days */
async function existingVault({ backup }: Rehearsal): Promise<{ BackupVaultName: string; RecoveryPointArn: string }> {
  await backup.send(new CreateBackupVaultCommand({ BackupVaultName: VAULT }));
  const Lifecycle = { DeleteAfterDays: 35 };
  await backup.send(new StartBackupJobCommand({ BackupVaultName: VAULT, ResourceArn: VOLUME, IamRoleArn: ROLE, Lifecycle }));
  const { RecoveryPoints = [] } = await backup.send(new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: VAULT }));
  return { BackupVaultName: VAULT, RecoveryPointArn: RecoveryPoints[0]?.RecoveryPointArn ?? '' };
}

async function attempt(send: () => Promise<unknown>): Promise<Finding> {
  const seen = await send().then(
    () => 'done',
    (error: Error) => (error.name === 'InvalidRequestException' ? 'refused' : error.name),
  );
  return { seen, ok: seen === 'refused' };
}

/** A deployment that must fail with a reason, leave a stack that can be deployed again, and not touch the lock. */
async function refusal(run: CdkRun, rehearsal: Rehearsal, reason: RegExp, state: string): Promise<Finding> {
  const usable = await rehearsal.isUsable(STACK);
  const seen = await lockState(rehearsal);
  const ok = run.exitCode !== 0 && reason.test(run.output) && usable && seen === state;
  return { seen: `${run.exitCode === 0 ? 'accepted' : 'refused'}, stack ${usable ? 'usable' : 'not usable'}, still ${seen}`, ok };
}

async function lockState(rehearsal: Rehearsal): Promise<string> {
  return (await rehearsal.backupVault(VAULT))?.lock?.state ?? 'no lock';
}
