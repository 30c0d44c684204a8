import { Handler, newRun, older, Step } from './frame';
import { broken, brokenOf, Broken } from './invariants';
import { Event, isDeployed, isIdle, Moment, standingFor } from './stack';
import {
  afterStep,
  Decisions,
  isAsWritten,
  Judge,
  kindOf,
  Refusal,
  refusalOf,
  TEMPLATES,
  Vault,
  VaultRun,
  VaultState,
  POLICIES,
  World,
} from './vault-world';
import { isOver, isTooLateToDelete, Standing } from '../../../lambda/cloudformation/stack-phase';
import { VaultStep } from '../../../lambda/glacier/vault/decide';

type VaultMove = Step<World, VaultRun>;

const isUnwanted = (standing: Standing, { type }: Event) =>
  standing === 'over' || standing === 'deletion' || (standing === 'rollback' && type === 'Create');

/** What `lambda/glacier/vault/resource.ts` does with a verdict, one call after the other. */
export class VaultHandler implements Handler<World, VaultRun> {
  readonly world: World = { vault: null, settled: 0 };
  readonly judge: Judge;

  constructor(decisions: Decisions) {
    this.judge = new Judge(decisions);
  }

  begin(event: Event, state: VaultState): VaultRun {
    return { ...newRun(event, state), at: 'look', lookedTwice: false, steps: [], done: 0, making: false, isMade: false, deletion: null };
  }

  isPastQuestion({ event, at }: VaultRun): boolean {
    return event.type === 'Delete' && at === 'remove';
  }

  steps(run: VaultRun, state: VaultState): readonly VaultMove[] {
    const { world, stack, now } = state;
    const { event, making, steps, done } = run;
    switch (run.at) {
      case 'look':
        return [event.type === 'Delete' ? this.lookToDelete(run, state) : this.look(run, state)];
      case 'wanted': {
        const standing = standingFor(stack, event);
        if (isOver(standing) || isUnwanted(standing, event)) return [this.failed(run, state, `the stack: ${standing}`)];
        return [{ name: `the stack: ${standing}`, world, run: { ...run, at: 'step' } }];
      }
      case 'step': {
        const step = steps[done];
        if (!step) return [{ name: 'all is written', world, run: { ...run, at: 'verify', isMade: true } }];
        const vault = afterStep(world.vault, step, event, now);
        if (!vault) return [this.failed(run, state, `${step.do}: there is no such vault`)];
        const after = { ...run, done: done + 1, at: step.do === 'createVault' ? ('whose' as const) : ('step' as const) };
        return [{ name: step.do, world: { ...world, vault }, run: after, writes: true, broken: lawsOfStep(step, run, state) }];
      }
      case 'whose': {
        const owner = world.vault?.owner;
        if (owner && (owner.adopted || owner.whose !== event.whose)) return [this.failed(run, state, 'the vault is another’s')];
        return [{ name: 'the vault is nobody else’s', world, run: { ...run, at: 'step' } }];
      }
      case 'verify': {
        if (!steps.every((step) => isAsWritten(world.vault, step, event))) return [this.failed(run, state, 'it is not as it was written')];
        return [making ? { name: 'it verifies', world, run: { ...run, at: 'stillWanted' } } : this.done(run, state, 'it verifies')];
      }
      case 'stillWanted': {
        const standing = standingFor(stack, event);
        if (isUnwanted(standing, event)) return [this.failed(run, state, `the stack: ${standing}, it is not wanted any more`)];
        return [this.done(run, state, `the stack: ${standing}`)];
      }
      case 'askToTakeBack':
        return [this.askToTakeBack(run, state)];
      case 'isHalfMade': {
        const verdict = this.judge.put(world.vault, { event, lookedTwice: true });
        const isHalfMade = verdict.do === 'steps' && verdict.steps.length > 0;
        if (!isHalfMade) return [this.answer(run, state, 'it is whole, and stays')];
        return [{ name: 'it is half made', world, run: { ...run, at: 'takeBack' } }];
      }
      case 'takeBack':
        return [this.takeBack(run, state)];
      case 'askStanding': {
        const standing = standingFor(stack, event);
        const takesBack = standing === 'rollback' || standing === 'deletion';
        const isNewer = !takesBack && (world.vault?.created ?? 0) > event.signedAt;
        if (isTooLateToDelete(standing) || isNewer) return [{ name: 'the stack has gone on without it', world, success: true }];
        return [{ name: `the stack: ${standing}`, world, run: { ...run, at: 'remove' } }];
      }
      case 'remove':
        return [this.remove(run, state)];
    }
  }

  private look(run: VaultRun, state: VaultState): VaultMove {
    const { world } = state;
    const verdict = this.judge.put(world.vault, run);
    const name = `it looks: ${kindOf(verdict)}`;
    if (verdict.do === 'lookAgain') return { name, world, run: { ...run, lookedTwice: true } };
    if (verdict.do === 'refuse') return { ...this.failed(run, state, name), broken: lawsOfRefusal(refusalOf(verdict.reason), run, state) };
    const { steps, making } = verdict;
    if (steps.length === 0 && !making) return this.done(run, state, `${name}, none`);
    return { name, world, run: { ...run, at: 'wanted', steps, making } };
  }

  private lookToDelete(run: VaultRun, state: VaultState): VaultMove {
    const { world } = state;
    if (run.event.invented && !world.vault?.owner && !run.lastMoment) {
      return { name: 'it waits for a vault that a Create may be making', world, run: { ...run, lastMoment: true } };
    }
    const deletion = this.judge.delete(world.vault, run.event);
    if (deletion.do === 'keep') return { name: 'it looks: keep', world, success: true };
    return { name: `it looks: ${deletion.do}`, world, run: { ...run, at: 'askStanding', deletion: deletion.do } };
  }

  private remove({ event, deletion }: VaultRun, { world }: VaultState): VaultMove {
    const { vault } = world;
    if (!vault) return { name: 'there is no such vault', world, success: true };
    if (deletion !== 'deleteVault') {
      return { name: 'the owner tag is removed', world: { ...world, vault: { ...vault, owner: null } }, success: true };
    }
    if (vault.holdsArchives) return { name: 'DeleteVault is refused: it is not empty', world, success: true };
    return { name: 'DeleteVault', world: { ...world, vault: null }, success: true, writes: true, broken: lawsOfDeletion(vault, event) };
  }

  /** The owner tag is read before the stack is asked, and what is half made is looked at after it. */
  private askToTakeBack(run: VaultRun, state: VaultState): VaultMove {
    const { world, stack } = state;
    const standing = standingFor(stack, run.event);
    const isLate = isUnwanted(standing, run.event);
    const stays = run.deletion !== 'deleteVault' || (!isLate && (run.isMade || isOver(standing)));
    if (stays) return this.answer(run, state, `the stack: ${standing}, nothing is taken back`);
    return { name: `the stack: ${standing}`, world, run: { ...run, at: isLate ? 'takeBack' : 'isHalfMade' } };
  }

  private takeBack(run: VaultRun, state: VaultState): VaultMove {
    const { vault } = state.world;
    if (!vault || vault.holdsArchives) return this.answer(run, state, 'there is no vault, or Glacier keeps it');
    const after = { ...state, world: { ...state.world, vault: null } };
    return { ...this.answer(run, after, 'DeleteVault, to take it back'), writes: true, broken: lawsOfDeletion(vault, run.event) };
  }

  private failed(run: VaultRun, state: VaultState, name: string): VaultMove {
    if (!run.making) return this.answer(run, state, name);
    const deletion = this.judge.delete(state.world.vault, run.event).do;
    return {
      name: `${name}; it looks whose the vault is`,
      world: state.world,
      run: { ...run, at: 'askToTakeBack', steps: [], done: 0, deletion },
    };
  }

  private answer({ event }: VaultRun, { stack, world }: VaultState, name: string): VaultMove {
    return { name, world, success: event.type === 'Update' && standingFor(stack, event) === 'rollback' };
  }

  private done({ event }: VaultRun, { world, runs }: VaultState, name: string): VaultMove {
    return { name, world: runs.length === 1 ? { ...world, settled: event.signedAt } : world, success: true };
  }

  outside({ world, now }: VaultState): readonly { readonly name: string; readonly world: World }[] {
    const { vault } = world;
    const by = (name: string, changed: Partial<Vault> | null) => ({
      name,
      world: { vault: vault && changed && { ...vault, ...changed }, settled: 0 },
    });
    const made: Vault = {
      owner: null,
      created: now,
      holdsArchives: false,
      policy: null,
      team: null,
      notifies: false,
      by: 3,
      orphan: false,
    };
    if (!vault) return [{ name: 'by hand: a vault is created', world: { vault: made, settled: 0 } }];
    return [
      ...(vault.holdsArchives
        ? []
        : [by('by hand: the vault is deleted', null), by('by hand: an archive is uploaded', { holdsArchives: true })]),
      ...(vault.owner ? [by('by hand: the owner tag is removed', { owner: null })] : []),
      by('by hand: the owner tag is changed', { owner: { whose: 2, adopted: false } }),
      by('by hand: another access policy', { policy: 'B' }),
      { name: 'time: a day passes', world },
    ];
  }

  lapses(): readonly [] {
    return [];
  }

  gone({ vault }: World): World {
    const owner = vault?.owner && { ...vault.owner, whose: older(vault.owner.whose) };
    return { vault: vault && { ...vault, owner: owner ?? null, by: vault.by === 3 ? 3 : older(vault.by) }, settled: 0 };
  }

  abandoned({ vault, ...world }: World): World {
    return { ...world, vault: vault && { ...vault, orphan: true } };
  }

  /**
   * Left out, because nobody is there any more who could know: a Create stalls until the Delete that follows has looked for as long as it
   * does, and has been answered; then it makes a vault, and dies before it can take that back.
   */
  died({ event }: VaultRun, { world, stack }: VaultState): World {
    const isMissed = event.type === 'Create' && isOver(standingFor(stack, event));
    return isMissed && world.vault ? { ...world, vault: { ...world.vault, orphan: true } } : world;
  }

  tidy(state: VaultState): VaultState {
    const { world, stack, runs } = state;
    const events = [stack.last, stack.late, ...runs.map(({ event }) => event)];
    const isDeliverable = (moment: Moment) => events.some((event) => event?.signedAt === moment);
    const { vault, settled } = world;
    // Only an event that is older than the vault can have made it.
    const isYoung = events.some((event) => event && vault && event.signedAt < vault.created);
    return {
      ...state,
      world: { vault: vault && { ...vault, created: isYoung ? vault.created : 0 }, settled: isDeliverable(settled) ? settled : 0 },
    };
  }

  lawsAtRest({ stack, world }: VaultState, before: VaultState): Broken[] {
    const { vault } = world;
    const isOut = isIdle(stack) && /NONE|COMPLETE/.test(stack.status) && stack.template === '' && !stack.abandoned;
    const isOwn = vault?.by === (stack.status === 'NONE' ? 1 : 0) && vault.owner?.whose === vault.by && !vault.orphan;
    const isFulfilled = isDeployed(stack, before.stack) && world.settled === stack.last?.signedAt;
    return brokenOf(
      ['nothingLeftByAFailedCreate', isOut && isOwn && !vault.holdsArchives, 'a vault is left'],
      ['meansWhatItSays', isFulfilled && !fits(vault, stack.template), `${stack.template}: ${JSON.stringify(vault)}`],
    );
  }
}

function lawsOfStep(step: VaultStep, { event, wanted }: VaultRun, { world }: VaultState): Broken[] {
  const { vault, settled } = world;
  const mayAdopt = TEMPLATES[event.to]?.adoptExisting || vault?.owner?.whose === event.whose;
  return brokenOf(
    [
      'lateMakesNothing',
      step.do === 'createVault' && !vault && !wanted,
      'a vault is created for an event that the stack does not wait for',
    ],
    ['noNeedlessWrite', settled !== 0 && settled === event.signedAt, `${step.do} by an event that was fulfilled before`],
    ['onlyItsOwn', event.type === 'Create' && vault?.by === 3 && !mayAdopt, `${step.do} on a vault that somebody else made`],
    ['onlyItsOwn', vault?.owner?.whose === 2 && !mayAdopt, `${step.do} on a vault that another resource owns`],
  );
}

function lawsOfDeletion(vault: Vault, event: Event): Broken[] {
  return vault.by === event.whose ? [] : [broken('onlyItsOwn', 'a vault is deleted that the stack did not create')];
}

function lawsOfRefusal(why: Refusal, { event }: VaultRun, { world }: VaultState): Broken[] {
  const { vault } = world;
  const reasons: { readonly [refusal in Refusal]: boolean } = {
    taken: vault !== null && (vault.owner === null || vault.owner.adopted || vault.owner.whose !== event.whose),
    vanished: vault === null,
    anothers: vault !== null && vault.owner !== null && vault.owner.whose !== event.whose,
  };
  return brokenOf(['refusalHasAReason', !reasons[why], `${why} is said of ${JSON.stringify(vault)}`]);
}

function fits(vault: Vault | null, name: string): boolean {
  const { accessPolicy, tags, notifications } = TEMPLATES[name] ?? { tags: {} };
  if (!vault) return false;
  const hasPolicy = accessPolicy === undefined || (vault.policy !== null && POLICIES[vault.policy] === accessPolicy);
  return hasPolicy && (tags.team === undefined || vault.team === tags.team) && (!notifications || vault.notifies);
}
