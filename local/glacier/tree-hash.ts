import * as crypto from 'node:crypto';

const MEBIBYTE = 1024 * 1024;

/** SHA-256 tree hash of Glacier: leaves of 1 MiB, pairs joined level by level, an odd one carried up as it is. Hex. */
export function treeHash(content: Buffer): string {
  let level: Buffer[] = [];
  for (let start = 0; start === 0 || start < content.length; start += MEBIBYTE) {
    level.push(sha256(content.subarray(start, start + MEBIBYTE)));
  }
  while (level.length > 1) {
    const next: Buffer[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = [level[index]!, level[index + 1]];
      next.push(right ? sha256(Buffer.concat([left, right])) : left);
    }
    level = next;
  }
  return level[0]!.toString('hex');
}

/** Whether a range of the content is a whole subtree of its tree hash, so that its own tree hash can be checked against it. */
export function isTreeHashAligned(start: number, end: number, size: number): boolean {
  if (start % MEBIBYTE !== 0) return false;
  const leaves = Math.ceil((end + 1 - start) / MEBIBYTE);
  const level = 2 ** Math.ceil(Math.log2(leaves));
  const last = end + 1 === size;
  return (start / MEBIBYTE) % level === 0 && (last || ((end + 1) % MEBIBYTE === 0 && leaves === level));
}

export const sha256 = (content: Buffer) => crypto.createHash('sha256').update(content).digest();
