import { Invocation } from './invocation';

/** Reads may lag behind writes; this long in all. */
const WAITS_MS = [500, 1000, 2000, 4000, 8000];

/** Reads until the state is as expected, or for as long as reads may lag. @returns the state as it was read last */
export async function readUntil<T>(read: () => Promise<T>, expected: (state: T) => boolean, invocation: Invocation): Promise<T> {
  let state = await read();
  for (const wait of WAITS_MS) {
    if (expected(state)) break;
    await invocation.pause(wait);
    state = await read();
  }
  return state;
}
