import { createHash } from 'node:crypto';
import { canonicalPolicy } from './canonical';

/**
 * Names exactly what becomes permanent: `sha256:` and 64 hex digits over the vault's ARN and the canonical policy. Another vault,
 * account, region or meaning gives another fingerprint; another way to write the same policy does not.
 *
 * @throws PolicySyntaxError
 */
export function policyFingerprint(vaultArn: string, policyText: string): string {
  const subject = `{"policy":${canonicalPolicy(policyText)},"vault":${JSON.stringify(vaultArn)}}`;
  return `sha256:${createHash('sha256').update(subject, 'utf8').digest('hex')}`;
}

/** What a user gives back to make the lock of that fingerprint permanent: `<vault name> <fingerprint>`. */
export function acknowledgementOf(vaultName: string, fingerprint: string): string {
  return `${vaultName} ${fingerprint}`;
}
