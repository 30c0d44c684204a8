import * as fc from 'fast-check';
import { DAY_MS, startBackup } from './backup-server';

type Step =
  | { readonly call: 'put'; readonly min?: number; readonly max?: number; readonly changeable?: number }
  | { readonly call: 'delete' }
  | { readonly call: 'wait'; readonly days: number };

interface Shown {
  readonly Locked: boolean;
  readonly MinRetentionDays?: number;
  readonly MaxRetentionDays?: number;
  readonly LockDate?: number;
}

/** The table of docs/local-backup.md in twenty lines. Time is in days. */
class Model {
  private lock?: { min?: number; max?: number; date?: number };
  now = 0;

  constructor(private readonly keepsDate: boolean) {}

  expected(step: Step): number {
    const isImmutable = this.lock?.date !== undefined && this.lock.date <= this.now;
    switch (step.call) {
      case 'put': {
        if (isImmutable || (step.min ?? 1) > (step.max ?? 36_500)) return 400;
        const date = step.changeable === undefined ? (this.keepsDate ? this.lock?.date : undefined) : this.now + step.changeable;
        this.lock = { min: step.min, max: step.max, date };
        return 200;
      }
      case 'delete':
        if (isImmutable) return 400;
        this.lock = undefined;
        return 200;
      case 'wait':
        this.now += step.days;
        return 200;
    }
  }

  /** As a JSON body would be read; `start` is the model's day 0 in seconds since 1970. */
  shown(start: number): Shown {
    const { min, max, date } = this.lock ?? {};
    return {
      Locked: this.lock !== undefined,
      ...(min !== undefined && { MinRetentionDays: min }),
      ...(max !== undefined && { MaxRetentionDays: max }),
      ...(date !== undefined && { LockDate: start + (date * DAY_MS) / 1000 }),
    };
  }
}

const days = fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined, freq: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      call: fc.constant('put' as const),
      min: days,
      max: days,
      changeable: fc.option(fc.integer({ min: 3, max: 8 }), { nil: undefined, freq: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ call: 'delete' }) },
  { weight: 3, arbitrary: fc.record({ call: fc.constant('wait' as const), days: fc.constantFrom(0.5, 1, 2.5, 3, 8) }) },
);

test.each(['keepLockDate', 'clearLockDate'])(
  'backup.putInGrace=%s: any sequence of calls and waiting goes as the table says',
  async (setting) => {
    const backup = await startBackup({ switches: { 'backup.putInGrace': setting } });
    const path = '/backup-vaults/ledger';
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
          // An empty vault can always be deleted, whatever its lock.
          await backup.raw('DELETE', path);
          await backup.raw('PUT', path, { body: '{}' });
          const start = backup.world.clock.now() / 1000;
          const model = new Model(setting === 'keepLockDate');
          for (const current of steps) {
            const expected = model.expected(current);
            if (current.call === 'wait') {
              await backup.world.clock.advance(current.days * DAY_MS);
            } else {
              const {
                min: MinRetentionDays,
                max: MaxRetentionDays,
                changeable: ChangeableForDays,
              } = { ...(current as Step & { call: 'put' }) };
              const body = JSON.stringify({ MinRetentionDays, MaxRetentionDays, ChangeableForDays });
              const put = current.call === 'put';
              expect((await backup.raw(put ? 'PUT' : 'DELETE', `${path}/vault-lock`, put ? { body } : {})).status).toBe(expected);
            }
            const { Locked, MinRetentionDays, MaxRetentionDays, LockDate } = JSON.parse((await backup.raw('GET', path)).body) as Shown;
            expect({ Locked, MinRetentionDays, MaxRetentionDays, LockDate }).toEqual(model.shown(start));
          }
        }),
        { numRuns: 80 },
      );
    } finally {
      await backup.close();
    }
  },
  30_000,
);
