import { nearest } from './spelling';
import { actionsOf, conditionKeysOf, Service } from './vocabulary';
import { namesAction } from '../statement-matching';
import { hasSymbol } from '../symbols';

/** Whether the names in a policy are names at all, and which ones they were meant to be. */

/** Whether the entry means no action that a vault's policy can be about. AWS Backup gets new ones; Glacier does not any more. */
export function isDeadAction(entry: string, service: Service): boolean {
  if (hasSymbol(entry) || actionsOf(service).some((action) => namesAction(entry, action))) return false;
  return service === 'glacier' || !/^backup:/i.test(entry) || meantAction(entry, service) !== undefined;
}

export function meantAction(entry: string, service: Service): string | undefined {
  return nearest(entry, actionsOf(service));
}

/** Keys of federated sign-in are named after the identity provider. */
const FEDERATED = /^(saml|[^:]*\.[^:]*):/;

/** Whether requests to vaults never carry the key. Names have no case. */
export function isUnknownKey(key: string, service: Service): boolean {
  const name = key.toLowerCase();
  if (hasSymbol(key) || FEDERATED.test(name)) return false;
  const { keys, tagPrefixes } = conditionKeysOf(service);
  const isTag = tagPrefixes.some((prefix) => name.startsWith(prefix.toLowerCase()) && name.length > prefix.length);
  return !isTag && !keys.some((known) => known.toLowerCase() === name);
}

/** The key that was meant. A misspelt prefix of a tag is put right, too. */
export function meantKey(key: string, service: Service): string | undefined {
  const { keys, tagPrefixes } = conditionKeysOf(service);
  const slash = key.indexOf('/') + 1;
  const [prefix, tag] = [key.slice(0, slash), key.slice(slash)];
  if (slash > 0 && tag !== '') {
    const own = `${service}:${prefix.slice(prefix.indexOf(':') + 1)}`;
    const known = nearest(prefix, tagPrefixes) ?? nearest(own, tagPrefixes);
    if (known !== undefined) return known + tag;
  }
  const name = key.slice(key.indexOf(':') + 1).trim();
  return nearest(`${key.slice(0, key.indexOf(':'))}:${name}`, keys) ?? nearest(`${service}:${name}`, keys);
}
