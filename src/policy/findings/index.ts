import type { Finding } from './model';
import type { PolicyDocument } from '../model';
import type { Retention } from '../proof';

export type { Finding } from './model';

export interface FindingsInput {
  readonly kind: 'lock' | 'access';
  /** `undefined` when the text is no policy; what is wrong with it may still be found in the text. */
  readonly document: PolicyDocument | undefined;
  readonly text: string;
  readonly vaultArn: string;
  /** What the document alone retains. */
  readonly retention: Retention;
}

/** One rule each; in the order in which they are told. */
const RULES: readonly ((input: FindingsInput) => readonly Finding[])[] = [];

/** What is suspicious about the policy. Never throws. */
export function findHoles(input: FindingsInput): Finding[] {
  return RULES.flatMap((rule) => rule(input));
}
