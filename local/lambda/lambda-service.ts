import { Invocation } from './function-runner';
import { FunctionConfiguration, FunctionStore, ResolvedFunction, resourcePolicy } from './function-store';
import { Invoker } from './invoker';
import { AwsError, AwsRequest, AwsResponse, AwsService } from '../server/service';
import { World } from '../server/world';

type LambdaOperation = (request: AwsRequest, functionName: string) => Promise<AwsResponse> | AwsResponse;

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly operation: string;
  readonly run: LambdaOperation;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB synchronous, 1 MB asynchronous. */
const PAYLOAD_LIMITS: Readonly<Record<string, number>> = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024 };

/** Lambda's restJson1 API: what handlers call and what the CDK CLI reads for diagnosis. */
export function createLambdaService(world: World, store: FunctionStore, invoker: Invoker): AwsService {
  const routes = lambdaRoutes(world, store, invoker);
  return { names: ['lambda'], operations: routes.map(({ operation }) => operation), handle: (request) => handle(world, routes, request) };
}

function lambdaRoutes(world: World, store: FunctionStore, invoker: Invoker): readonly Route[] {
  const resolve = (request: AwsRequest, name: string) => store.resolve(name, request.region, request.query.get('Qualifier') ?? undefined);
  const read =
    (action: string, answer: (target: ResolvedFunction) => object): LambdaOperation =>
    (request, name) => {
      const target = resolve(request, name);
      authorise(world, request, action, target);
      return json(200, answer(target));
    };

  return [
    {
      method: 'GET',
      path: /^\/2015-03-31\/functions\/?$/,
      operation: 'ListFunctions',
      run: (request) => {
        authorise(world, request, 'ListFunctions');
        const records = store.names(request.region).map((name) => store.resolve(name, request.region));
        return json(200, { Functions: records.map(({ configuration }) => configurationAnswer(configuration)) });
      },
    },
    {
      method: 'GET',
      path: /^\/2015-03-31\/functions\/([^/]+)$/,
      operation: 'GetFunction',
      run: read('GetFunction', ({ configuration, record }) => ({
        Configuration: configurationAnswer(configuration),
        Code: { RepositoryType: 'S3', Location: '' },
        Tags: record.tags,
        Concurrency: record.reservedConcurrency === undefined ? undefined : { ReservedConcurrentExecutions: record.reservedConcurrency },
      })),
    },
    {
      method: 'GET',
      path: /^\/2015-03-31\/functions\/([^/]+)\/configuration$/,
      operation: 'GetFunctionConfiguration',
      run: read('GetFunctionConfiguration', ({ configuration }) => configurationAnswer(configuration)),
    },
    {
      method: 'GET',
      path: /^\/2019-09-30\/functions\/([^/]+)\/concurrency$/,
      operation: 'GetFunctionConcurrency',
      run: read('GetFunctionConcurrency', ({ record }) => ({ ReservedConcurrentExecutions: record.reservedConcurrency })),
    },
    {
      method: 'GET',
      path: /^\/2019-09-25\/functions\/([^/]+)\/event-invoke-config$/,
      operation: 'GetFunctionEventInvokeConfig',
      run: read('GetFunctionEventInvokeConfig', ({ record, qualifier, configuration, invokedArn }) => {
        const config = record.invokeConfigs[qualifier];
        if (config === undefined) {
          throw new AwsError('ResourceNotFoundException', `The function ${invokedArn} doesn't have an EventInvokeConfig`, 404);
        }
        return {
          FunctionArn: `${configuration.arn}:${qualifier}`,
          MaximumRetryAttempts: config.maximumRetryAttempts,
          MaximumEventAgeInSeconds: config.maximumEventAgeInSeconds,
        };
      }),
    },
    {
      method: 'GET',
      path: /^\/2015-03-31\/functions\/([^/]+)\/policy$/,
      operation: 'GetPolicy',
      run: read('GetPolicy', ({ record, configuration }) => {
        const policy = resourcePolicy(record);
        if (policy === undefined) throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
        return { Policy: policy, RevisionId: configuration.revisionId };
      }),
    },
    {
      method: 'POST',
      path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/,
      operation: 'Invoke',
      run: (request, name) => {
        const target = resolve(request, name);
        authorise(world, request, 'InvokeFunction', target);
        return invoke(request, target, invoker);
      },
    },
  ];
}

async function handle(world: World, routes: readonly Route[], request: AwsRequest): Promise<AwsResponse> {
  try {
    const route = routes.find(({ method, path }) => method === request.method && path.test(request.path));
    if (route === undefined) throw unknownRoute(routes, request);
    const functionName = decodeURIComponent(route.path.exec(request.path)?.[1] ?? '');
    return await world.gate.run(request, route.operation, async () => route.run(request, functionName));
  } catch (error) {
    if (error instanceof AwsError) return errorAnswer(error, request);
    throw error;
  }
}

function unknownRoute(routes: readonly Route[], request: AwsRequest): AwsError {
  const what = `lambda ${request.method} ${request.path}`;
  const isLambdaPath = /^\/\d{4}-\d{2}-\d{2}\//.test(request.path);
  if (!isLambdaPath) return new AwsError('UnknownOperationException', `${what} is no operation of Lambda.`, 404);
  return new AwsError(
    'NotImplementedException',
    `${what} is not implemented by the local endpoint, which knows ${routes.map(({ operation }) => operation).join(', ')}.`,
    501,
  );
}

async function invoke(request: AwsRequest, target: ResolvedFunction, invoker: Invoker): Promise<AwsResponse> {
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type === 'DryRun') return { status: 204, headers: { 'x-amz-executed-version': target.configuration.version } };
  const limit = PAYLOAD_LIMITS[type];
  if (limit === undefined) {
    throw new AwsError('InvalidParameterValueException', `Unknown invocation type: ${type}; it is RequestResponse, Event or DryRun.`);
  }
  const payload = eventOf(request.body, limit);
  if (type === 'Event') {
    // Nobody waits for it; how it ended stands in its log.
    void invoker.invokeAsync(target, payload, request.requestId);
    return { status: 202, headers: { 'x-amzn-requestid': request.requestId } };
  }
  return invocationAnswer(await invoker.invokeSync(target, payload, request.requestId), request.headers['x-amz-log-type'] === 'Tail');
}

function eventOf(body: Buffer, limit: number): string {
  if (body.length > limit) {
    throw new AwsError('RequestTooLargeException', `Request must be smaller than ${limit} bytes for the InvokeFunction operation`, 413);
  }
  const text = body.length === 0 ? '{}' : body.toString('utf8');
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${(error as Error).message}`);
  }
  return text;
}

function invocationAnswer(invocation: Invocation, withLog: boolean): AwsResponse {
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': invocation.requestId,
      'x-amz-executed-version': invocation.executedVersion,
      ...(invocation.functionError !== undefined && { 'x-amz-function-error': invocation.functionError }),
      ...(withLog && { 'x-amz-log-result': Buffer.from(invocation.logTail).toString('base64') }),
    },
    body: invocation.payload,
  };
}

function authorise(world: World, request: AwsRequest, operation: string, target?: ResolvedFunction): void {
  if (request.caller.roleArn === undefined) return;
  const policy = target === undefined ? undefined : resourcePolicy(target.record);
  world.iam.authorise({
    caller: request.caller,
    action: `lambda:${operation}`,
    resource: target?.invokedArn ?? '*',
    resourcePolicies: policy === undefined ? undefined : [policy],
    resourceAccount: world.accountId,
  });
}

export function configurationAnswer(configuration: FunctionConfiguration): object {
  return {
    FunctionName: configuration.name,
    FunctionArn: configuration.version === '$LATEST' ? configuration.arn : `${configuration.arn}:${configuration.version}`,
    Runtime: configuration.runtime,
    Role: configuration.roleArn,
    Handler: configuration.handler,
    CodeSize: configuration.code.size,
    CodeSha256: configuration.code.sha256,
    Description: configuration.description,
    Timeout: configuration.timeout,
    MemorySize: configuration.memorySize,
    LastModified: new Date(configuration.lastModified).toISOString().replace('Z', '+0000'),
    Version: configuration.version,
    Environment: { Variables: configuration.environment },
    Layers: configuration.layers.map((arn) => ({ Arn: arn })),
    RevisionId: configuration.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: configuration.code.kind === 'image' ? 'Image' : 'Zip',
    Architectures: configuration.architectures,
    LoggingConfig: { LogFormat: 'Text', LogGroup: configuration.logGroup },
  };
}

function json(status: number, body: object): AwsResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function errorAnswer(error: AwsError, request: AwsRequest): AwsResponse {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.code, 'x-amzn-requestid': request.requestId },
    body: JSON.stringify({ Type: error.status >= 500 ? 'Service' : 'User', Message: error.message }),
  };
}
