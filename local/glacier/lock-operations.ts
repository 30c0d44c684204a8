import type { AbortVaultLockInput, CompleteVaultLockInput, GetVaultLockInput, InitiateVaultLockInput } from '@aws-sdk/client-glacier';
import { accessDenied, invalidParameter, INVENTED, missingParameter, notFound, RECORDED } from './errors';
import type { Glacier } from './glacier';
import { newId } from './identifiers';
import { acceptPolicy } from './policy-document';
import { isoDate } from './state';
import type { AwsRequest } from '../server/service';
import { AwsError } from '../server/service';

/** https://docs.aws.amazon.com/amazonglacier/latest/dev/api-InitiateVaultLock.html */
export const LOCK_WINDOW_MS = 24 * 60 * 60 * 1000;

export function lockOperations(glacier: Glacier) {
  return {
    InitiateVaultLock(input: InitiateVaultLockInput, request: AwsRequest) {
      const { vault, arn, account, region } = glacier.open('InitiateVaultLock', input, request);
      if (vault.lock?.state === 'Locked') throw lockedAnswer(glacier, arn);
      if (vault.lock) throw accessDenied(INVENTED.lockInProgress(arn));
      if (!input.policy?.Policy) throw missingParameter('policy');
      const { world, operations } = glacier;
      const policy = acceptPolicy(input.policy.Policy, { world, vaultArn: arn, operations });
      if (policy === undefined) throw invalidParameter(RECORDED.invalidLockPolicy);
      const created = glacier.now();
      const expires = created + LOCK_WINDOW_MS;
      const id = newId('lock');
      glacier.set(vault, 'lock', { state: 'InProgress', id, policy, created, expires });
      glacier.wakeAt(expires, account, region, vault.name);
      return { lockId: id };
    },

    GetVaultLock(input: GetVaultLockInput, request: AwsRequest) {
      const { vault } = glacier.open('GetVaultLock', input, request);
      const lock = glacier.read(vault, 'lock');
      if (!lock) throw notFound(INVENTED.noLock(vault.name));
      return {
        CreationDate: isoDate(lock.created),
        ExpirationDate: lock.state === 'InProgress' ? isoDate(lock.expires) : null,
        Policy: lock.policy,
        State: lock.state,
      };
    },

    CompleteVaultLock(input: CompleteVaultLockInput, request: AwsRequest) {
      const { vault, arn } = glacier.open('CompleteVaultLock', input, request);
      const { lock } = vault;
      if (!lock) {
        const text = INVENTED.noLock(vault.name);
        throw glacier.switched('glacier.completeWithoutLock') === '404' ? notFound(text) : invalidParameter(text);
      }
      if (lock.id !== input.lockId) {
        if (lock.state === 'Locked') throw accessDenied(INVENTED.locked(arn));
        throw new AwsError(glacier.switched('glacier.completeOtherId'), INVENTED.otherLockId(input.lockId ?? ''), 400);
      }
      if (lock.state === 'InProgress') glacier.set(vault, 'lock', { ...lock, state: 'Locked' });
      return {};
    },

    AbortVaultLock(input: AbortVaultLockInput, request: AwsRequest) {
      const { vault, arn } = glacier.open('AbortVaultLock', input, request);
      if (vault.lock?.state === 'Locked') throw accessDenied(INVENTED.locked(arn));
      if (vault.lock) glacier.set(vault, 'lock', null);
      return {};
    },
  };
}

function lockedAnswer(glacier: Glacier, arn: string): AwsError {
  const text = INVENTED.locked(arn);
  return glacier.switched('glacier.initiateOnLocked') === '403' ? accessDenied(text) : invalidParameter(text);
}
