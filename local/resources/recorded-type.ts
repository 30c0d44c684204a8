import { isDeepStrictEqual } from 'node:util';
import { textProperty } from './properties';
import { Json, Properties, ResourceResult, ResourceScope, ResourceType } from '../cloudformation/resource-type';
import { World } from '../server/world';

/** What physical ids and attributes are made from. */
export interface RecordedResource {
  /** The name: given, or made for it. */
  readonly name: string;
  readonly properties: Properties;
  readonly scope: ResourceScope;
  /** The id that `ref` has made. */
  readonly physicalId: string;
}

export interface RecordedTypeProps {
  /** The property that holds the name, if a template may choose it. */
  readonly nameProperty?: string;
  /** Makes a name where the template gives none. @default - CloudFormation's generated name */
  readonly generate?: (scope: ResourceScope, properties: Properties) => string;
  /** What `Ref` gives. @default - the name */
  readonly ref?: (resource: Omit<RecordedResource, 'physicalId'>) => string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes?: (resource: RecordedResource) => { readonly [name: string]: Json };
  /** Properties, beside the name, whose change is a replacement; `*`: any. */
  readonly replaceOn?: readonly string[];
}

export interface ResourceRecord {
  readonly name: string;
  readonly region: string;
  readonly stackId: string;
  properties: Properties;
}

type RecordedSlice = { [type: string]: { [physicalId: string]: ResourceRecord } };

/**
 * A type that is only recorded: it has its physical id, its attributes and its name conflicts as on AWS, and nothing behind them.
 */
export function recordedType(props: RecordedTypeProps): ResourceType {
  const make = (properties: Properties, scope: ResourceScope): ResourceResult => {
    const given = props.nameProperty === undefined ? undefined : textProperty(properties, props.nameProperty);
    const name = given ?? (props.generate ?? ((resource) => resource.generateName()))(scope, properties);
    const physicalId = props.ref?.({ name, properties, scope }) ?? name;
    const records = recordsOf(scope.world, scope.resourceType);
    if (records[physicalId] !== undefined) throw new Error(`${given ?? physicalId} already exists`);
    records[physicalId] = { name, region: scope.region, stackId: scope.stackId, properties };
    scope.world.state.changed();
    return { physicalId, attributes: props.attributes?.({ name, properties, scope, physicalId }) };
  };

  return {
    create: async (properties, scope) => make(properties, scope),
    update: async (physicalId, properties, previous, scope) => {
      if (mustReplace(props, properties, previous)) return make(properties, scope);
      const record = recordsOf(scope.world, scope.resourceType)[physicalId];
      if (record !== undefined) record.properties = properties;
      scope.world.state.changed();
      const name = record?.name ?? physicalId;
      return { physicalId, attributes: props.attributes?.({ name, properties, scope, physicalId }) };
    },
    delete: async (physicalId, _properties, scope) => {
      delete recordsOf(scope.world, scope.resourceType)[physicalId];
      scope.world.state.changed();
    },
  };
}

/** All resources of a recorded type, by physical id. */
export function recordsOf(world: World, type: string): { [physicalId: string]: ResourceRecord } {
  const slice = world.state.slice<RecordedSlice>('recorded', () => ({}));
  return (slice[type] ??= {});
}

/** A custom-named resource cannot be replaced, because its name is taken by the one that it would replace. */
export function refuseReplacementOfNamed(properties: Properties, previous: Properties, nameProperty: string): void {
  const name = textProperty(properties, nameProperty);
  if (name === undefined || name !== textProperty(previous, nameProperty)) return;
  throw new Error(
    `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${name} and update the stack again.`,
  );
}

export function isChanged(properties: Properties, previous: Properties, name: string): boolean {
  return !isDeepStrictEqual(properties[name], previous[name]);
}

function mustReplace(props: RecordedTypeProps, properties: Properties, previous: Properties): boolean {
  const replaceOn = props.replaceOn ?? [];
  if (replaceOn.includes('*')) return true;
  if (replaceOn.some((name) => isChanged(properties, previous, name))) {
    if (props.nameProperty !== undefined) refuseReplacementOfNamed(properties, previous, props.nameProperty);
    return true;
  }
  return props.nameProperty !== undefined && isChanged(properties, previous, props.nameProperty);
}
