import * as fc from 'fast-check';
import { retention, startGlacier } from './glacier-server';

const HOUR_MS = 60 * 60 * 1000;

type Step =
  | { readonly call: 'initiate' | 'abort' | 'get' | 'recreate' }
  /** With the newest id (0), an older one, or one that was never handed out (-1, or beyond the oldest). */
  | { readonly call: 'complete'; readonly nth: number }
  | { readonly call: 'wait'; readonly hours: number };

/** The table of docs/local-glacier.md in twenty lines. */
class Model {
  private lock?: { id: string; locked: boolean; expires: number };
  private now = 0;

  expected(step: Step, sentId: string): number {
    switch (step.call) {
      case 'initiate':
        return this.lock ? 403 : 201;
      case 'complete':
        if (!this.lock) return 404;
        if (this.lock.id !== sentId) return this.lock.locked ? 403 : 400;
        this.lock.locked = true;
        return 204;
      case 'abort':
        if (this.lock?.locked) return 403;
        this.lock = undefined;
        return 204;
      case 'get':
        return this.lock ? 200 : 404;
      case 'recreate':
        this.lock = undefined;
        return 201;
      case 'wait':
        this.now += step.hours * HOUR_MS;
        if (this.lock && !this.lock.locked && this.now >= this.lock.expires) this.lock = undefined;
        return 0;
    }
  }

  initiated(id: string): void {
    this.lock = { id, locked: false, expires: this.now + 24 * HOUR_MS };
  }

  get state(): string | undefined {
    return this.lock && (this.lock.locked ? 'Locked' : 'InProgress');
  }
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ call: 'initiate' }) },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ call: 'abort' }, { call: 'get' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ call: 'recreate' }) },
  { weight: 3, arbitrary: fc.record({ call: fc.constant('complete' as const), nth: fc.integer({ min: -1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ call: fc.constant('wait' as const), hours: fc.constantFrom(0.5, 8, 12, 23.5, 24) }) },
);

test('any sequence of lock calls and waiting goes as the table says', async () => {
  const glacier = await startGlacier();
  const path = '/-/vaults/ledger';
  const policy = JSON.stringify({ Policy: retention('ledger', 365) });
  const recreate = async () => {
    await glacier.raw('DELETE', path);
    return glacier.raw('PUT', path);
  };
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        await recreate();
        const model = new Model();
        const ids: string[] = [];
        for (const current of steps) {
          const sent = current.call === 'complete' ? ([...ids].reverse()[current.nth] ?? 'AE863rKkWZU53SLW5be4DUcW') : '';
          const expected = model.expected(current, sent);
          if (current.call === 'wait') {
            await glacier.world.clock.advance(current.hours * HOUR_MS);
            continue;
          }
          const answer = await {
            initiate: () => glacier.raw('POST', `${path}/lock-policy`, { body: policy }),
            complete: () => glacier.raw('POST', `${path}/lock-policy/${sent}`),
            abort: () => glacier.raw('DELETE', `${path}/lock-policy`),
            get: () => glacier.raw('GET', `${path}/lock-policy`),
            recreate,
          }[current.call]();
          expect(answer.status).toBe(expected);
          if (answer.status === 201 && current.call === 'initiate') {
            ids.push(String(answer.headers['x-amz-lock-id']));
            model.initiated(ids.at(-1)!);
          }
          const shown = await glacier.raw('GET', `${path}/lock-policy`);
          expect((JSON.parse(shown.body) as { State?: string }).State).toBe(model.state);
        }
      }),
      { numRuns: 100 },
    );
  } finally {
    await glacier.close();
  }
}, 30_000);
