import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import { glacierLockProblems } from './convergence';
import type { LoadEndpoint } from './load-endpoint';
import { BackupVaultLock, GlacierVault, GlacierVaultLock, VaultLockPolicy } from '../../../src';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

/** A template takes so many outputs. */
const OUTPUTS = 200;

/** Vaults of one kind, each with a lock of its own. */
export interface Kind {
  /** Adds one vault with its lock. */
  add(stack: Stack, at: number, vaultName: string, days: number): void;
  /** What is not as the template says. */
  problems(endpoint: LoadEndpoint, vaultNames: readonly string[], days: number): Promise<string[]>;
  /** The vaults that there are. */
  vaultsLeft(endpoint: LoadEndpoint): Promise<number>;
}

export const GLACIER: Kind = {
  add(stack, at, vaultName, days) {
    const vault = new GlacierVault(stack, `Vault${at}`, { vaultName, removalPolicy: RemovalPolicy.DESTROY });
    new GlacierVaultLock(stack, `Lock${at}`, {
      vault,
      policy: VaultLockPolicy.retain(Duration.days(days)),
      acknowledgementOutput: at < OUTPUTS,
    });
  },
  async problems(endpoint, vaultNames, days) {
    const locks = new Map(endpoint.glacierVaults().map(({ name, lock }) => [name, lock ?? undefined]));
    return vaultNames.flatMap((name) => glacierLockProblems(`arn:aws:glacier:${REGION}:${ACCOUNT}:vaults/${name}`, days, locks.get(name)));
  },
  vaultsLeft: async (endpoint) => (await endpoint.state()).vaults.length,
};

export const BACKUP: Kind = {
  add(stack, at, vaultName, days) {
    const vault = new backup.BackupVault(stack, `Vault${at}`, { backupVaultName: vaultName, removalPolicy: RemovalPolicy.DESTROY });
    new BackupVaultLock(stack, `Lock${at}`, { vault, minRetention: Duration.days(days), acknowledgementOutput: at < OUTPUTS });
  },
  async problems(endpoint, vaultNames, days) {
    const { backupVaults } = await endpoint.state();
    const locks = new Map(backupVaults.map(({ backupVaultName, lock }) => [backupVaultName, lock]));
    return vaultNames.flatMap((name) => {
      const lock = locks.get(name);
      return lock?.state === 'GOVERNANCE' && lock.minRetentionDays === days ? [] : [`${name} has the lock ${JSON.stringify(lock ?? null)}`];
    });
  },
  vaultsLeft: async (endpoint) => (await endpoint.state()).backupVaults.length,
};

export interface Fleet {
  readonly kind: Kind;
  readonly stacks: number;
  readonly vaultsPerStack: number;
}

export function stackNames({ stacks }: Fleet): string[] {
  return Array.from({ length: stacks }, (_, at) => `Load${at + 1}`);
}

export function namesOf({ vaultsPerStack, ...fleet }: Fleet): string[] {
  return stackNames({ vaultsPerStack, ...fleet }).flatMap((name) => Array.from({ length: vaultsPerStack }, (_, at) => nameOf(name, at)));
}

/** Synthesizes the app, with every lock for so many days. @returns the folder of the assembly */
export function synthesize(fleet: Fleet, days: number, outdir: string): string {
  fs.mkdirSync(outdir);
  const app = new App({ outdir, analyticsReporting: false });
  for (const name of stackNames(fleet)) {
    const stack = new Stack(app, name, { env: { account: ACCOUNT, region: REGION } });
    for (let at = 0; at < fleet.vaultsPerStack; at++) fleet.kind.add(stack, at, nameOf(name, at), days);
  }
  app.synth();
  return outdir;
}

/** The templates as they are uploaded. */
export function templates(fleet: Fleet, outdir: string): string[] {
  return stackNames(fleet).map((name) => fs.readFileSync(path.join(outdir, `${name}.template.json`), 'utf8'));
}

function nameOf(stackName: string, at: number): string {
  return `${stackName.toLowerCase()}-${String(at).padStart(3, '0')}`;
}
