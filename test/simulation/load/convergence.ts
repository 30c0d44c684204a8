/** One event of a stack. */
export interface StackEvent {
  readonly logicalId: string;
  readonly status: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

/** The stack's own status, and that nothing on the way to it was called failed. */
export function stackProblems(stackName: string, wanted: string, status: string, events: readonly StackEvent[]): string[] {
  const failed = events.filter((event) => event.status.endsWith('_FAILED') || event.status.includes('ROLLBACK'));
  return [
    ...(status === wanted ? [] : [`${stackName} is ${status}, not ${wanted}`]),
    ...failed.map((event) => `${stackName}: ${event.logicalId} ${event.status}: ${event.reason}`),
  ];
}

/** @param lock `undefined`: there is none */
export function glacierLockProblems(
  vaultArn: string,
  days: number,
  lock: { readonly state?: string; readonly policy?: string } | undefined,
): string[] {
  if (!lock) return [`${vaultArn} has no lock`];
  if (lock.state !== 'InProgress') return [`${vaultArn} is ${lock.state}, not InProgress`];
  const { Statement } = JSON.parse(lock.policy ?? '{}') as { Statement?: readonly Readonly<Record<string, unknown>>[] };
  const wanted = { Effect: 'Deny', Resource: vaultArn, Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDays': String(days) } } };
  const [statement, ...others] = Statement ?? [];
  const differs = (Object.keys(wanted) as (keyof typeof wanted)[]).some((key) => asText(statement?.[key]) !== asText(wanted[key]));
  return differs || others.length > 0 ? [`${vaultArn} has another policy: ${lock.policy}`] : [];
}

/** Numbers and texts mean the same to IAM. */
function asText(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => (typeof member === 'number' ? String(member) : member)) ?? '';
}

/** The longest that one resource was in progress, in seconds: what its function's time had to do for. */
export function slowestResource(
  events: readonly StackEvent[],
  stackName: string,
): { readonly logicalId: string; readonly seconds: number } {
  const begun = new Map<string, number>();
  let slowest = { logicalId: '', seconds: 0 };
  for (const { logicalId, status, at } of [...events].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    if (logicalId === stackName) continue;
    if (status.endsWith('_IN_PROGRESS')) {
      if (!begun.has(logicalId)) begun.set(logicalId, Date.parse(at));
      continue;
    }
    const seconds = (Date.parse(at) - (begun.get(logicalId) ?? Date.parse(at))) / 1000;
    begun.delete(logicalId);
    if (seconds > slowest.seconds) slowest = { logicalId, seconds };
  }
  return slowest;
}
