/**
 * What proving the guarantees of a lock costs at synth: the same app with the proofs and with nothing in their place. By itself:
 * `npx tsx bench/proofs.ts`; exit code 1 if it costs more than a tenth.
 */
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ratioOfSynths } from './synths';
import { GlacierVault, GlacierVaultLock, Guarantee, VaultLockPolicy } from '../src';

export const VAULTS = 450;
export const MOST = 1.1;

/** `plain`: a retention, as most have it. `full`: with a legal hold, an access policy and guarantees of the user. */
export type Shape = 'plain' | 'full';

export async function proofRatio(shape: Shape): Promise<number> {
  return ratioOfSynths('proofs.ts', [shape, 'proved'], [shape, 'believed']);
}

/** A lock whose own findings are left out, as if all of its guarantees were believed. */
function believeAll(shape: Shape): void {
  const judged = shape === 'plain' ? 'judgePolicy' : 'judgeGuarantees';
  const prototype = GlacierVaultLock.prototype as unknown as Record<string, () => string[]>;
  if (typeof prototype[judged] !== 'function') throw new Error(`there is no ${judged} to leave out: nothing would be measured`);
  prototype[judged] = () => [];
}

function synthesize(shape: Shape): void {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/core:stackResourceLimit': 0 } });
  const stack = new Stack(app, 'Bench', { env: { account: '123456789012', region: 'us-east-1' } });
  const legal = new iam.ArnPrincipal('arn:aws:iam::123456789012:role/legal');
  const writer = new iam.ArnPrincipal('arn:aws:iam::210987654321:role/writer');
  for (let at = 0; at < VAULTS; at++) {
    const vault = new GlacierVault(stack, `Vault${at}`, { vaultName: `vault-${at}` });
    const retention = VaultLockPolicy.retain(Duration.days(2555));
    if (shape === 'full') vault.grantUpload(writer);
    new GlacierVaultLock(stack, `Lock${at}`, {
      vault,
      policy: shape === 'full' ? retention.withLegalHold({ tagKey: 'LegalHold', administrators: [legal] }) : retention,
      guarantees: shape === 'full' ? [Guarantee.canStillUpload(writer), Guarantee.canStillAbort(legal)] : undefined,
      acknowledgementOutput: false,
    });
  }
  app.synth();
}

async function main(): Promise<void> {
  for (const shape of ['plain', 'full'] as const) {
    const ratio = await proofRatio(shape);
    console.log(
      `${ratio <= MOST ? 'ok  ' : 'OVER'} synth of ${VAULTS} ${shape} locked vaults with proofs / without: ${ratio.toFixed(3)} (at most ${MOST})`,
    );
    if (ratio > MOST) process.exitCode = 1;
  }
}

if (require.main === module) {
  const [shape, how] = process.argv.slice(2);
  if (shape === undefined) {
    void main();
  } else {
    if (how === 'believed') believeAll(shape as Shape);
    synthesize(shape as Shape);
  }
}
