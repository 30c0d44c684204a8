import { Invocation } from '../../cloudformation/invocation';
import { LockDescription } from '../services';
import { LockReader } from './observe';

/** Reads may lag behind writes; this long in all. */
const WAITS_MS = [500, 1000, 2000, 4000, 8000];

/** Reads the lock until it is as expected, or for as long as reads may lag. @returns the lock as it was read last */
export async function readUntil(
  reader: LockReader,
  expected: (lock: LockDescription | undefined) => boolean,
  invocation: Invocation,
): Promise<LockDescription | undefined> {
  let lock = await reader.lock();
  for (const wait of WAITS_MS) {
    if (expected(lock)) break;
    await invocation.pause(wait);
    lock = await reader.lock();
  }
  return lock;
}
