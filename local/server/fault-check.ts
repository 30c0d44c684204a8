import type { Fault } from './operation-gate';

/** The operations of each service that is served, by signing name. */
export type FaultTargets = ReadonlyMap<string, readonly string[]>;

/** Where nothing is called and a fault hits nevertheless. */
const PSEUDO_OPERATIONS: FaultTargets = new Map([
  ['iam', ['grant']],
  ['lambda', ['kill']],
  ['cloudformation', ['duplicate']],
]);
const SHAPE =
  'The body must be a list of {service, operation, when?: "before"|"after", error | dropConnection | delayMs, times?}; `service` and `operation` may be "*".';
/** The longest time that setTimeout takes. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** What is wrong with the faults, or `undefined`. A fault that can never hit is a slip that would make a rehearsal prove nothing. */
export function complaintAbout(faults: unknown, targets: FaultTargets): string | undefined {
  if (!Array.isArray(faults) || !faults.every(isFault)) return SHAPE;
  return faults.map((fault) => complaintAboutOne(fault, targets)).find((complaint) => complaint !== undefined);
}

function complaintAboutOne({ service, operation, delayMs, status }: Fault, targets: FaultTargets): string | undefined {
  if (service !== '*' && !targets.has(service)) {
    return `\`service\` must be a signing name that the local endpoint serves (${[...targets.keys()].join(', ')}) or "*"; got ${JSON.stringify(service)}.`;
  }
  const known = service === '*' ? undefined : targets.get(service);
  const all = known && [...known, ...(PSEUDO_OPERATIONS.get(service) ?? [])];
  if (operation !== '*' && all?.includes(operation) === false) {
    return `\`operation\` must be one of ${service} that the local endpoint knows (${all.join(', ')}) or "*"; got ${JSON.stringify(operation)}.`;
  }
  if (delayMs !== undefined && !(delayMs >= 0 && delayMs <= LONGEST_DELAY_MS)) {
    return `\`delayMs\` must be a number of milliseconds from 0 to ${LONGEST_DELAY_MS}; got ${delayMs}.`;
  }
  if (status !== undefined && !(Number.isInteger(status) && status >= 400 && status <= 599)) {
    return `\`status\` must be an HTTP status from 400 to 599; got ${JSON.stringify(status)}.`;
  }
  return undefined;
}

function isFault(value: unknown): value is Fault {
  const fault = value as Partial<Fault> | null;
  return (
    typeof fault === 'object' &&
    fault !== null &&
    typeof fault.service === 'string' &&
    typeof fault.operation === 'string' &&
    (fault.when === undefined || fault.when === 'before' || fault.when === 'after') &&
    (fault.times === undefined || (Number.isInteger(fault.times) && fault.times > 0)) &&
    [typeof fault.error === 'string', fault.dropConnection === true, typeof fault.delayMs === 'number'].filter(Boolean).length === 1
  );
}
