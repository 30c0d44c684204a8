/* eslint-disable no-bitwise -- addresses are bit fields */

/** `Fn::Cidr` for IPv4 and IPv6: the first `count` blocks with `hostBits` bits for hosts inside `block`. */
export function cidrBlocks(block: string, count: number, hostBits: number): string[] {
  const [address = '', length = ''] = block.split('/');
  const v6 = address.includes(':');
  const width = v6 ? 128 : 32;
  const prefix = Number(length);
  const newPrefix = width - hostBits;
  const available = newPrefix >= prefix ? 2n ** BigInt(newPrefix - prefix) : 0n;
  if (length === '' || !(prefix >= 0 && prefix <= width) || BigInt(count) > available) {
    throw new Error(`Template error: Fn::Cidr cannot make ${count} blocks of ${hostBits} bits inside ${block}`);
  }
  const mask = (2n ** BigInt(prefix) - 1n) << BigInt(width - prefix);
  const base = (v6 ? v6Number(address) : v4Number(address)) & mask;
  return Array.from({ length: count }, (_, index) => {
    const start = base + (BigInt(index) << BigInt(hostBits));
    return `${v6 ? v6Text(start) : v4Text(start)}/${newPrefix}`;
  });
}

function v4Number(address: string): bigint {
  return address.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
}

function v4Text(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
}

function v6Number(address: string): bigint {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after];
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

function v6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  return groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
}
