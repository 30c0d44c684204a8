import { BlockList, isIP } from 'node:net';
import { Truth } from './truth';

/** Whether the address lies in the network (CIDR notation, or one address); `unknown` when `network` is neither. */
export function isInNetwork(address: string, network: string): Truth {
  const [base = '', prefix, ...rest] = network.split('/');
  const version = isIP(base);
  const bits = version === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (version === 0 || rest.length > 0 || !(length >= 0 && length <= bits)) return 'unknown';
  if (isIP(address) !== version) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(base, length, family);
  return list.check(address, family);
}
