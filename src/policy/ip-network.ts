import { isIP } from 'node:net';
import { Truth } from './truth';

/** An address as a number. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** A block of addresses that have their first bits in common. */
export interface Network extends Address {
  /** How many addresses there are. */
  readonly size: bigint;
}

/** The same few networks of a policy meet request after request. */
const NETWORKS = /* @__PURE__ */ new Map<string, Network | undefined>();
const MAX_NETWORKS = 2000;

/** Whether the address lies in the network (CIDR notation, or one address); `unknown` when `network` is neither. */
export function isInNetwork(address: string, network: string): Truth {
  const wanted = networkOf(network);
  if (wanted === undefined) return 'unknown';
  const given = networkOf(address);
  // A text with a prefix is no address.
  if (given?.bits !== wanted.bits || address.includes('/')) return false;
  return given.value / wanted.size === wanted.value / wanted.size;
}

/** The network that the text stands for, `undefined` for anything else. */
export function networkOf(text: string): Network | undefined {
  if (NETWORKS.has(text)) return NETWORKS.get(text);
  if (NETWORKS.size >= MAX_NETWORKS) NETWORKS.clear();
  const network = newNetwork(text);
  NETWORKS.set(text, network);
  return network;
}

function newNetwork(text: string): Network | undefined {
  const [base = '', prefix, ...rest] = text.split('/');
  const version = isIP(base);
  const bits = version === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (version === 0 || rest.length > 0 || !(length >= 0 && length <= bits)) return undefined;
  return { bits, value: valueOf(base, bits), size: 2n ** BigInt(bits - length) };
}

function valueOf(address: string, bits: 32 | 128): bigint {
  if (bits === 32) return address.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n);
  return groupsOf(address).reduce((value, group) => value * 65_536n + BigInt(group), 0n);
}

/** The eight groups of an IPv6 address; its last 32 bits may be written as an IPv4 address. */
function groupsOf(address: string): number[] {
  const [text = ''] = address.split('%');
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const low = embedded ? Number(valueOf(embedded[2]!, 32)) : 0;
  const plain = embedded ? `${embedded[1]}${Math.floor(low / 65_536).toString(16)}:${(low % 65_536).toString(16)}` : text;
  const [head = [], tail = []] = plain.split('::').map((side) =>
    side
      .split(':')
      .filter(Boolean)
      .map((group) => parseInt(group, 16)),
  );
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}
