import type { ConsoleAct, Program, Step } from '../program/program';
import type {
  BackupLockSpec,
  BackupSlot,
  GlacierLockSpec,
  GlacierSlot,
  SiblingSpec,
  SlotName,
  TemplateSpec,
  VaultSpec,
} from '../program/template-spec';
import { MINUTE, SECOND } from '../world/sim-clock';

/** A piece of a stack's life without any noise, and the one step of it into which trouble is put. */
export interface Scenario {
  readonly name: string;
  readonly program: Program;
  /** Which of the program's steps is under test. */
  readonly tested: number;
  /** To the functions it differs little from another scenario, so that redeliveries and deaths are enough. */
  readonly isBrief: boolean;
}

export type StackStep = Program['steps'][number];
export type TestedStep = Extract<Step, { readonly faults: unknown }>;

export interface Surroundings {
  readonly found?: Partial<Program['found']>;
  readonly switches?: Program['switches'];
  readonly isBrief?: boolean;
  /** The step under test completes a lock, or sets a lock date. */
  readonly becomesPermanent?: boolean;
}

/** The last step is the one under test. */
export function scenario(
  name: string,
  steps: readonly StackStep[],
  { found, switches = {}, isBrief = false }: Surroundings = {},
): Scenario {
  const program: Program = {
    ...{ noise: 0, skewMs: 0, switches, slots: slotsIn(steps), steps },
    found: { ledger: false, prodLock: 'none', ...found },
  };
  return { name, program, tested: steps.length - 1, isBrief };
}

function slotsIn(steps: readonly StackStep[]): SlotName[] {
  const templates = steps.flatMap(({ step }) => (step.do === 'deploy' ? [step.template] : []));
  return [...new Set(templates.flatMap(({ glacier, backup }) => [...Object.keys(glacier), ...Object.keys(backup)]))] as SlotName[];
}

const untroubled = () => ({ faults: [], deliveries: [], settles: true });

type DeployStep = Extract<Step, { readonly do: 'deploy' }>;
type DeployOptions = Partial<Pick<DeployStep, 'onFailure' | 'cancelAfterMs'>>;

export function deploy(wanted: TemplateSpec, { onFailure = 'rollback', cancelAfterMs }: DeployOptions = {}): StackStep {
  return { stack: 0, step: { do: 'deploy', template: wanted, onFailure, cancelAfterMs, ...untroubled() } };
}

/** A deployment that is denied one operation, and stops where it is. */
export function denied(operation: string, wanted: TemplateSpec): StackStep {
  const faults = [{ operation, kind: 'deniedByPolicy' as const, skip: 0, times: 1 }];
  return { stack: 0, step: { do: 'deploy', template: wanted, onFailure: 'keep', ...untroubled(), faults } };
}

export function act(what: Exclude<TestedStep['do'], 'deploy'>): StackStep {
  return { stack: 0, step: { do: what, ...untroubled() } };
}

export function pass(ms: number): StackStep {
  return { stack: 0, step: { do: 'pass', ms } };
}

export function atTheConsole(what: ConsoleAct, slot: 0 | 1 | 2): StackStep {
  return { stack: 0, step: { do: 'console', act: what, slot, afterMs: 0 } };
}

/** The same, on the second stack. */
export function elsewhere({ step }: StackStep): StackStep {
  return { stack: 1, step };
}

interface Content {
  readonly Ledger?: GlacierSlot;
  readonly Prod?: BackupSlot;
  readonly Test?: BackupSlot;
  readonly Remote?: BackupSlot;
}

export function template({ Ledger, Prod, Test, Remote }: Content, ...siblings: readonly SiblingSpec[]): TemplateSpec {
  return {
    glacier: { ...(Ledger && { Ledger }) },
    backup: { ...(Prod && { Prod }), ...(Test && { Test }), ...(Remote && { Remote }) },
    siblings,
    otherVersion: false,
  };
}

/** As another version of the library writes it. */
export function ofOtherVersion(spec: TemplateSpec): TemplateSpec {
  return { ...spec, otherVersion: true };
}

export function vault(spec: Partial<VaultSpec> = {}): VaultSpec {
  return { renamed: false, adopt: false, removal: 'Delete', tags: 'none', access: 'none', notify: false, ...spec };
}

export function glacierLock(spec: Partial<GlacierLockSpec> = {}): GlacierLockSpec {
  return { policy: 'sevenYears', stage: 'initiate', acknowledge: 'none', ...spec };
}

export const completed: Partial<GlacierLockSpec> = { stage: 'complete', acknowledge: 'right' };

export function governance(spec: Partial<BackupLockSpec> = {}): BackupLockSpec {
  return {
    ...{ mode: 'governance', min: 7, max: 35, coolingOff: 7, acknowledge: 'none' },
    ...{ onRemoval: 'remove', allowPoints: false, moved: false },
    ...spec,
  };
}

export function compliance(spec: Partial<BackupLockSpec> = {}): BackupLockSpec {
  return governance({ mode: 'compliance', acknowledge: 'right', ...spec });
}

/** Keeps a stack alive that has nothing else. */
export const placeholder: SiblingSpec = { fail: '', delayMs: 0 };

export function failing(delayMs: number): SiblingSpec {
  return { fail: 'forward', delayMs };
}

export function slow(delayMs: number): SiblingSpec {
  return { fail: '', delayMs };
}

/** While the first resource is at work. */
export const EARLY_MS = 330;
/** When everything of ours has been answered. */
export const LATE_MS = 2 * MINUTE;

/**
 * A deployment that a failing sibling takes back: before ours is done, and after. CloudFormation waits for an Update that is at work, which
 * then finds a stack that is about to roll back: without a lock that becomes permanent little depends on it.
 */
export function takenBack(name: string, before: readonly StackStep[], content: Content, surroundings: Surroundings = {}): Scenario[] {
  const failingAfter = (ms: number) => [...before, deploy(template(content, failing(ms)))];
  const isBrief = surroundings.isBrief || (before.length > 0 && !surroundings.becomesPermanent);
  return [
    scenario(`${name}, rolled back while at work`, failingAfter(EARLY_MS), { ...surroundings, isBrief }),
    scenario(`${name}, rolled back when done`, failingAfter(LATE_MS), surroundings),
  ];
}

/** An update that is cancelled, before ours is done and after: to a function the same as a rollback. */
export function calledOff(name: string, before: readonly StackStep[], content: Content): Scenario[] {
  const waiting = template(content, slow(LATE_MS));
  const cancelled = (when: string, cancelAfterMs: number) =>
    scenario(`${name}, cancelled ${when}`, [...before, deploy(waiting, { cancelAfterMs })], { isBrief: true });
  return [cancelled('while at work', EARLY_MS), cancelled('when done', MINUTE)];
}

/** A sibling that fails at every call of ours: each moment is a scenario of its own. */
export function takenBackAtAnyMoment(
  name: string,
  before: readonly StackStep[],
  content: Content,
  untilMs: number,
  surroundings?: Surroundings,
): Scenario[] {
  const moments = Array.from({ length: Math.ceil(untilMs / MOMENT_MS) }, (_, index) => index * MOMENT_MS);
  return moments.map((ms) =>
    scenario(`${name}, rolled back after ${ms / SECOND} s`, [...before, deploy(template(content, failing(ms)))], {
      ...surroundings,
      isBrief: true,
    }),
  );
}

/** A call and its answer take as long. */
const MOMENT_MS = 100;
