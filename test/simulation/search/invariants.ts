/** What is proven, by name, with the words of the design that it stands for. */
export const INVARIANTS = {
  acknowledged:
    'Nothing irreversible without a matching acknowledgement, checked at synth where it can be and always again in the handler, against what the service says is there now.',
  completesTheTestedLock:
    'Complete the lock that was tested: the lock id from the initiate deployment, its policy canonically equal to the reviewed one.',
  neverInOneBreath: 'If the 24 h ran out, say so and start a new window; never initiate and complete in one breath.',
  deleteAndRollbackEnd: 'No wedge. Rollback and delete always end.',
  everyRequestEnds: 'No wedge: every request comes to a final verdict in a bounded number of steps.',
  noGap: 'No gap. An update never leaves a moment without the protection that both the old and the new template ask for.',
  noNeedlessWrite: 'Read before write. An unchanged desired state makes no writing call: a repeated Put must not move a LockDate.',
  dateMovesOnlyIfAsked: 'Read before write: a lock date moves only if a template asked for it, and comes closer only in a promotion.',
  lateMakesNothing: 'At least once. Any event can come twice, late, out of order, or beside its own Delete.',
  onlyItsOwn: 'Nothing lost. The library never deletes an archive or a recovery point, and never deletes a vault it did not create.',
  nothingLeftByAFailedCreate:
    'No wedge: what a failed create made goes again; nothing is left in progress, in its cooling-off, or half made.',
  meansWhatItSays: 'A lock means what it says: after a deployment that succeeded the service shows what the template asks for.',
  refusalHasAReason: 'Clear words. Every refusal names the rule and the value: it is given only where the reason that it names exists.',
} as const;

export type InvariantName = keyof typeof INVARIANTS;

export interface Broken {
  readonly invariant: InvariantName;
  readonly rule: string;
  readonly detail: string;
}

export function broken(invariant: InvariantName, detail: string): Broken {
  return { invariant, rule: INVARIANTS[invariant], detail };
}

/** @param laws invariants with whether they are broken, and what to say then */
export function brokenOf(...laws: readonly (readonly [invariant: InvariantName, isBroken: boolean, detail: string])[]): Broken[] {
  return laws.filter(([, isBroken]) => isBroken).map(([invariant, , detail]) => broken(invariant, detail));
}
