import { canonical } from './explore';
import { Handler, newRun, Run, State, Step } from './frame';
import { Broken, brokenOf } from './invariants';
import { Event, isDeployed, isIdle, isRollback, Moment, standingFor } from './stack';
import { AccessVerdict, decideAccess } from '../../../lambda/backup/access/decide';
import { AccessStatement, accessStatement, readAccessPolicy } from '../../../lambda/backup/access/statements';
import { isOver, isTooLateToDelete, Standing } from '../../../lambda/cloudformation/stack-phase';

/** `Sid` and content of a statement; in upper case with a policy variable in it. */
export type Statement = 'a1' | 'a2' | 'b1' | 'c1' | 'aV';

export const TEMPLATES: { readonly [name: string]: readonly Statement[] } = {
  'statement a1': ['a1'],
  'statement a2': ['a2'],
  'statements a1, b1': ['a1', 'b1'],
  'statement a with a variable': ['aV'],
};

interface Policy {
  readonly statements: readonly Statement[];
  /** Of the old version, in which variables mean nothing. */
  readonly isOld: boolean;
}

export interface World {
  readonly policy: Policy | null;
  /** Known to nobody but the laws: who wrote each of its statements; what is not in it is somebody else's. */
  readonly own: readonly Statement[];
  readonly settled: Moment;
}

export interface AccessRun extends Run {
  readonly at: 'look' | 'wanted' | 'write' | 'stillWanted' | 'takeBack' | 'writeBack';
  /** What the next write replaces the policy with. */
  readonly next: Policy | null;
  readonly phase: Standing | null;
  readonly hasWritten: boolean;
  /** The stack has been asked since the last write: the policy is looked at once more, and then written. */
  readonly asked: boolean;
  /** A Delete knows that it is not too late. */
  readonly inTime: boolean;
}

type AccessState = State<World, AccessRun>;
type AccessStep = Step<World, AccessRun>;
export type Decide = typeof decideAccess;

const json = ([sid = '', content = '']: string) => ({
  Sid: sid,
  Effect: 'Deny',
  Principal: '*',
  Action: content === '2' ? 'backup:DeleteRecoveryPoint' : 'backup:StartCopyJob',
  Resource: content === 'V' ? 'arn:aws:backup:*:*:recovery-point:${aws:username}' : '*',
});
const VERSIONS = { old: '2008-10-17', new: '2012-10-17' };
const TEXTS = new Map((['a1', 'a2', 'b1', 'c1', 'aV'] as const).map((name) => [JSON.stringify(json(name)), name]));
const PARSED = new Map([...TEXTS.values()].map((name): [Statement, AccessStatement] => [name, accessStatement(json(name))]));
const parsed = (names: readonly Statement[]) => names.flatMap((name) => PARSED.get(name) ?? []);
const sidOf = (statement: Statement) => statement.charAt(0);

function policyFrom(text: string): Policy {
  const { frame, statements } = readAccessPolicy(text);
  return { isOld: frame.Version === VERSIONS.old, statements: statements.flatMap((one) => TEXTS.get(JSON.stringify(one.json)) ?? []) };
}

/** What `lambda/backup/access/work.ts` and `resource.ts` do with a verdict: read, write the whole policy, read back. */
export class AccessHandler implements Handler<World, AccessRun> {
  readonly world: World = { policy: null, own: [], settled: 0 };
  readonly given = new Set<string>();
  private readonly known = new Map<string, AccessVerdict>();

  constructor(private readonly decide: Decide) {}

  begin(event: Event, state: AccessState): AccessRun {
    return {
      ...newRun(event, state),
      at: 'look',
      next: null,
      phase: null,
      hasWritten: false,
      asked: false,
      inTime: event.type !== 'Delete',
    };
  }

  isPastQuestion({ event, inTime }: AccessRun): boolean {
    return event.type === 'Delete' && inTime;
  }

  steps(run: AccessRun, state: AccessState): readonly AccessStep[] {
    const { world } = state;
    switch (run.at) {
      case 'look':
        return [this.look(run, state)];
      case 'wanted':
      case 'stillWanted': {
        const phase = this.phase(run, state);
        const seen = { ...run, phase: run.phase ?? phase };
        const hasTurned = run.phase === 'forward' && phase === 'rollback';
        const isLate = hasTurned || (run.at === 'wanted' ? isOver(phase) : phase === 'over' || phase === 'deletion');
        if (isLate) return [this.failed(seen, state, `the stack is in ${phase}: too late`)];
        if (run.at === 'stillWanted') return [this.done(seen, state, `the stack is in ${phase}`)];
        return [{ name: `the stack is in ${phase}`, world, run: { ...seen, at: 'look', next: null, asked: true } }];
      }
      case 'write':
      case 'writeBack':
        return [this.write(run, state)];
      case 'takeBack': {
        const standing = this.phase(run, state);
        if (standing !== 'over' && standing !== 'deletion') {
          return [this.answer(run, state, `the stack: ${standing}, nothing is taken back`)];
        }
        const verdict = this.judge(world.policy, [], TEMPLATES[run.event.to] ?? [], 'takeBack');
        if (verdict.do === 'nothing' || verdict.do === 'refuse') return [this.answer(run, state, 'nothing is left to take back')];
        return [{ name: `it takes back: ${verdict.do}`, world, run: { ...run, at: 'writeBack', next: nextOf(verdict) } }];
      }
    }
  }

  private look(run: AccessRun, state: AccessState): AccessStep {
    const { world } = state;
    const { event } = run;
    if (!run.inTime) return this.askStandingToDelete(run, state);
    if (event.type === 'Delete' && event.invented && !run.lastMoment && !this.shows(world, event)) {
      return { name: 'it waits for statements that a Create may be writing', world, run: { ...run, lastMoment: true } };
    }
    const [desired, old] =
      event.type === 'Delete' ? [[], TEMPLATES[event.to] ?? []] : [TEMPLATES[event.to] ?? [], TEMPLATES[event.from] ?? []];
    const verdict = this.judge(world.policy, desired, old, event.type);
    const name = `it looks: ${verdict.do === 'refuse' ? `refuse ${verdict.why}` : verdict.do}`;
    if (verdict.do === 'refuse') return { ...this.failed(run, state, name), broken: lawsOfRefusal(verdict, run, world) };
    if (verdict.do === 'nothing') {
      if (event.type !== 'Delete' && run.hasWritten) return { name, world, run: { ...run, at: 'stillWanted' } };
      return this.done(run, state, name);
    }
    return { name, world, run: { ...run, next: nextOf(verdict), at: event.type === 'Delete' || run.asked ? 'write' : 'wanted' } };
  }

  private askStandingToDelete(run: AccessRun, state: AccessState): AccessStep {
    const { world } = state;
    const standing = this.phase(run, state);
    if (isTooLateToDelete(standing)) return { name: `the stack: ${standing}, it has gone on without it`, world, success: true };
    return { name: `the stack: ${standing}`, world, run: { ...run, inTime: true } };
  }

  private judge(policy: Policy | null, desired: readonly Statement[], old: readonly Statement[], what: string): AccessVerdict {
    const key = canonical([policy, desired, old]);
    const verdict =
      this.known.get(key) ?? this.decide({ desired: parsed(desired), old: parsed(old), observed: policy ? observed(policy) : undefined });
    this.known.set(key, verdict);
    this.given.add(
      [what, verdict.do, verdict.do === 'refuse' ? verdict.why : '', 'left' in verdict && verdict.left.length > 0 ? 'left' : '']
        .filter(Boolean)
        .join(' '),
    );
    return verdict;
  }

  private shows({ policy }: World, { to }: Event): boolean {
    return (policy?.statements ?? []).some((statement) => TEMPLATES[to]?.some((own) => sidOf(own) === sidOf(statement)));
  }

  private write(run: AccessRun, state: AccessState): AccessStep {
    const { world } = state;
    const { event, next } = run;
    const before = world.policy?.statements ?? [];
    const after = next?.statements ?? [];
    const own = [
      ...world.own.filter((statement) => after.includes(statement)),
      ...after.filter((statement) => !before.includes(statement)),
    ];
    return {
      name: next ? `PutBackupVaultAccessPolicy: ${after.join()}` : 'DeleteBackupVaultAccessPolicy',
      world: { ...world, policy: next, own: [...new Set(own)].sort() },
      run: { ...run, at: run.at === 'write' ? 'look' : 'takeBack', next: null, hasWritten: true, asked: false },
      writes: true,
      broken: lawsOfWrite(before, after, run, world, event.type),
    };
  }

  /** A Create that finds a rollback under way came too late. */
  private phase({ event }: AccessRun, { stack }: AccessState): Standing {
    const standing = standingFor(stack, event);
    return event.type === 'Create' && standing === 'rollback' ? 'over' : standing;
  }

  private failed(run: AccessRun, state: AccessState, name: string): AccessStep {
    if (run.event.type === 'Create' && run.hasWritten) return { name, world: state.world, run: { ...run, at: 'takeBack' } };
    return this.answer(run, state, name);
  }

  /** A Delete ends whatever it could not remove. */
  private answer(run: AccessRun, state: AccessState, name: string): AccessStep {
    const { type } = run.event;
    return { name, world: state.world, success: type === 'Delete' || (type === 'Update' && this.phase(run, state) === 'rollback') };
  }

  private done({ event }: AccessRun, { world, runs, stack }: AccessState, name: string): AccessStep {
    // What a removal leaves is left on purpose.
    if (event.type === 'Delete') return { name, world: isRollback(stack) ? world : { ...world, own: [] }, success: true };
    const settles = runs.length === 1;
    return { name, world: settles ? { ...world, settled: event.signedAt } : world, success: true };
  }

  outside({ world }: AccessState): readonly { readonly name: string; readonly world: World }[] {
    const { policy } = world;
    const statements = policy?.statements ?? [];
    const by = (name: string, changed: Policy | null) => {
      const own = world.own.filter((statement) => changed?.statements.includes(statement));
      return { name, world: { policy: changed, own, settled: 0 } };
    };
    const whole = (list: readonly Statement[], isOld = policy?.isOld ?? false): Policy => ({ statements: list, isOld });
    const others = statements.filter((statement) => sidOf(statement) !== 'a');
    return [
      ...(statements.includes('c1') ? [] : [by('by hand: a statement more', whole([...statements, 'c1']))]),
      ...(statements.includes('a2') ? [] : [by('by hand: another statement a', whole(['a2', ...others]))]),
      ...(policy ? [by('by hand: the policy is deleted', null)] : [by('by hand: a policy of the old version', whole(['c1'], true))]),
      { name: 'time: a day passes', world },
    ];
  }

  lapses(): readonly [] {
    return [];
  }

  gone(world: World): World {
    return { ...world, own: [], settled: 0 };
  }

  abandoned(world: World): World {
    return { ...world, own: [] };
  }

  /**
   * Left out, because nobody is there any more who could know: a Create stalls until the Delete that follows has looked for as long as it
   * does, and has been answered; then it writes, and dies before it can take that back.
   */
  died({ event }: AccessRun, { world, stack }: AccessState): World {
    const isMissed = event.type === 'Create' && isOver(standingFor(stack, event));
    return isMissed ? { ...world, own: [] } : world;
  }

  tidy(state: AccessState): AccessState {
    const { world, stack, runs } = state;
    const events = [stack.last, stack.late, ...runs.map(({ event }) => event)];
    const settled = events.some((event) => event?.signedAt === world.settled) ? world.settled : 0;
    return { ...state, world: { policy: world.policy, own: world.own, settled } };
  }

  lawsAtRest({ stack, world }: AccessState, before: AccessState): Broken[] {
    const statements = world.policy?.statements ?? [];
    const isOut = isIdle(stack) && /NONE|COMPLETE/.test(stack.status) && stack.template === '' && !stack.abandoned;
    const isFulfilled = isDeployed(stack, before.stack) && world.settled === stack.last?.signedAt;
    const fits = (TEMPLATES[stack.template] ?? []).every((statement) => statements.includes(statement));
    return brokenOf(
      ['nothingLeftByAFailedCreate', isOut && world.own.length > 0, `${world.own.join()} is left`],
      ['meansWhatItSays', isFulfilled && !fits, `${stack.template}: ${statements.join()}`],
    );
  }
}

function observed({ statements, isOld }: Policy) {
  const Version = isOld ? VERSIONS.old : VERSIONS.new;
  return { frame: { Version }, statements: parsed(statements) };
}

function nextOf(verdict: Extract<AccessVerdict, { do: 'put' | 'deletePolicy' }>): Policy | null {
  return verdict.do === 'put' ? policyFrom(verdict.policy) : null;
}

function lawsOfWrite(before: readonly Statement[], after: readonly Statement[], run: AccessRun, world: World, type: string): Broken[] {
  const { event } = run;
  const [to, from] = [TEMPLATES[event.to] ?? [], TEMPLATES[event.from] ?? []];
  const lost = before.filter((statement) => !after.includes(statement));
  const isNamed = (statement: Statement) => [...to, ...from].some((one) => sidOf(one) === sidOf(statement));
  const inBoth = to.filter((statement) => from.includes(statement));
  return brokenOf(
    ['onlyItsOwn', lost.some((statement) => !isNamed(statement)), `${lost.join()} of somebody else goes`],
    [
      'onlyItsOwn',
      type === 'Create' && lost.some((statement) => !world.own.includes(statement) && !to.includes(statement)),
      `${lost.join()} was there before`,
    ],
    [
      'noGap',
      type === 'Update' && lost.some((statement) => inBoth.includes(statement)),
      `${lost.join()} goes, and both templates ask for it`,
    ],
    [
      'noNeedlessWrite',
      world.settled !== 0 && world.settled === event.signedAt,
      'a policy is written for an event that was fulfilled before',
    ],
    ['lateMakesNothing', type === 'Create' && run.at === 'write' && !run.wanted, 'a Create writes that the stack does not wait for'],
  );
}

function lawsOfRefusal({ why }: Extract<AccessVerdict, { do: 'refuse' }>, { event }: AccessRun, { policy }: World): Broken[] {
  const to = TEMPLATES[event.to] ?? [];
  const isTaken = (policy?.statements ?? []).some(
    (statement) => !to.includes(statement) && to.some((one) => sidOf(one) === sidOf(statement)),
  );
  const reasons = { taken: isTaken, variables: policy?.isOld === true && to.includes('aV') };
  return brokenOf(['refusalHasAReason', !reasons[why], `${why} is said of ${JSON.stringify(policy)}`]);
}
