import type { EventRecord } from '../../../local/cloudformation/stack/records';
import { DAY, SECOND } from '../world/sim-clock';
import type { SimWorld } from '../world/sim-world';

/** What was told on the way, and decides nothing later. */
const TOLD_ON_THE_WAY = new Set(['operations', 'statusReason', 'timestamp', 'lastEventAt', 'version']);
const TIME = /\b[1-9]\d{12}(?:\.\d+)?\b|\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const INVENTED_NAME =
  /(?<=-)[0-9A-Z]{12}(?=")|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|(?<=(?:"id|lockId|delivery|nonce)\\*":\\*")[^"\\]+/g;

/**
 * How everything stands when no process is at work, as one text: the same for two worlds that go on in the same way from `at`. What is over
 * counts by the day, because nothing asks whether it is over for a minute or for an hour; what is still to run out within the day, such as
 * the lease of a process that died, by ten seconds. Random names count by their order.
 */
export function standing(world: SimWorld, at: number): string {
  const names = new Map<string, number>();
  const ordinal = (name: string) => `#${names.get(name) ?? (names.set(name, names.size), names.size - 1)}`;
  const services = ['cloudformation', 'glacier', 'backup', 'ssm'].map((name) => world.state.slice(name, () => ({})));
  const text = JSON.stringify(services, (key, value: object) => {
    if (key === 'archives') return Object.keys(value).length;
    if (isEventLog(key, value)) return rollbackIn(value);
    return TOLD_ON_THE_WAY.has(key) ? undefined : value;
  });
  return text
    .replace(TIME, (time) => distance((/^[\d.]+$/.test(time) ? Number(time) : Date.parse(time)) - at))
    .replace(INVENTED_NAME, ordinal);
}

/** A vault's notifications have `events`, too. */
function isEventLog(key: string, value: object): value is readonly EventRecord[] {
  return key === 'events' && Array.isArray(value) && typeof value[0] === 'object';
}

/** All that a handler reads in the events that the resources themselves do not show. */
function rollbackIn(events: readonly EventRecord[]): string | undefined {
  for (let index = events.length - 1; index >= 0; index--) {
    if (events[index]?.status.endsWith('ROLLBACK_IN_PROGRESS')) return events[index]?.timestamp;
  }
  return undefined;
}

function distance(ms: number): string {
  return ms > 0 && ms < DAY / 2 ? `in ${Math.round(ms / (10 * SECOND))}0 s` : `in ${Math.round(ms / DAY)} days`;
}
