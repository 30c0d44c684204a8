import { AwsError } from '../../server/service';
import type { Json } from '../resource-type';
import { checkRules, conditionLookup } from './conditions';
import { nodesOnCycles } from './graph';
import { resolve } from './intrinsics';
import { validationError } from './model';
import type { Template, TemplateOutput, TemplateResource } from './model';
import { referenced } from './parameters';
import type { ParameterValue } from './parameters';
import { referencesIn } from './references';
import type { Resolved, Values } from './values';

/** What the pseudo parameters of one stack say. */
export interface Environment {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly notificationArns: readonly string[];
}

export type RetentionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate';

/** A resource whose condition holds, its properties still unresolved. */
export interface PreparedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: { [name: string]: Json };
  readonly dependencies: readonly string[];
  readonly deletionPolicy: RetentionPolicy;
  readonly updateReplacePolicy: RetentionPolicy;
  readonly metadata?: Json;
}

/** A template with parameters, conditions and dependencies settled: ready to be deployed. */
export interface PreparedTemplate {
  readonly template: Template;
  readonly environment: Environment;
  readonly parameters: readonly ParameterValue[];
  readonly resources: ReadonlyMap<string, PreparedResource>;
  readonly outputs: ReadonlyMap<string, TemplateOutput>;
  readonly condition: (name: string) => boolean;
  /** A parameter or pseudo parameter by name; `found` is false for anything else. */
  readonly parameter: (name: string) => { readonly found: boolean; readonly value?: Json };
}

/** Settles everything that needs no deployed resource. @throws AwsError `ValidationError` in CloudFormation's words. */
export function prepare(template: Template, parameters: readonly ParameterValue[], environment: Environment): PreparedTemplate {
  return worded(() => {
    const parameter = parameterLookup(parameters, environment);
    const values = staticValues(template, parameter, (name) => condition(name));
    const condition = conditionLookup(template, () => values);
    for (const name of Object.keys(template.Conditions ?? {})) condition(name);
    checkRules(template, values);
    const active = Object.entries(template.Resources).filter(([, resource]) => !resource.Condition || condition(resource.Condition));
    const names = new Set(active.map(([logicalId]) => logicalId));
    const resources = new Map(
      active.map(([logicalId, resource]) => [logicalId, preparedResource(logicalId, resource, names, template, values)]),
    );
    const cycle = nodesOnCycles(new Map([...resources].map(([logicalId, { dependencies }]) => [logicalId, dependencies])));
    if (cycle.length > 0) throw validationError(`Circular dependency between resources: [${cycle.join(', ')}]`);
    const outputs = new Map(
      Object.entries(template.Outputs ?? {}).filter(([, output]) => !output.Condition || condition(output.Condition)),
    );
    for (const output of outputs.values()) dependenciesOf([output.Value, output.Export?.Name ?? ''], names, values, 'Outputs');
    return { template, environment, parameters, resources, outputs, condition, parameter };
  });
}

function preparedResource(
  logicalId: string,
  resource: TemplateResource,
  active: Set<string>,
  template: Template,
  values: Values,
): PreparedResource {
  const properties = resource.Properties ?? {};
  const explicit = ([] as string[]).concat(resource.DependsOn ?? []);
  const undeclared = explicit.filter((name) => !template.Resources[name]);
  if (undeclared.length > 0) throw unresolved(undeclared, 'Resources');
  const referred = dependenciesOf(properties, active, values, 'Resources');
  return {
    logicalId,
    type: resource.Type,
    properties,
    dependencies: [...new Set([...explicit.filter((name) => active.has(name)), ...referred])],
    deletionPolicy: retention(resource.DeletionPolicy, values, 'DeletionPolicy'),
    updateReplacePolicy: retention(resource.UpdateReplacePolicy, values, 'UpdateReplacePolicy'),
    ...(resource.Metadata === undefined ? {} : { metadata: resource.Metadata }),
  };
}

/** The resources that `value` refers to; every other name must be a parameter. */
function dependenciesOf(value: Json, active: Set<string>, values: Values, block: string): string[] {
  const references = referencesIn(value, (name) => values.condition(name));
  const missing = references.filter(({ name, attribute }) => !active.has(name) && (attribute !== undefined || !isParameter(name, values)));
  const attribute = missing.find((reference) => reference.attribute !== undefined);
  if (attribute) throw validationError(`Template error: instance of Fn::GetAtt references undefined resource ${attribute.name}`);
  if (missing.length > 0) throw unresolved([...new Set(missing.map(({ name }) => name))], block);
  return [...new Set(references.map(({ name }) => name).filter((name) => active.has(name)))];
}

function isParameter(name: string, values: Values): boolean {
  try {
    values.ref(name);
    return true;
  } catch {
    return false;
  }
}

function unresolved(names: readonly string[], block: string): AwsError {
  return validationError(
    `Template format error: Unresolved resource dependencies [${names.join(', ')}] in the ${block} block of the template`,
  );
}

function retention(declared: Json | undefined, values: Values, member: string): RetentionPolicy {
  const policy = declared === undefined ? 'Delete' : resolve(declared, values);
  switch (policy) {
    case 'Delete':
    case 'Retain':
      return policy;
    case 'RetainExceptOnCreate':
      if (member === 'DeletionPolicy') return policy;
      break;
    // A snapshot keeps the data, and keeping the data is what the endpoint can do.
    case 'Snapshot':
      return 'Retain';
  }
  throw validationError(`Template error: Unrecognized ${member} ${JSON.stringify(policy ?? null)}`);
}

function parameterLookup(parameters: readonly ParameterValue[], environment: Environment): PreparedTemplate['parameter'] {
  const known: Record<string, Resolved> = {
    'AWS::AccountId': environment.accountId,
    'AWS::Region': environment.region,
    'AWS::Partition': environment.partition,
    'AWS::URLSuffix': environment.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
    'AWS::StackId': environment.stackId,
    'AWS::StackName': environment.stackName,
    'AWS::NotificationARNs': [...environment.notificationArns],
    'AWS::NoValue': undefined,
    ...Object.fromEntries(parameters.map((parameter) => [parameter.key, referenced(parameter)])),
  };
  return (name) => {
    const value = known[name];
    return { found: Object.hasOwn(known, name), ...(value === undefined ? {} : { value }) };
  };
}

/** The values that exist before any resource does. */
function staticValues(template: Template, parameter: PreparedTemplate['parameter'], condition: (name: string) => boolean): Values {
  const refuse = (what: string) => (): never => {
    throw new Error(`Template format error: ${what} cannot be used here`);
  };
  return {
    mappings: template.Mappings ?? {},
    condition,
    ref(name) {
      const { found, value } = parameter(name);
      if (!found) {
        throw new Error(
          `Template format error: Unresolved dependencies [${name}]. Cannot reference resources in the Conditions block of the template`,
        );
      }
      return value;
    },
    getAtt: refuse('Fn::GetAtt'),
    importValue: refuse('Fn::ImportValue'),
    ssm: refuse('A dynamic reference'),
    availabilityZones,
  };
}

/** Three zones, as most regions have. */
export function availabilityZones(region: string): string[] {
  return ['a', 'b', 'c'].map((letter) => `${region}${letter}`);
}

/** Whatever goes wrong while a template is read is a ValidationError to the caller. */
function worded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw validationError((error as Error).message);
  }
}
