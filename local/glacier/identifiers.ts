import * as crypto from 'node:crypto';

/** Lengths as in the samples of the developer guide. */
export const ID_LENGTH = { archive: 138, upload: 92, job: 92, lock: 24, capacity: 24 } as const;

/**
 * A new id of URL-safe characters that nobody can guess. It never starts with a hyphen, as Glacier's own do now and then: the AWS CLI
 * takes such a value for an option, and a rehearsal should not fail at random.
 */
export function newId(kind: keyof typeof ID_LENGTH): string {
  const id = crypto.randomBytes(ID_LENGTH[kind]).toString('base64url').slice(0, ID_LENGTH[kind]);
  return id.startsWith('-') ? newId(kind) : id;
}
