import * as crypto from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const SUFFIX_LENGTH = 12;

/** A physical name as CloudFormation makes it: `<stack>-<logical id>-<suffix>`; stack and logical id are cut evenly to fit. */
export function resourceName(stackName: string, logicalId: string, maxLength = 255): string {
  const suffix = Array.from(crypto.randomBytes(SUFFIX_LENGTH), (byte) => LETTERS[byte % LETTERS.length]).join('');
  const room = Math.max(0, maxLength - SUFFIX_LENGTH - 2);
  const forStack = Math.max(Math.floor(room / 2), room - logicalId.length);
  const stack = stackName.slice(0, forStack);
  return [stack, logicalId.slice(0, room - stack.length), suffix]
    .filter((part) => part !== '')
    .join('-')
    .slice(0, maxLength);
}
