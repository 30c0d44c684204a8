import type * as sdk from '@aws-sdk/client-backup';
import { INVENTED, invalidParameter, RECORDED } from './errors';
import { DAY_MS, LONGEST_RETENTION_DAYS } from './lock';
import type { VaultLock } from './lock';

/** In days; null: never. */
export interface Lifecycle {
  readonly moveToColdStorageAfterDays: number | null;
  readonly deleteAfterDays: number | null;
}

/** What AWS calls "Always". */
const NEVER = -1;
const LEAST_DAYS_IN_COLD_STORAGE = 90;
/** https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery-retention-period.html */
const LONGEST_CONTINUOUS_DAYS = 35;

/** @throws AwsError `InvalidParameterValueException` */
export function acceptLifecycle(lifecycle: sdk.Lifecycle | undefined): Lifecycle {
  const move = daysOf(lifecycle?.MoveToColdStorageAfterDays);
  const expiry = daysOf(lifecycle?.DeleteAfterDays);
  if (move !== null && !(Number.isInteger(move) && move >= 1)) throw invalidParameter(INVENTED.invalidColdStorage);
  if (expiry !== null && !(Number.isInteger(expiry) && expiry >= 1 && expiry <= LONGEST_RETENTION_DAYS)) {
    throw invalidParameter(RECORDED.invalidRetention);
  }
  if (move !== null && expiry !== null && expiry < move + LEAST_DAYS_IN_COLD_STORAGE) {
    throw invalidParameter(INVENTED.tooShortInColdStorage);
  }
  return { moveToColdStorageAfterDays: move, deleteAfterDays: expiry };
}

/** The lifecycle of a continuous backup. @throws AwsError `InvalidParameterValueException` */
export function acceptContinuousLifecycle(lifecycle: sdk.Lifecycle | undefined): Lifecycle {
  const days = lifecycle?.DeleteAfterDays;
  if (lifecycle?.MoveToColdStorageAfterDays !== undefined) throw invalidParameter(RECORDED.continuousInColdStorage);
  if (days === undefined) throw invalidParameter(RECORDED.continuousWithoutRetention);
  if (!Number.isInteger(days) || days < 1 || days > LONGEST_CONTINUOUS_DAYS) {
    throw invalidParameter(INVENTED.continuousRetention(LONGEST_CONTINUOUS_DAYS));
  }
  return { moveToColdStorageAfterDays: null, deleteAfterDays: days };
}

/** Why a job with this lifecycle fails in a vault with this lock; undefined: it does not. */
export function retentionProblem(lock: VaultLock | null, { deleteAfterDays }: Lifecycle): string | undefined {
  const days = deleteAfterDays ?? Infinity;
  const { minRetentionDays: min, maxRetentionDays: max } = lock ?? { minRetentionDays: null, maxRetentionDays: null };
  if (min !== null && days < min) return INVENTED.retentionBelowMin(min);
  if (max !== null && days > max) return INVENTED.retentionAboveMax(max);
  return undefined;
}

/** When a point of that lifecycle is deleted; null: never. */
export function expiryOf(created: number, { deleteAfterDays }: Lifecycle): number | null {
  return deleteAfterDays === null ? null : created + deleteAfterDays * DAY_MS;
}

export function isCold(created: number, { moveToColdStorageAfterDays: days }: Lifecycle, now: number): boolean {
  return days !== null && now >= created + days * DAY_MS;
}

/** Without expiry, both are seen empty. */
export function lifecycleMembers(created: number, lifecycle: Lifecycle) {
  const { moveToColdStorageAfterDays: move, deleteAfterDays: expiry } = lifecycle;
  const at = (days: number) => new Date(created + days * DAY_MS);
  return {
    CalculatedLifecycle: {
      ...(move !== null && { MoveToColdStorageAt: at(move) }),
      ...(expiry !== null && { DeleteAt: at(expiry) }),
    },
    Lifecycle: lifecycleMember(lifecycle),
  };
}

export function lifecycleMember({ moveToColdStorageAfterDays: move, deleteAfterDays: expiry }: Lifecycle) {
  return { ...(move !== null && { MoveToColdStorageAfterDays: move }), ...(expiry !== null && { DeleteAfterDays: expiry }) };
}

function daysOf(days: number | undefined): number | null {
  return days === undefined || days === NEVER ? null : days;
}
