import type { Json } from '../resource-type';
import { isMap } from './model';
import type { IntrinsicFunction, Resolve, Resolved, Values } from './values';

/** The functions of the Conditions and the Rules section; operands are resolved with `resolve`. */
export function conditionFunctions(resolve: Resolve): Readonly<Record<string, IntrinsicFunction>> {
  const truth = truthWith(resolve);
  const pair = (argument: Json, values: Values) => operands(argument).map((operand) => resolve(operand, values));
  return {
    'Fn::And': (argument, values) => operands(argument).every((operand) => truth(operand, values)),
    'Fn::Or': (argument, values) => operands(argument).some((operand) => truth(operand, values)),
    'Fn::Not': (argument, values) => !truth(operands(argument)[0] ?? false, values),
    'Fn::Equals': (argument, values) => {
      const [left, right] = pair(argument, values);
      return comparable(left) === comparable(right);
    },
    'Fn::Contains': (argument, values) => {
      const [all, one] = pair(argument, values);
      return strings(all).includes(String(one));
    },
    'Fn::EachMemberEquals': (argument, values) => {
      const [all, one] = pair(argument, values);
      return strings(all).every((member) => member === String(one));
    },
    'Fn::EachMemberIn': (argument, values) => {
      const [all, allowed] = pair(argument, values);
      return strings(all).every((member) => strings(allowed).includes(member));
    },
    // Lists the values of all parameters of an AWS-specific type; the endpoint validates none of those.
    'Fn::RefAll': () => [],
  };
}

/** Makes the judgement of a condition: a condition function, `{"Condition": name}`, or a boolean as text. */
export function truthWith(resolve: Resolve): (value: Json, values: Values) => boolean {
  return (value, values) => {
    if (isMap(value) && typeof value.Condition === 'string') return values.condition(value.Condition);
    const resolved = resolve(value, values);
    if (resolved === true || resolved === 'true') return true;
    if (resolved === false || resolved === 'false') return false;
    throw new Error(`Template error: a condition must be a boolean; got ${JSON.stringify(resolved ?? null)}`);
  };
}

function operands(argument: Json): Json[] {
  if (Array.isArray(argument)) return argument;
  throw new Error(`Template error: a condition function requires a list argument; got ${JSON.stringify(argument)}`);
}

function comparable(value: Resolved): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function strings(value: Resolved): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.flat().map(String) : [String(value)];
}
