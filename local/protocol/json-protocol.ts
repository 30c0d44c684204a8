import { AwsError, AwsRequest, AwsResponse, AwsService } from '../server/service';
import { World } from '../server/world';

/** One operation of an awsJson1.1 service. What it returns is the answer's JSON; nothing is `{}`. */
export type JsonOperation = (input: JsonInput, request: AwsRequest) => unknown;
export type JsonInput = { readonly [member: string]: unknown };

export interface JsonServiceProps {
  /** Signing names that are routed to the service. */
  readonly names: readonly string[];
  /** What stands before the operation in `x-amz-target`, without the dot. */
  readonly targetPrefix: string;
  readonly world: World;
  readonly operations: Readonly<Record<string, JsonOperation>>;
}

/** Serves the awsJson1.1 protocol: `POST /` with the operation in `x-amz-target`. */
export function createJsonService(props: JsonServiceProps): AwsService {
  return { names: props.names, operations: Object.keys(props.operations), handle: (request) => handle(props, request) };
}

async function handle(props: JsonServiceProps, request: AwsRequest): Promise<AwsResponse> {
  try {
    const operation = operationName(props.targetPrefix, request.headers['x-amz-target']);
    const implementation = lookUp(props, operation);
    const input = parseBody(request.body);
    const output = await props.world.gate.run(request, operation, async () => implementation(input, request));
    return answer(request, 200, output ?? {});
  } catch (error) {
    if (error instanceof AwsError) return answer(request, error.status, { __type: error.code, message: error.message });
    throw error;
  }
}

function operationName(prefix: string, target: string | undefined): string {
  if (target === undefined) throw new AwsError('MissingAction', 'The request has no `x-amz-target` header.');
  if (!target.startsWith(`${prefix}.`)) throw unknownOperation(target);
  return target.slice(prefix.length + 1);
}

function lookUp(props: JsonServiceProps, operation: string): JsonOperation {
  const implementation = Object.hasOwn(props.operations, operation) ? props.operations[operation] : undefined;
  if (implementation === undefined) throw unknownOperation(`${props.targetPrefix}.${operation}`);
  return implementation;
}

function unknownOperation(target: string): AwsError {
  return new AwsError('UnknownOperationException', `${target} is not implemented by the local endpoint.`);
}

function parseBody(body: Buffer): JsonInput {
  if (body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new AwsError('SerializationException', 'The request body is not a JSON object.');
  }
  return parsed as JsonInput;
}

function answer(request: AwsRequest, status: number, output: unknown): AwsResponse {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': request.requestId },
    body: JSON.stringify(output),
  };
}
