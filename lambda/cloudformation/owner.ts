import { createHash } from 'node:crypto';

export interface Stack {
  /** The whole ARN. Unlike the name it never means another stack, and it can be asked for after the stack's deletion. */
  readonly id: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly name: string;
  readonly uuid: string;
}

/** A tag value has at most 255 characters, and `adopted/` may stand before the owner. */
const MAX_OWNER_LENGTH = 247;

export function parseStackId(id: string): Stack {
  const [, partition = '', , region = '', account = '', path = ''] = id.split(':');
  const [kind, name = '', uuid = ''] = path.split('/');
  if (kind !== 'stack' || !name || !uuid) throw new Error('StackId is not the ARN of a stack');
  return { id, partition, region, account, name, uuid };
}

/** `<stack name>/<stack uuid>/<logical id>`; a logical id that makes it too long is replaced by its hash. */
export function ownerOf(stack: Stack, logicalId: string): string {
  const owner = `${stack.name}/${stack.uuid}/${logicalId}`;
  if (owner.length <= MAX_OWNER_LENGTH) return owner;
  return `${stack.name}/${stack.uuid}/${createHash('sha256').update(logicalId).digest('hex')}`;
}
