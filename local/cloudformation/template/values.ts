import type { Json } from '../resource-type';
import type { Template } from './model';

/** Where the values behind Ref, GetAtt and the rest come from. */
export interface Values {
  readonly mappings: NonNullable<Template['Mappings']>;
  /** Set when some values are not known yet: the text that stands for them. */
  readonly unknown?: string;
  /** Parameters, pseudo parameters and resources. Throws for an unknown name; undefined is AWS::NoValue. */
  ref(name: string): Resolved;
  getAtt(logicalId: string, attribute: string): Json;
  condition(name: string): boolean;
  importValue(name: string): Json;
  /** `{{resolve:ssm:name}}` */
  ssm(name: string): string;
  availabilityZones(region: string): string[];
}

/** Undefined: the value is AWS::NoValue and its key or list item goes away. */
export type Resolved = Json | undefined;

export type Resolve = (value: Json, values: Values) => Resolved;

export type IntrinsicFunction = (argument: Json, values: Values) => Resolved;
