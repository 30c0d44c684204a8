import type { QueryParameters } from './query-input';
import { toXml } from './xml';
import { DroppedConnection } from '../server/operation-gate';
import { AwsError } from '../server/service';
import type { AwsRequest, AwsResponse, AwsService } from '../server/service';
import type { World } from '../server/world';

/** One operation: gets the flat parameters, returns what stands inside `<ActionResult>`; undefined for an empty answer. */
export type QueryOperation = (parameters: QueryParameters, request: AwsRequest) => unknown | Promise<unknown>;

export interface QueryServiceOptions {
  /** Signing names. */
  readonly names: readonly string[];
  /** The service's XML namespace, e.g. `http://cloudformation.amazonaws.com/doc/2010-05-15/`. */
  readonly xmlns: string;
  readonly world: World;
  readonly operations: Readonly<Record<string, QueryOperation>>;
}

/** A server for the awsQuery protocol: form parameters in, XML out. */
export function createQueryService(options: QueryServiceOptions): AwsService {
  return {
    names: options.names,
    operations: Object.keys(options.operations),
    async handle(request) {
      try {
        return await answer(options, request);
      } catch (error) {
        if (error instanceof DroppedConnection) throw error;
        return refusal(options.xmlns, request.requestId, error);
      }
    },
  };
}

async function answer(options: QueryServiceOptions, request: AwsRequest): Promise<AwsResponse> {
  const parameters = parametersOf(request);
  const action = parameters.Action;
  if (!action) throw new AwsError('MissingAction', 'The request must contain the parameter Action.');
  const operation = Object.hasOwn(options.operations, action) ? options.operations[action] : undefined;
  if (!operation) {
    throw new AwsError('InvalidAction', `Could not find operation ${action} for version ${parameters.Version ?? 'NO_VERSION_SPECIFIED'}`);
  }
  const result = await options.world.gate.run(request, action, () => operation(parameters, request));
  const content = toXml(`${action}Result`, result) + toXml('ResponseMetadata', { RequestId: request.requestId });
  return xml(200, request.requestId, `<${action}Response xmlns="${options.xmlns}">${content}</${action}Response>`);
}

function parametersOf(request: AwsRequest): QueryParameters {
  const form = request.method === 'POST' ? new URLSearchParams(request.body.toString('utf8')) : new URLSearchParams();
  return Object.fromEntries([...request.query, ...form]);
}

function refusal(xmlns: string, requestId: string, error: unknown): AwsResponse {
  const known = error instanceof AwsError ? error : undefined;
  if (!known) console.error(error);
  const status = known?.status ?? 500;
  const content = {
    Type: status >= 500 ? 'Receiver' : 'Sender',
    Code: known?.code ?? 'InternalFailure',
    Message: error instanceof Error ? error.message : String(error),
  };
  return xml(
    status,
    requestId,
    `<ErrorResponse xmlns="${xmlns}">${toXml('Error', content)}${toXml('RequestId', requestId)}</ErrorResponse>`,
  );
}

function xml(status: number, requestId: string, body: string): AwsResponse {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}
