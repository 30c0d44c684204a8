/**
 * Stands in for `@smithy/core/config` in the bundle: settings come from Lambda's environment or are defaults. The original also reads
 * profiles from files and asks the instance metadata service for the region, neither of which a function has.
 */
type Provider<T> = () => Promise<T>;

interface Setting<T> {
  readonly environmentVariableSelector: (env: NodeJS.ProcessEnv) => T | undefined;
  readonly default?: T | Provider<T>;
}

export function loadConfig<T>({ environmentVariableSelector, default: otherwise }: Setting<T>): Provider<T | undefined> {
  return async () =>
    environmentVariableSelector(process.env) ?? (typeof otherwise === 'function' ? (otherwise as Provider<T>)() : otherwise);
}

export const CONFIG_PREFIX_SEPARATOR = '.';
export const SelectorType = { ENV: 'env', CONFIG: 'shared config entry' };
export class ProviderError extends Error {}

export function booleanSelector(env: NodeJS.ProcessEnv, name: string): boolean | undefined {
  const value = env[name];
  if (value === undefined) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Error(`the environment variable ${name} must be "true" or "false"; it is "${value}"`);
}

export const REGION_ENV_NAME = 'AWS_REGION';
export const REGION_INI_NAME = 'region';
export const NODE_REGION_CONFIG_FILE_OPTIONS = {};
export const NODE_REGION_CONFIG_OPTIONS: Setting<string> = {
  environmentVariableSelector: (env) => env[REGION_ENV_NAME],
  default: async () => {
    throw new Error('the environment variable AWS_REGION is missing');
  },
};
export const NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS: Setting<boolean> = {
  environmentVariableSelector: (env) => booleanSelector(env, 'AWS_USE_DUALSTACK_ENDPOINT'),
  default: false,
};
export const NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS: Setting<boolean> = {
  environmentVariableSelector: (env) => booleanSelector(env, 'AWS_USE_FIPS_ENDPOINT'),
  default: false,
};

export const resolveDefaultsModeConfig = () => async () => 'standard';

interface RegionInput {
  region: string | Provider<string>;
  useFipsEndpoint: boolean | Provider<boolean>;
}

export function resolveRegionConfig<T extends RegionInput>(input: T): T {
  const { region, useFipsEndpoint } = input;
  return Object.assign(input, {
    region: async () => (typeof region === 'function' ? region() : region),
    useFipsEndpoint: async () => (typeof useFipsEndpoint === 'function' ? useFipsEndpoint() : useFipsEndpoint),
  });
}
