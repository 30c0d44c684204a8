import type { Json } from '../resource-type';
import { validationError } from './model';
import type { ParameterDeclaration, Template } from './model';

/** A parameter of a stack. The raw value is what was given; the resolved one is what an SSM parameter held at the time. */
export interface ParameterValue {
  readonly key: string;
  readonly type: string;
  readonly value: string;
  readonly resolved?: string;
  readonly noEcho?: boolean;
}

/** What a request says about a parameter: a value, or that the deployed one stays. */
export interface GivenParameter {
  readonly key: string;
  readonly value?: string;
  readonly usePrevious?: boolean;
}

/** SSM parameter name -> value in the stack's region. */
export type SsmLookup = (name: string) => string | undefined;

const SSM_TYPE = /^AWS::SSM::Parameter::Value<(.+)>$/;

/** @throws AwsError `ValidationError` in CloudFormation's words. */
export function parameterValues(
  template: Template,
  given: readonly GivenParameter[],
  previous: readonly ParameterValue[],
  ssm: SsmLookup,
): ParameterValue[] {
  const declared = template.Parameters ?? {};
  const unknown = given.map(({ key }) => key).filter((key) => !declared[key]);
  if (unknown.length > 0) throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const raw = Object.entries(declared).map(([key, declaration]) => ({
    key,
    declaration,
    value: rawValue(key, declaration, given, previous),
  }));
  const missing = raw.filter(({ value }) => value === undefined).map(({ key }) => key);
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  const values = raw.map(({ key, declaration, value }) => checked(key, declaration, value ?? '', ssm));
  const unfetched = values.filter(({ type, resolved }) => SSM_TYPE.test(type) && resolved === undefined).map(({ value }) => value);
  if (unfetched.length > 0) {
    throw validationError(`Unable to fetch parameters [${unfetched.join(',')}] from parameter store for this account.`);
  }
  return values;
}

function rawValue(key: string, declaration: ParameterDeclaration, given: readonly GivenParameter[], previous: readonly ParameterValue[]) {
  const said = given.find((parameter) => parameter.key === key);
  const deployed = previous.find((parameter) => parameter.key === key);
  if (said?.usePrevious) {
    if (!deployed) {
      throw validationError(
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    }
    return deployed.value;
  }
  if (said?.value !== undefined) return said.value;
  return declaration.Default === undefined ? undefined : scalarText(declaration.Default);
}

function scalarText(value: Json): string {
  return Array.isArray(value) ? value.map(String).join(',') : String(value);
}

function checked(key: string, declaration: ParameterDeclaration, value: string, ssm: SsmLookup): ParameterValue {
  const noEcho = String(declaration.NoEcho) === 'true';
  const parameter = { key, type: declaration.Type, value, ...(noEcho ? { noEcho } : {}) };
  if (SSM_TYPE.test(declaration.Type)) {
    const resolved = ssm(value);
    return resolved === undefined ? parameter : { ...parameter, resolved };
  }
  const fault = faultOf(key, declaration, value);
  if (fault) {
    throw validationError(
      declaration.ConstraintDescription ? `Parameter ${key} failed to satisfy constraint: ${declaration.ConstraintDescription}` : fault,
    );
  }
  return parameter;
}

function faultOf(key: string, declaration: ParameterDeclaration, value: string): string | undefined {
  const parts = isListType(declaration.Type) ? splitList(value) : [value];
  const allowed = declaration.AllowedValues?.map(String);
  if (allowed && !parts.every((part) => allowed.includes(part))) return `Parameter '${key}' must be one of AllowedValues`;
  if (/Number/.test(declaration.Type)) return parts.map((part) => numberFault(key, declaration, part)).find(Boolean);
  const { AllowedPattern: pattern, MinLength: shortest, MaxLength: longest } = declaration;
  if (shortest !== undefined && value.length < Number(shortest)) return `Parameter '${key}' must contain at least ${shortest} characters`;
  if (longest !== undefined && value.length > Number(longest)) return `Parameter '${key}' must contain at most ${longest} characters`;
  if (pattern !== undefined && !parts.every((part) => new RegExp(`^(?:${pattern})$`).test(part))) {
    return `Parameter '${key}' must match pattern ${pattern}`;
  }
  return undefined;
}

function numberFault(key: string, { MinValue: least, MaxValue: most }: ParameterDeclaration, part: string): string | undefined {
  const number = Number(part);
  if (part.trim() === '' || Number.isNaN(number)) return `Parameter '${key}' must be a number`;
  if (least !== undefined && number < Number(least)) return `Parameter '${key}' must be a number not less than ${least}`;
  if (most !== undefined && number > Number(most)) return `Parameter '${key}' must be a number not greater than ${most}`;
  return undefined;
}

/** What `Ref` gives for a parameter. */
export function referenced(parameter: ParameterValue): Json {
  const inner = SSM_TYPE.exec(parameter.type)?.[1] ?? parameter.type;
  const value = parameter.resolved ?? parameter.value;
  return isListType(inner) ? splitList(value) : value;
}

function isListType(type: string): boolean {
  return type === 'CommaDelimitedList' || /^List<.+>$/.test(type);
}

function splitList(value: string): string[] {
  return value === '' ? [] : value.split(',').map((part) => part.trim());
}
