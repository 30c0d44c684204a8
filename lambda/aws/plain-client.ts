/**
 * Stands in for `@aws-sdk/core/client` in the bundle: the host header, the partitions, and a user agent that
 * CloudTrail shows. The original adds feature metrics, a logger, trace headers, and the table of every AWS region.
 */
interface Request {
  readonly hostname: string;
  readonly port?: number;
  readonly headers: { [name: string]: string };
}
type Handler = (args: { readonly request: Request }) => Promise<unknown>;
interface Stack {
  add(middleware: (next: Handler) => Handler, options: object): void;
}

export const USER_AGENT = 'cdk-vault-lock';

export const getHostHeaderPlugin = () => ({
  applyToStack: (stack: Stack) =>
    stack.add(
      (next) => async (args) => {
        const { headers, hostname, port } = args.request;
        headers.host ??= port === undefined ? hostname : `${hostname}:${port}`;
        headers['user-agent'] ??= USER_AGENT;
        return next(args);
      },
      { name: 'hostHeaderMiddleware', step: 'build', priority: 'low', override: true },
    ),
});

const nothing = () => ({ applyToStack: () => undefined });
export const getLoggerPlugin = nothing;
export const getRecursionDetectionPlugin = nothing;
export const getUserAgentPlugin = nothing;

const same = <T>(value: T): T => value;
export const resolveHostHeaderConfig = same;
export const resolveUserAgentConfig = same;
export const setCredentialFeature = same;

export const createDefaultUserAgentProvider = () => async () => [[USER_AGENT]];
export const NODE_APP_ID_CONFIG_OPTIONS = { environmentVariableSelector: () => undefined };
export const emitWarningIfUnsupportedVersion = () => undefined;
export const getAwsRegionExtensionConfiguration = () => ({});
export const resolveAwsRegionExtensionConfiguration = () => ({});

/** Region prefix, partition, suffixes of its hosts; what none matches is `aws`. */
const PARTITIONS: readonly (readonly [string, string, string, string])[] = [
  ['cn-', 'aws-cn', 'amazonaws.com.cn', 'api.amazonwebservices.com.cn'],
  ['us-gov-', 'aws-us-gov', 'amazonaws.com', 'api.aws'],
  ['us-isob-', 'aws-iso-b', 'sc2s.sgov.gov', 'api.aws.scloud'],
  ['us-isof-', 'aws-iso-f', 'csp.hci.ic.gov', 'api.aws.hci.ic.gov'],
  ['us-iso-', 'aws-iso', 'c2s.ic.gov', 'api.aws.ic.gov'],
  ['eu-isoe-', 'aws-iso-e', 'cloud.adc-e.uk', 'api.cloud-aws.adc-e.uk'],
  ['eusc-', 'aws-eusc', 'amazonaws.eu', 'api.amazonwebservices.eu'],
  ['', 'aws', 'amazonaws.com', 'api.aws'],
];

export function partition(region: string) {
  const [, name, dnsSuffix, dualStackDnsSuffix] = PARTITIONS.find(([prefix]) => region.startsWith(prefix)) ?? [];
  return { name, dnsSuffix, dualStackDnsSuffix, supportsFIPS: true, supportsDualStack: true };
}

export const awsEndpointFunctions = { partition };
