import { inDays, failing, MET, TOO_SHORT, UNKNOWN_RETENTION, type Shortfall } from './requirements';
import { disprove } from '../glacier/proof';

/** Holds a Glacier lock against the age that archives have to have before anybody can delete them. Texts are `knownText`. */
export function glacierShortfall(lock: string | undefined, vaultArn: string, minimumDays: number | undefined): Shortfall {
  if (minimumDays === undefined) return MET;
  const asked = `This lock must keep every archive for at least ${inDays(minimumDays)} (\`minimumRetention\` of VaultLockChecks)`;
  if (lock === undefined) return failing(UNKNOWN_RETENTION, `${asked}, and only the deployment knows its policy.`);
  const claim = { kind: 'noDeletionBefore', days: String(minimumDays) } as const;
  const [disproof] = disprove([claim], { lock, vaultArn, access: () => undefined });
  if (!disproof) return MET;
  return disproof.verdict === 'fails'
    ? failing(TOO_SHORT, `${asked}, but it does not. ${disproof.reason} Retain for longer, e.g. with \`VaultLockPolicy.retain()\`.`)
    : failing(UNKNOWN_RETENTION, `${asked}, which cannot be proved. ${disproof.reason}`);
}
