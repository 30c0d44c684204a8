import type { Program, Step } from '../program/program';
import type { BackupLockSpec, GlacierLockSpec, TemplateSpec, VaultSpec } from '../program/template-spec';
import type { Fault } from '../world/faults';
import type { DeliveryFault } from '../world/lambda-runtime';

/** A bug that the simulation found. `name`: what must hold. */
export interface BugStory {
  readonly name: string;
  readonly program: Program;
}

type DeployStep = Extract<Step, { do: 'deploy' }>;

export const VAULT: VaultSpec = { renamed: false, adopt: false, removal: 'Delete', tags: 'none', access: 'none', notify: false };
export const LOCK: GlacierLockSpec = { policy: 'sevenYears', stage: 'initiate', acknowledge: 'right' };
export const BACKUP_LOCK: BackupLockSpec = {
  ...{ mode: 'governance', min: 7, max: 35, coolingOff: 3, acknowledge: 'right' },
  ...{ onRemoval: 'keep', allowPoints: false, moved: false },
};
export const CALM = { faults: [], deliveries: [], settles: true };

function template(content: Partial<TemplateSpec>): TemplateSpec {
  return { glacier: {}, backup: {}, siblings: [], otherVersion: false, ...content };
}

export function deploy(content: Partial<TemplateSpec>, more: Partial<DeployStep> = {}): Step {
  return { do: 'deploy', template: template(content), onFailure: 'rollback', ...CALM, ...more };
}

export function fault(operation: string, kind: Fault['kind'], more: Partial<Fault> = {}): Fault {
  return { operation, kind, skip: 0, times: 1, ...more };
}

export function delivery(event: number, more: Partial<DeliveryFault>): DeliveryFault {
  return { event, copies: [], deaths: [], lostAnswers: 0, lostAfterwards: false, ...more };
}

export function program(slots: Program['slots'], steps: readonly Step[], more: Partial<Program> = {}): Program {
  const found = { ledger: false, prodLock: 'none' } as const;
  return { noise: 0, skewMs: 0, switches: {}, found, slots, steps: steps.map((step) => ({ stack: 0, step })), ...more };
}
