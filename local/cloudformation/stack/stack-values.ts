import type { Json } from '../resource-type';
import type { StackRecord } from './records';
import { availabilityZones } from '../template/prepare';
import type { PreparedTemplate } from '../template/prepare';
import type { Values } from '../template/values';

/** What stands for a value that only the deployment will tell; CloudFormation's own text in change sets. */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

export interface ValueSources {
  readonly ssm: (name: string) => string | undefined;
  readonly exported: (name: string) => string | undefined;
}

/** The values that a deployment of `prepared` sees: parameters, and what the stack's resources are so far. */
export function stackValues(prepared: PreparedTemplate, stack: StackRecord, sources: ValueSources): Values {
  const base = parameterValues(prepared, sources);
  return {
    ...base,
    ref(name) {
      const { found, value } = prepared.parameter(name);
      if (found) return value;
      const physicalId = stack.resources[name]?.physicalId;
      if (physicalId === undefined) throw new Error(`Unresolved resource dependencies [${name}]`);
      return physicalId;
    },
    getAtt(logicalId, attribute) {
      const resource = stack.resources[logicalId];
      const value = resource && attributeOf(resource.attributes, attribute);
      if (value !== undefined) return value;
      throw new Error(missingAttribute(stack, logicalId, attribute));
    },
  };
}

/** The same before the deployment: whatever a change may still decide is `KNOWN_AFTER_APPLY`. */
export function previewValues(prepared: PreparedTemplate, stack: StackRecord, open: ReadonlySet<string>, sources: ValueSources): Values {
  const base = parameterValues(prepared, sources);
  const settled = (logicalId: string) => (open.has(logicalId) ? undefined : stack.resources[logicalId]);
  return {
    ...base,
    unknown: KNOWN_AFTER_APPLY,
    ref(name) {
      const { found, value } = prepared.parameter(name);
      return found ? value : (settled(name)?.physicalId ?? KNOWN_AFTER_APPLY);
    },
    getAtt: (logicalId, attribute) => attributeOf(settled(logicalId)?.attributes ?? {}, attribute) ?? KNOWN_AFTER_APPLY,
  };
}

function parameterValues(prepared: PreparedTemplate, sources: ValueSources): Omit<Values, 'ref' | 'getAtt'> {
  return {
    mappings: prepared.template.Mappings ?? {},
    condition: prepared.condition,
    availabilityZones,
    importValue(name) {
      const value = sources.exported(name);
      if (value === undefined) throw new Error(`No export named ${name} found.`);
      return value;
    },
    ssm(name) {
      const value = sources.ssm(name);
      if (value === undefined) throw new Error(`Parameters: [ssm:${name}] cannot be found.`);
      return value;
    },
  };
}

/** By its whole name first, as custom resources flatten nested data; then along its dots. */
function attributeOf(attributes: { readonly [name: string]: Json }, name: string): Json | undefined {
  if (Object.hasOwn(attributes, name)) return attributes[name];
  let value: Json | undefined = attributes as Json;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as { [key: string]: Json })[part];
  }
  return value;
}

function missingAttribute(stack: StackRecord, logicalId: string, attribute: string): string {
  const type = stack.resources[logicalId]?.type ?? '';
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') {
    return `CustomResource attribute error: Vendor response doesn't contain ${attribute} attribute in object ${stack.stackId}|${logicalId}`;
  }
  return `Requested attribute ${attribute} does not exist in schema for ${type}`;
}
