import { serviceError, signedPost } from './signed-request';
import { LOCK_RECORD_PREFIX } from '../../src/private/contract';
import { LockRecord, LockRecords } from '../glacier/services';

/**
 * Lock records as SSM parameters. Not as tags of the vault: a lock policy with a legal hold denies tag changes from the moment of
 * Initiate. SecureString, because before completion the lock id is the power to complete.
 */
export function parameterLockRecords(): LockRecords {
  return {
    get: async (vaultName) => {
      try {
        const { Parameter } = await call('GetParameter', { Name: nameOf(vaultName), WithDecryption: true });
        const { Value = '', Version = 0 } = Parameter as { Value?: string; Version?: number };
        return { record: parseRecord(Value), version: Version };
      } catch (error) {
        if ((error as Error).name === 'ParameterNotFound') return undefined;
        throw error;
      }
    },
    put: async (vaultName, record, overwrite) => {
      const { Version } = await call('PutParameter', {
        Name: nameOf(vaultName),
        Type: 'SecureString',
        Value: JSON.stringify(record),
        Overwrite: overwrite,
      });
      return Version as number;
    },
    delete: async (vaultName) => void (await call('DeleteParameter', { Name: nameOf(vaultName) })),
  };
}

const nameOf = (vaultName: string) => LOCK_RECORD_PREFIX + vaultName;

/** A parameter that something else wrote is nobody's record. */
function parseRecord(text: string): LockRecord {
  const nobodys = { owner: '', fingerprint: '', startedAt: 0, claim: '', delivery: '' };
  try {
    return { ...nobodys, ...(JSON.parse(text) as Partial<LockRecord>) };
  } catch {
    return nobodys;
  }
}

async function call(operation: string, input: object): Promise<{ readonly [member: string]: unknown }> {
  const { status, body } = await signedPost({
    service: 'ssm',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonSSM.${operation}` },
    body: JSON.stringify(input),
  });
  const answer = JSON.parse(body || '{}') as { [member: string]: unknown };
  if (status < 300) return answer;
  const type = String(answer.__type ?? 'Unknown');
  throw serviceError(type.slice(type.indexOf('#') + 1), String(answer.message ?? answer.Message ?? ''), status);
}
