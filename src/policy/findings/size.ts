import type { Rule } from './judged-policy';
import { MAX_POLICY_BYTES, policySize } from '../canonical';

/** `too-large`: Glacier takes policies of 20 KB. White space is not counted here. */
export const tooLargeRule: Rule = ({ service, text }) => {
  if (service !== 'glacier') return [];
  const bytes = policySize(text);
  if (bytes <= MAX_POLICY_BYTES) return [];
  return [
    {
      id: 'too-large',
      severity: 'error',
      statement: null,
      message: `The policy has ${bytes} bytes without white space, and Glacier takes at most ${MAX_POLICY_BYTES}: it is refused, and protects nothing.`,
      remedy: 'Put principals and actions that share a rule into one statement, or use wildcards.',
    },
  ];
};
