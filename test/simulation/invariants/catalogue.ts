/** What must hold after every step. The words in quotation marks are those of the project's rules; see docs/simulation.md. */
export const INVARIANTS = {
  acknowledged: 'rule 1, "Nothing irreversible without a matching acknowledgement"',
  testedLock: 'rule 2, "Complete the lock that was tested"',
  notInRollback: 'rule 1: nothing becomes irreversible while a stack rolls back, is deleted, or has gone on',
  noGap: 'rule 5, "An update never leaves a moment without the protection that both the old and the new template ask for"',
  dateStays: 'rule 6, "a repeated Put must not move a LockDate"',
  nothingLost: 'rule 9, "The library never deletes an archive or a recovery point"',
  ownVaultsOnly: 'rule 9, "never deletes a vault it did not create"',
  foreignLocksStay: 'rule 9: a lock that somebody else made is not taken away, and not made permanent',
  answeredOnce: 'rule 7: every request is answered exactly once, in at most 4,096 bytes, before the function has to end',
  sameIdentity: 'rule 4: a failed Update or Delete keeps its physical id, or CloudFormation would delete what has the other one',
  noWedge: 'rule 4, "Rollback and delete always end"',
  shrugsOff: 'rule 7, "A lost answer is not a failure": a few faults that pass, and nothing else, fail no request',
  answerStands: 'rule 7, "Any event can come twice": what one delivery has been answered for, no other takes away',
  windowStays: 'rule 6, "Read before write": a test window that is on record is not started anew for the same policy',
  pointsExpire: 'rule 1: no lock date is set over a recovery point that never expires, unless the template allows it',
  keepsItsWord: 'the promise, "A lock means what it says": a removed lock stays or goes as its template said, and no window stays',
  tellsTheTruth: 'rule 8, "What cannot be known is said, not guessed": an answer tells what is there',
  deletesAnyway: 'rule 4, "Rollback and delete always end", also when Glacier denies everything',
  converges: 'rule 7, "A lost answer is not a failure": after the faults one more deployment converges, or refuses with a reason',
  writesNothing: 'rule 6, "An unchanged desired state makes no writing call"',
  nothingLeft: 'rule 7: what a failed creation made is gone: no lock in progress, no lock date, no record, no tag',
  meansWhatItSays: 'the promise, "A lock means what it says": after a success the service shows what the template asks for',
  tooLate: 'rule 7, "Any event can come twice, late, out of order": a request that the stack has gone on without changes nothing',
  clearWords: 'rule 10, "No policy text, response URL or stack trace in a log or a Reason", and every refusal has a reason',
} as const;
export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  readonly what: string;
  /** Virtual, in ms since 1970. */
  readonly at: number;
}

/** Takes note of what is broken. */
export type Accuse = (invariant: Invariant, what: string) => void;
