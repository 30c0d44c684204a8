import type { Json } from '../resource-type';
import { getAttTarget } from './intrinsics';
import { isMap } from './model';
import { subPieces } from './substitution';

/** A name that a template value refers to: `Ref` (no attribute) or `Fn::GetAtt`. */
export interface Reference {
  readonly name: string;
  readonly attribute?: string;
}

/** Every Ref, GetAtt and Sub in `value`. Of a `Fn::If` only the branch that is taken counts. */
export function referencesIn(value: Json, condition: (name: string) => boolean): Reference[] {
  if (Array.isArray(value)) return value.flatMap((item) => referencesIn(item, condition));
  if (!isMap(value)) return [];
  const [name = '', ...others] = Object.keys(value);
  if (others.length > 0) return Object.values(value).flatMap((member) => referencesIn(member, condition));
  const argument = value[name];
  if (argument === undefined) return [];
  if (name === 'Ref' && typeof argument === 'string') return [{ name: argument }];
  if (name === 'Fn::GetAtt') {
    const [target, attribute] = getAttTarget(argument);
    return [{ name: target, attribute: typeof attribute === 'string' ? attribute : '' }, ...referencesIn(attribute, condition)];
  }
  if (name === 'Fn::Sub') return inSubstitution(argument, condition);
  if (name === 'Fn::If' && Array.isArray(argument) && typeof argument[0] === 'string') {
    return referencesIn(argument[condition(argument[0]) ? 1 : 2] ?? [], condition);
  }
  return referencesIn(argument, condition);
}

function inSubstitution(argument: Json, condition: (name: string) => boolean): Reference[] {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own = isMap(variables) ? variables : {};
  const names = typeof template === 'string' ? subPieces(template).flatMap((piece) => ('name' in piece ? [piece.name] : [])) : [];
  const outside = names
    .filter((name) => !Object.hasOwn(own, name))
    .map((name): Reference => {
      const dot = name.indexOf('.');
      return dot < 0 ? { name } : { name: name.slice(0, dot), attribute: name.slice(dot + 1) };
    });
  return [...outside, ...referencesIn(own, condition)];
}
