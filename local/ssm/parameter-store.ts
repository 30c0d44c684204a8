import { partitionOf } from '../server/partition';
import { AwsError } from '../server/service';
import { World } from '../server/world';

export const PARAMETER_TYPES = ['String', 'StringList', 'SecureString'] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly value: string;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  readonly description?: string;
  readonly tier: string;
}

export interface ParameterInput {
  readonly name: string;
  /** @default - that of the existing parameter */
  readonly type?: string;
  readonly value: string;
  readonly description?: string;
  readonly tier?: string;
  readonly overwrite?: boolean;
}

/** What bootstrap stacks of 2026 write; the CDK CLI asks for at least 6, lookups for at least 8. */
const BOOTSTRAP_VERSION = '33';
const BOOTSTRAP_NAME = /^\/cdk-bootstrap\/[^/]+\/version$/;
/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html: 4 KB standard, 8 KB advanced. */
const VALUE_LIMITS: Readonly<Record<string, number>> = { Standard: 4096, Advanced: 8192 };

type ParameterSlice = { [region: string]: { [name: string]: Parameter } };

/** The parameters of all regions, in the state slice `ssm`. */
export class ParameterStore {
  constructor(private readonly world: World) {}

  /** The value of a parameter, as CloudFormation's SSM parameter types read it. */
  ssmValue(name: string, region: string): string | undefined {
    return this.find(name, region)?.value;
  }

  /** The parameter; `/cdk-bootstrap/<qualifier>/version` exists even if nobody has put it, as if the account were bootstrapped. */
  find(name: string, region: string): Parameter | undefined {
    const stored = this.stored(region)[name];
    if (stored !== undefined || !BOOTSTRAP_NAME.test(name)) return stored;
    return { name, type: 'String', value: BOOTSTRAP_VERSION, version: 1, lastModified: 0, tier: 'Standard' };
  }

  get(name: string, region: string): Parameter {
    const parameter = this.find(name, region);
    if (parameter === undefined) throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
    return parameter;
  }

  /** True if somebody has put it; the bootstrap version that is always there does not count. */
  has(name: string, region: string): boolean {
    return this.stored(region)[name] !== undefined;
  }

  put(input: ParameterInput, region: string): Parameter {
    const parameters = this.stored(region);
    const existing = parameters[input.name];
    if (existing !== undefined && !input.overwrite) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    const parameter = validated(input, existing, this.world.clock.now());
    parameters[input.name] = parameter;
    this.world.state.changed();
    return parameter;
  }

  delete(name: string, region: string): void {
    const parameters = this.stored(region);
    if (parameters[name] === undefined) throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
    delete parameters[name];
    this.world.state.changed();
  }

  list(region: string): Parameter[] {
    return Object.values(this.stored(region)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private stored(region: string): { [name: string]: Parameter } {
    const regions = this.world.state.slice<ParameterSlice>('ssm', () => ({}));
    return (regions[region] ??= {});
  }
}

/** `parameter/name`: the ARN has one slash whether or not the name begins with one. */
export function parameterArn(name: string, region: string, accountId: string): string {
  return `arn:${partitionOf(region)}:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, '')}`;
}

function validated(input: ParameterInput, existing: Parameter | undefined, now: number): Parameter {
  checkName(input.name);
  const type = input.type ?? existing?.type;
  if (type === undefined) throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
  if (!isParameterType(type)) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]`,
    );
  }
  const tier = input.tier ?? existing?.tier ?? 'Standard';
  checkValue(input.value, tier);
  return {
    name: input.name,
    type,
    value: input.value,
    version: (existing?.version ?? 0) + 1,
    lastModified: now,
    description: input.description ?? existing?.description,
    tier,
  };
}

function isParameterType(type: string): type is ParameterType {
  return (PARAMETER_TYPES as readonly string[]).includes(type);
}

function checkName(name: string): void {
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw new AwsError('ValidationException', 'Parameter name: can\'t be prefixed with "ssm" or "aws" (case-insensitive).');
  }
  if (!/^[a-zA-Z0-9_./-]+$/.test(name)) {
    throw new AwsError('ValidationException', 'Parameter name: can only contain letters, numbers and the symbols .-_/');
  }
  if (name.includes('/') && !name.startsWith('/')) {
    throw new AwsError('ValidationException', 'Parameter name must be a fully qualified name.');
  }
}

function checkValue(value: string, tier: string): void {
  if (value === '') {
    throw new AwsError(
      'ValidationException',
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.",
    );
  }
  const limit = VALUE_LIMITS[tier] ?? VALUE_LIMITS.Advanced;
  if (limit !== undefined && Buffer.byteLength(value) > limit) {
    throw new AwsError('ValidationException', `${tier} tier parameters support a maximum parameter value of ${limit} characters.`);
  }
}
