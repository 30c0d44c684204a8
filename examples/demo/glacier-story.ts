import * as path from 'node:path';
import { DeleteArchiveCommand, UploadArchiveCommand } from '@aws-sdk/client-glacier';
import type { Finding, Progress } from './progress';
import { acknowledgementIn, DEPLOY, failure } from './rehearsal';
import type { CdkRun, Rehearsal } from './rehearsal';

const STACK = 'LedgerStack';
const APP = path.resolve(__dirname, '..', 'glacier-ledger');
const VAULT = 'ledger';

/** The whole life of a locked Glacier vault. */
export async function glacierStory(progress: Progress, rehearsal: Rehearsal): Promise<void> {
  let acknowledgement = '';
  let archiveId = '';
  const deploy = (...args: readonly string[]) => rehearsal.cdk(APP, ...DEPLOY, ...args);

  progress.heading('(a) The first deployment starts a test window. Nothing is permanent.');
  await progress.step('a', 'cdk deploy, stage initiate', 'InProgress, acknowledgement printed', async () => {
    const run = await deploy();
    acknowledgement = acknowledgementIn(run);
    if (run.exitCode !== 0 || !acknowledgement) return failure(run);
    const lock = (await rehearsal.vault(VAULT))?.lock;
    progress.line(`    window until ${lock?.expires}; acknowledgement: ${acknowledgement}`);
    return { seen: `${lock?.state}, acknowledgement printed`, ok: lock?.state === 'InProgress' };
  });
  await progress.step('a', 'upload an archive', 'uploaded', async () => {
    const upload = new UploadArchiveCommand({ accountId: '-', vaultName: VAULT, body: Buffer.from('2026-11-21 debit 100 credit 100\n') });
    archiveId = (await rehearsal.glacier.send(upload)).archiveId ?? '';
    return { seen: archiveId ? 'uploaded' : 'no archive id', ok: archiveId !== '' };
  });
  await progress.step('a', 'delete the archive', 'refused', () => deletion(rehearsal, archiveId, 'refused'));

  progress.heading('(b) 23 hours later, tested: the second deployment gives the acknowledgement back.');
  await rehearsal.advance({ hours: 23 });
  await progress.step('b', 'cdk deploy with a stale acknowledgement', 'refused, still InProgress', async () => {
    const run = await deploy('-c', `acknowledge=${VAULT} sha256:${'0'.repeat(64)}`);
    return refusal(run, rehearsal, /acknowledge/, 'InProgress');
  });
  await progress.step('b', 'cdk deploy, stage complete', 'Locked', async () => {
    const run = await deploy('-c', `acknowledge=${acknowledgement}`);
    if (run.exitCode !== 0) return failure(run);
    const state = (await rehearsal.vault(VAULT))?.lock?.state;
    return { seen: String(state), ok: state === 'Locked' };
  });

  progress.heading('(c) A completed lock cannot be taken back, and no attempt wedges the stack.');
  await progress.step('c', 'cdk deploy, stage abort', 'refused, stack usable, still Locked', async () =>
    refusal(await deploy('-c', 'lock=abort'), rehearsal, /Locked|completed/, 'Locked'),
  );
  await progress.step('c', 'cdk deploy, shorter retention', 'refused, stack usable, still Locked', async () =>
    refusal(await deploy('-c', 'retentionDays=1'), rehearsal, /Locked|completed/, 'Locked'),
  );
  await progress.step('c', 'cdk deploy, lock removed from the app', 'UPDATE_COMPLETE, still Locked', async () => {
    const run = await deploy('-c', 'lock=removed');
    return settled(run, rehearsal, 'UPDATE_COMPLETE');
  });
  await progress.step('c', 'cdk deploy, lock back in the app', 'UPDATE_COMPLETE, still Locked', async () => {
    const run = await deploy('-c', `acknowledge=${acknowledgement}`);
    return settled(run, rehearsal, 'UPDATE_COMPLETE');
  });
  await progress.step('c', 'delete the archive', 'refused', () => deletion(rehearsal, archiveId, 'refused'));

  progress.heading('(d) 2,556 days later the archive has been kept long enough.');
  await rehearsal.advance({ days: 2556 });
  await progress.step('d', 'delete the archive', 'deleted', () => deletion(rehearsal, archiveId, 'deleted'));

  progress.heading('(e) The stack goes; what is locked stays locked.');
  await progress.step('e', 'cdk destroy', 'stack gone, vault stays Locked', async () => {
    const run = await rehearsal.cdk(APP, 'destroy', '--force', '-c', `acknowledge=${acknowledgement}`);
    const status = await rehearsal.stackStatus(STACK);
    if (run.exitCode !== 0 || status !== 'DELETE_COMPLETE') return failure(run);
    const vault = await rehearsal.vault(VAULT);
    return { seen: `stack gone, vault ${vault ? 'stays' : 'vanished,'} ${vault?.lock?.state}`, ok: vault?.lock?.state === 'Locked' };
  });
  await progress.step('e', "the handler's own words", 'forgotten by the stack, stays in force', async () => {
    const said = /the lock on vault ledger is forgotten by the stack and stays in force as long as the vault exists/.test(
      await rehearsal.logs(STACK),
    );
    return { seen: said ? 'forgotten by the stack, stays in force' : 'nothing about the lock', ok: said };
  });
  progress.line(
    `    what stays: vault ${VAULT}, ${(await rehearsal.vault(VAULT))?.lock?.state}; its policy holds for every archive in it, for ever`,
  );
}

async function deletion(rehearsal: Rehearsal, archiveId: string, expected: 'refused' | 'deleted'): Promise<Finding> {
  const seen = await rehearsal.glacier.send(new DeleteArchiveCommand({ accountId: '-', vaultName: VAULT, archiveId })).then(
    () => 'deleted',
    (error: Error) => (error.name === 'AccessDeniedException' ? 'refused' : error.name),
  );
  return { seen, ok: seen === expected };
}

/** A deployment that must fail with a reason, leave a stack that can be deployed again, and not touch the lock. */
async function refusal(run: CdkRun, rehearsal: Rehearsal, reason: RegExp, state: string): Promise<Finding> {
  const usable = await rehearsal.isUsable(STACK);
  const seen = (await rehearsal.vault(VAULT))?.lock?.state;
  const ok = run.exitCode !== 0 && reason.test(run.output) && usable && seen === state;
  return { seen: `${run.exitCode === 0 ? 'accepted' : 'refused'}, stack ${usable ? 'usable' : 'not usable'}, still ${seen}`, ok };
}

async function settled(run: CdkRun, rehearsal: Rehearsal, expected: string): Promise<Finding> {
  const status = await rehearsal.stackStatus(STACK);
  const state = (await rehearsal.vault(VAULT))?.lock?.state;
  if (run.exitCode !== 0) return failure(run);
  return { seen: `${status}, still ${state}`, ok: status === expected && state === 'Locked' };
}
