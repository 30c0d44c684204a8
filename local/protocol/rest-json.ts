import { readInput, writeOutput } from './rest-json-binding';
import { matchRoute, routesOf } from './rest-json-route';
import type { RouteMatch } from './rest-json-route';
import { AwsError } from '../server/service';
import type { AwsRequest, AwsResponse, AwsService } from '../server/service';
import type { World } from '../server/world';

/**
 * Operations by name. The input is what the SDK's model says (`CreateVaultInput` and so on), with bytes as Buffer; the output likewise.
 * The method form lets each operation name its own input type.
 */
export interface RestJsonOperations {
  [operation: string]: { run(input: object, request: AwsRequest): object | Promise<object> }['run'];
}

export interface RestJsonOptions {
  /** The signing names that the service answers to. */
  readonly names: readonly string[];
  /** The exports of the service's SDK client package; its operation schemas (`CreateVault$`, …) are the model. */
  readonly schemas: Readonly<Record<string, unknown>>;
  readonly world: Pick<World, 'gate'>;
  readonly operations: RestJsonOperations;
  /** The JSON body of an error. */
  readonly errorBody: (error: AwsError) => object;
  /** Headers of an error, for services that name it there (`x-amzn-errortype`). */
  readonly errorHeaders?: (error: AwsError) => Readonly<Record<string, string>>;
  /** The value of `x-amzn-RequestId`. Default: the request's id. */
  readonly responseId?: (request: AwsRequest) => string;
}

/** A server for a service of the restJson1 protocol, with the service's own SDK package as its model. */
export function createRestJsonService(options: RestJsonOptions): AwsService {
  const routes = routesOf(options.schemas);
  const responseId = options.responseId ?? ((request: AwsRequest) => request.requestId);
  const failure = (error: AwsError): AwsResponse => ({
    status: error.status,
    headers: { 'Content-Type': 'application/json', ...options.errorHeaders?.(error) },
    body: JSON.stringify(options.errorBody(error)),
  });
  const answer = async (request: AwsRequest): Promise<AwsResponse> => {
    try {
      const match = matchRoute(routes, request.method, request.path, request.query);
      if (!match) throw unknownOperation(request);
      return await options.world.gate.run(request, match.route.operation, () => perform(options, match, request));
    } catch (error) {
      if (error instanceof AwsError) return failure(error);
      throw error;
    }
  };
  return {
    names: options.names,
    operations: routes.map(({ operation }) => operation),
    handle: async (request) => {
      const response = await answer(request);
      return { ...response, headers: { 'x-amzn-RequestId': responseId(request), ...response.headers } };
    },
  };
}

async function perform(options: RestJsonOptions, match: RouteMatch, request: AwsRequest): Promise<AwsResponse> {
  const { operation } = match.route;
  const run = options.operations[operation];
  if (!run) {
    throw new AwsError('NotImplemented', `${request.service}:${operation} is not implemented by the local endpoint.`, 501);
  }
  return writeOutput(match.route, await run(readInput(match, request), request));
}

/** Answered at once and as 4xx: SDKs retry anything that looks like trouble of the server, some of them for minutes. */
function unknownOperation(request: AwsRequest): AwsError {
  return new AwsError('UnknownOperationException', `There is no operation ${request.method} ${request.path}.`, 404);
}
