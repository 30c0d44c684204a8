import type { Scenario, TestedStep } from './exhaustive/scenario';
import { SCENARIOS } from './exhaustive/scenarios';
import { StepCourt } from './exhaustive/step-court';
import { scenarioNamed, surveyOf } from './exhaustive/survey';
import { Player } from './program/play';
import { canHit, FAULT_KINDS, isRead } from './world/faults';

/** The scenario without any trouble. */
async function calm({ program, tested }: Scenario): Promise<StepCourt> {
  let court: StepCourt | undefined;
  const step = program.steps[tested]?.step as TestedStep;
  const hearing = {
    step,
    steps: program.steps.length,
    delays: [],
    ends: new Set<string>(),
    middles: { known: [], found: new Set<string>() },
  };
  await new Player(program, (world) => (court = new StepCourt(world, hearing))).play();
  if (!court) throw new Error('nothing was played');
  return court;
}

async function variantsOf(name: string, inFull = false): Promise<string[]> {
  const names: string[] = [];
  const { broken } = await surveyOf(scenarioNamed(name), { inFull, told: (variant) => names.push(variant.name) });
  expect(broken).toEqual({});
  return names;
}

describe('the scenarios', () => {
  test('have names of their own', () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('hold when nothing goes wrong, and their last step asks something of a function', async () => {
    const idle: string[] = [];
    for (const scenario of SCENARIOS) {
      const { events, violations } = await calm(scenario);
      expect({ scenario: scenario.name, violations }).toEqual({ scenario: scenario.name, violations: [] });
      if (events.length === 0) idle.push(scenario.name);
    }
    expect(idle).toEqual([]);
  }, 120_000);
});

describe('the variants of a scenario', () => {
  test('hit every call with every fault that differs', async () => {
    const [event] = (await calm(scenarioNamed('vault: add tags'))).events;
    const names = await variantsOf('vault: add tags');
    const expected = (event?.calls ?? []).flatMap(({ operation, earlier }) =>
      FAULT_KINDS.filter((kind) => canHit(operation, kind) && !(isRead(operation) && kind.endsWith('After'))).map(
        (kind) => `vault: add tags: ${operation} ${kind}, call ${earlier + 1}`,
      ),
    );
    expect(expected.length).toBeGreaterThan(30);
    expect(names).toEqual(expect.arrayContaining(expected));
  });

  test('kill the process between any two calls, once and twice, alone and beside a copy', async () => {
    const names = await variantsOf('vault: add tags');
    const deaths = names.filter((name) => name.includes('after call 4 (glacier:AddTagsToVault)'));
    const death = (times: string) => `vault: add tags: Update of LedgerVault ${times} after call 4 (glacier:AddTagsToVault)`;
    expect(deaths).toEqual(
      expect.arrayContaining([death('dies'), `${death('dies')}, copy at once`, `${death('dies')}, copy after 10 s`, death('dies twice')]),
    );
  });

  test('leave out a late copy only where another found the same', async () => {
    const [brief, full] = [await variantsOf('vault: add tags'), await variantsOf('vault: add tags', true)];
    expect(full).toEqual(expect.arrayContaining(brief));
    const leftOut = full.filter((name) => !brief.includes(name));
    expect(leftOut.length).toBeGreaterThan(50);
    expect(leftOut.every((name) => /, copy after (10 s|3 min|1 h)$/.test(name))).toBe(true);
    expect(brief).toContain('vault: add tags: no trouble, copy after 10 s');
  });
});
