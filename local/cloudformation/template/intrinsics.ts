import type { Json } from '../resource-type';
import { cidrBlocks } from './cidr';
import { conditionFunctions } from './condition-functions';
import { isMap } from './model';
import { subPieces } from './substitution';
import type { IntrinsicFunction, Resolved, Values } from './values';

/** Resolves every intrinsic function and dynamic reference in `value`. Problems are thrown in CloudFormation's words. */
export function resolve(value: Json, values: Values): Resolved {
  if (typeof value === 'string') return dynamicReferences(value, values);
  if (Array.isArray(value)) return value.map((item) => resolve(item, values)).filter((item): item is Json => item !== undefined);
  if (!isMap(value)) return value;
  const call = functionCall(value);
  if (call) return call.run(call.argument, values);
  const result: { [key: string]: Json } = {};
  for (const [key, member] of Object.entries(value)) {
    const resolved = resolve(member, values);
    if (resolved !== undefined) result[key] = resolved;
  }
  return result;
}

function functionCall(value: { [key: string]: Json }): { run: IntrinsicFunction; argument: Json } | undefined {
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0) return undefined;
  const run = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (run) return { run, argument: value[name]! };
  if (name.startsWith('Fn::')) {
    throw new Error(
      `Template error: Encountered unsupported function: ${name} Supported functions are: [${Object.keys(FUNCTIONS).join(', ')}]`,
    );
  }
  return undefined;
}

const FUNCTIONS: Readonly<Record<string, IntrinsicFunction>> = {
  Ref: (argument, values) => values.ref(text(argument, 'Ref')),
  'Fn::GetAtt': getAtt,
  'Fn::Join': join,
  'Fn::Sub': sub,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::If': (argument, values) => {
    const [condition, then, otherwise] = list(argument, 'Fn::If');
    if (typeof condition !== 'string' || then === undefined || otherwise === undefined) {
      throw new Error('Template error: Fn::If requires a list argument with three parameters');
    }
    return resolve(values.condition(condition) ? then : otherwise, values);
  },
  'Fn::Base64': (argument, values) => {
    const plain = text(resolve(argument, values), 'Fn::Base64');
    return isUnknown(plain, values) ? plain : Buffer.from(plain, 'utf8').toString('base64');
  },
  'Fn::Cidr': (argument, values) => {
    const [block, count, bits] = list(resolve(argument, values), 'Fn::Cidr');
    const inside = text(block, 'Fn::Cidr');
    if (isUnknown(inside, values)) return inside;
    return cidrBlocks(inside, Number(count), Number(bits ?? 8));
  },
  'Fn::GetAZs': (argument, values) =>
    values.availabilityZones(text(resolve(argument, values), 'Fn::GetAZs') || String(values.ref('AWS::Region'))),
  'Fn::ImportValue': (argument, values) => values.importValue(text(resolve(argument, values), 'Fn::ImportValue')),
  'Fn::FindInMap': findInMap,
  'Fn::ToJsonString': (argument, values) => JSON.stringify(resolve(argument, values)),
  'Fn::Length': (argument, values) => {
    const items = resolve(argument, values);
    return isUnknown(items, values) ? items : list(items, 'Fn::Length').length;
  },
  'Fn::Transform': () => {
    throw new Error('Template error: Fn::Transform is not supported by the local endpoint.');
  },
  ...conditionFunctions(resolve),
};

function getAtt(argument: Json, values: Values): Json {
  const [logicalId, attribute] = getAttTarget(argument);
  return values.getAtt(logicalId, text(resolve(attribute, values), 'Fn::GetAtt'));
}

/** Both forms: `[id, attribute]` and `"id.attribute"`. */
export function getAttTarget(argument: Json): [string, Json] {
  const parts = typeof argument === 'string' ? [argument.split('.', 1)[0]!, argument.slice(argument.indexOf('.') + 1)] : argument;
  if (!Array.isArray(parts) || parts.length < 2 || typeof parts[0] !== 'string') {
    throw new Error('Template error: Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute');
  }
  return [parts[0], parts.length === 2 ? parts[1]! : parts.slice(1).join('.')];
}

function join(argument: Json, values: Values): Json {
  const [delimiter, items] = list(argument, 'Fn::Join');
  const resolved = resolve(items ?? [], values);
  if (isUnknown(resolved, values)) return resolved!;
  return list(resolved, 'Fn::Join')
    .map((item) => scalar(item, 'Fn::Join'))
    .join(text(delimiter, 'Fn::Join'));
}

function sub(argument: Json, values: Values): Json {
  const [template, variables] = typeof argument === 'string' ? [argument, {}] : list(argument, 'Fn::Sub');
  const own = isMap(variables) ? variables : {};
  const pieces = subPieces(text(template, 'Fn::Sub')).map((piece) => {
    if ('text' in piece) return piece.text;
    if (Object.hasOwn(own, piece.name)) return scalar(resolve(own[piece.name]!, values), 'Fn::Sub');
    const dot = piece.name.indexOf('.');
    const value = dot < 0 ? values.ref(piece.name) : values.getAtt(piece.name.slice(0, dot), piece.name.slice(dot + 1));
    return scalar(value, 'Fn::Sub');
  });
  return dynamicReferences(pieces.join(''), values);
}

function select(argument: Json, values: Values): Json {
  const [index, items] = list(argument, 'Fn::Select');
  const resolved = resolve(items ?? [], values);
  if (isUnknown(resolved, values)) return resolved!;
  const from = list(resolved, 'Fn::Select');
  const position = Number(resolve(index ?? 0, values));
  const chosen = from[position];
  if (chosen === undefined) throw new Error(`Template error: Fn::Select cannot select nonexistent value at index ${position}`);
  return chosen;
}

function split(argument: Json, values: Values): Json {
  const [delimiter, source] = list(argument, 'Fn::Split');
  const whole = text(resolve(source ?? '', values), 'Fn::Split');
  return isUnknown(whole, values) ? whole : whole.split(text(delimiter, 'Fn::Split'));
}

function findInMap(argument: Json, values: Values): Resolved {
  const [map, first, second, options] = list(argument, 'Fn::FindInMap');
  const [name, top, under] = [map, first, second].map((key) => text(resolve(key ?? '', values), 'Fn::FindInMap')) as [
    string,
    string,
    string,
  ];
  const found = values.mappings[name]?.[top]?.[under];
  if (found !== undefined) return found;
  if (isMap(options) && options.DefaultValue !== undefined) return resolve(options.DefaultValue, values);
  throw new Error(`Template error: Unable to get mapping for ${name}::${top}::${under}`);
}

function dynamicReferences(value: string, values: Values): string {
  return value.replace(/\{\{resolve:([a-z-]+):([^}]*)\}\}/g, (whole, service: string, reference: string) => {
    if (service !== 'ssm' && service !== 'ssm-secure') {
      throw new Error(`Dynamic reference ${whole}: ${service} is not supported by the local endpoint.`);
    }
    return values.ssm(reference.replace(/:\d+$/, ''));
  });
}

function isUnknown(value: Resolved, values: Values): boolean {
  return values.unknown !== undefined && typeof value === 'string' && value.includes(values.unknown);
}

function text(value: Resolved, name: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`Template error: every ${name} object must have a String value; got ${JSON.stringify(value ?? null)}`);
}

function scalar(value: Resolved, name: string): string {
  if (value === undefined) return '';
  return Array.isArray(value) ? value.map((item) => text(item, name)).join(',') : text(value, name);
}

function list(value: Resolved, name: string): Json[] {
  if (Array.isArray(value)) return value;
  throw new Error(`Template error: every ${name} object requires a list; got ${JSON.stringify(value ?? null)}`);
}
