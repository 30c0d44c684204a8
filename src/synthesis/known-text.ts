import type { Stack } from 'aws-cdk-lib';
import { Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';

const UNKNOWN = /\uE000[^\uE001]*\uE001/g;

/**
 * What a value will be after deployment, as far as synthesis can know: the stack's own account, region and partition are filled
 * in, and everything that only CloudFormation will know stands as a mark (`isKnown`, `withoutUnknown`). Equal unknowns have equal marks.
 *
 * To be called while the tree is validated or synthesized, not from a constructor: it resolves tokens, and a `Lazy` keeps its first answer.
 */
export function knownText(stack: Stack, value: unknown): string {
  return textOf(stack.resolve(value), pseudoParametersOf(stack));
}

export function isKnown(text: string): boolean {
  return text.search(UNKNOWN) < 0;
}

/** The text without what is not known: never longer than the real one. */
export function withoutUnknown(text: string): string {
  return text.replace(UNKNOWN, '');
}

/** The text with `${Name}` for what is not known, for messages. */
export function readable(text: string): string {
  return text.replace(UNKNOWN, (unknown) => `\${${unknown.slice(1, -1)}}`);
}

/** Of another stack of the same account and region: only these are the same there. */
const OF_BOTH = /^\uE000AWS_(AccountId|Partition|Region|URLSuffix)\uE001$/;

/** A text that was made for another stack, with marks that are equal to none of this one's but where they mean the same. */
export function asOfAnotherStack(text: string, other: Stack): string {
  return text.replace(UNKNOWN, (unknown) => (OF_BOTH.test(unknown) ? unknown : mark(`${other.node.path}.${unknown.slice(1, -1)}`)));
}

type PseudoParameters = { readonly [name: string]: string | undefined };

function pseudoParametersOf(stack: Stack): PseudoParameters {
  const region = Token.isUnresolved(stack.region) ? undefined : stack.region;
  return {
    'AWS::AccountId': Token.isUnresolved(stack.account) ? undefined : stack.account,
    'AWS::Region': region,
    'AWS::Partition': region && RegionInfo.get(region).partition,
  };
}

function textOf(value: unknown, pseudo: PseudoParameters): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [name, argument] = Object.entries(value)[0] ?? ['', undefined];
  if (name === 'Ref' && typeof argument === 'string') return pseudo[argument] ?? mark(argument);
  if (name === 'Fn::GetAtt' && Array.isArray(argument)) return mark(argument.join('.'));
  if (name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    return argument[1].map((part) => textOf(part, pseudo)).join(textOf(argument[0], pseudo));
  }
  if (name === 'Fn::Sub' && typeof argument === 'string') {
    return argument.replace(/\$\{([^!}][^}]*)\}/g, (_, variable: string) => pseudo[variable] ?? mark(variable)).replace(/\$\{!/g, '${');
  }
  return mark(JSON.stringify(value));
}

/** The name must not hold what separates the parts of an ARN or ends a JSON string. */
function mark(name: string): string {
  return `\uE000${name.replace(/[^A-Za-z0-9.-]+/g, '_')}\uE001`;
}
