/**
 * The AWS managed policies that CDK's own constructs attach. Any other one may be attached, too, and grants nothing: better a refusal
 * that AWS would not give than a permission that AWS would not give.
 */

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const NETWORK = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
const XRAY = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:GetSamplingStatisticSummaries',
];
/** AWS's own list has thousands of actions; these are the reading ones of the services that the endpoint serves. */
const READING = ['cloudformation', 'glacier', 'iam', 'kms', 'lambda', 'logs', 's3', 'sns', 'ssm', 'sts'].flatMap((service) =>
  ['Describe*', 'Get*', 'List*'].map((verb) => `${service}:${verb}`),
);

const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ['*'],
  ReadOnlyAccess: [...READING, 'logs:FilterLogEvents', 'logs:StartQuery', 'cloudformation:Detect*'],
  // The deploy role of the bootstrap stack has it.
  AWSCloudFormationReadOnlyAccess: ['Describe*', 'Detect*', 'EstimateTemplateCost', 'Get*', 'List*', 'ValidateTemplate'].map(
    (action) => `cloudformation:${action}`,
  ),
  AWSXRayDaemonWriteAccess: XRAY,
  AWSXrayWriteOnlyAccess: XRAY,
  CloudWatchLambdaInsightsExecutionRolePolicy: LOGS,
  'service-role/AWSLambdaBasicExecutionRole': LOGS,
  'service-role/AWSLambdaVPCAccessExecutionRole': [...LOGS, ...NETWORK],
};

const AWS_MANAGED = /^arn:[^:]+:iam::aws:policy\/(.+)$/;

export function isAwsManaged(arn: string): boolean {
  return AWS_MANAGED.test(arn);
}

/** The document of an AWS managed policy, or `undefined` for one that is not known here. */
export function awsManagedDocument(arn: string): string | undefined {
  const name = AWS_MANAGED.exec(arn)?.[1] ?? '';
  const actions = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  return actions && JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });
}
