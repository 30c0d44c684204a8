import { VirtualClock } from '../../../local/server/clock';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const standing = () => new VirtualClock(() => START);

describe('VirtualClock', () => {
  test('runs with its base and keeps what it was advanced', async () => {
    let base = START;
    const clock = new VirtualClock(() => base);
    base += 1_000;
    await clock.advance(86_400_000);
    base += 1_000;
    expect(new Date(clock.now()).toISOString()).toBe('2026-01-02T00:00:02.000Z');
    expect(clock.offset).toBe(86_400_000);
  });

  test('runs what falls due in order of time, each at its own time, before advance resolves', async () => {
    const clock = standing();
    const seen: [string, number][] = [];
    clock.at(START + 2_000, () => void seen.push(['later', clock.now() - START]));
    clock.at(START + 1_000, () => void seen.push(['sooner', clock.now() - START]));
    clock.at(START + 9_000, () => void seen.push(['not yet', clock.now() - START]));
    await clock.advance(5_000);
    expect(seen).toEqual([
      ['sooner', 1_000],
      ['later', 2_000],
    ]);
    expect(clock.now() - START).toBe(5_000);
    clock.stop();
  });

  test('waits for a task that is asynchronous, and for tasks that tasks make', async () => {
    const clock = standing();
    const seen: string[] = [];
    clock.at(START + 1_000, async () => {
      await Promise.resolve();
      seen.push('first');
      clock.at(START + 1_500, () => void seen.push('made by the first'));
    });
    await clock.advance(2_000);
    expect(seen).toEqual(['first', 'made by the first']);
  });

  test('forgets a task that was called off', async () => {
    const clock = standing();
    const seen: string[] = [];
    const callOff = clock.at(START + 1_000, () => void seen.push('never'));
    callOff();
    await clock.advance(2_000);
    expect(seen).toEqual([]);
  });

  test('takes fractions of a second and more than 24 days at once', async () => {
    const clock = standing();
    await clock.advance(0.5);
    await clock.advance(2_556 * 86_400_000);
    expect(clock.now() - START).toBe(2_556 * 86_400_000 + 0.5);
  });
});
