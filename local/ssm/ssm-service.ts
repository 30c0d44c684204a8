import { Parameter, parameterArn, ParameterStore } from './parameter-store';
import { optionalBoolean, optionalString, requiredString, stringList } from '../protocol/json-input';
import { createJsonService, JsonInput, JsonOperation } from '../protocol/json-protocol';
import { AwsRequest, AwsService } from '../server/service';
import { World } from '../server/world';

/** Systems Manager's Parameter Store: what the CDK CLI, `ssm.StringParameter` and handlers ask. */
export function createSsmService(world: World, store: ParameterStore = new ParameterStore(world)): AwsService {
  return createJsonService({ names: ['ssm'], targetPrefix: 'AmazonSSM', world, operations: ssmOperations(world, store) });
}

function ssmOperations(world: World, store: ParameterStore): Record<string, JsonOperation> {
  const authorise = (operation: string, name: string, request: AwsRequest) => {
    if (request.caller.roleArn === undefined) return;
    world.iam.authorise({
      caller: request.caller,
      action: `ssm:${operation}`,
      resource: name === '*' ? '*' : parameterArn(name, request.region, request.caller.accountId),
    });
  };

  return {
    GetParameter: (input, request) => {
      const name = requestedName(input, 'Name');
      authorise('GetParameter', name, request);
      return { Parameter: parameterAnswer(store.get(name, request.region), request, input) };
    },
    GetParameters: (input, request) => {
      const names = stringList(input, 'Names').map(localName);
      names.forEach((name) => authorise('GetParameters', name, request));
      const found = names.map((name) => store.find(name, request.region)).filter((parameter) => parameter !== undefined);
      return {
        Parameters: found.map((parameter) => parameterAnswer(parameter, request, input)),
        InvalidParameters: names.filter((name) => store.find(name, request.region) === undefined),
      };
    },
    PutParameter: (input, request) => {
      const name = requestedName(input, 'Name');
      authorise('PutParameter', name, request);
      const parameter = store.put(
        {
          name,
          type: optionalString(input, 'Type'),
          value: requiredString(input, 'Value'),
          description: optionalString(input, 'Description'),
          tier: optionalString(input, 'Tier'),
          overwrite: optionalBoolean(input, 'Overwrite'),
        },
        request.region,
      );
      return { Version: parameter.version, Tier: parameter.tier };
    },
    DeleteParameter: (input, request) => {
      const name = requestedName(input, 'Name');
      authorise('DeleteParameter', name, request);
      store.delete(name, request.region);
    },
    DeleteParameters: (input, request) => {
      const names = stringList(input, 'Names').map(localName);
      names.forEach((name) => authorise('DeleteParameters', name, request));
      const existing = names.filter((name) => store.has(name, request.region));
      existing.forEach((name) => store.delete(name, request.region));
      return { DeletedParameters: existing, InvalidParameters: names.filter((name) => !existing.includes(name)) };
    },
    DescribeParameters: (_input, request) => {
      authorise('DescribeParameters', '*', request);
      return { Parameters: store.list(request.region).map((parameter) => metadata(parameter, request)) };
    },
    GetParametersByPath: (input, request) => {
      const path = requiredString(input, 'Path');
      authorise('GetParametersByPath', path, request);
      const recursive = optionalBoolean(input, 'Recursive') ?? false;
      const parameters = store.list(request.region).filter((parameter) => isUnder(path, parameter.name, recursive));
      return { Parameters: parameters.map((parameter) => parameterAnswer(parameter, request, input)) };
    },
    AddTagsToResource: (input, request) => {
      const name = requestedName(input, 'ResourceId');
      authorise('AddTagsToResource', name, request);
      store.get(name, request.region);
    },
    ListTagsForResource: (input, request) => {
      const name = requestedName(input, 'ResourceId');
      authorise('ListTagsForResource', name, request);
      store.get(name, request.region);
      return { TagList: [] };
    },
  };
}

function requestedName(input: JsonInput, member: string): string {
  return localName(requiredString(input, member));
}

/** A parameter can be asked for by its ARN as well. */
function localName(nameOrArn: string): string {
  const match = /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(nameOrArn);
  if (match === null) return nameOrArn;
  const path = match[1] ?? '';
  return path.indexOf('/', 1) === -1 ? path.slice(1) : path;
}

function isUnder(path: string, name: string, recursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  if (!name.startsWith(prefix)) return false;
  return recursive || !name.slice(prefix.length).includes('/');
}

function parameterAnswer(parameter: Parameter, request: AwsRequest, input: JsonInput) {
  const hidden = parameter.type === 'SecureString' && !optionalBoolean(input, 'WithDecryption');
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: hidden ? Buffer.from(parameter.value).toString('base64') : parameter.value,
    Version: parameter.version,
    LastModifiedDate: parameter.lastModified / 1000,
    ARN: parameterArn(parameter.name, request.region, request.caller.accountId),
    DataType: 'text',
  };
}

function metadata(parameter: Parameter, request: AwsRequest) {
  return {
    Name: parameter.name,
    ARN: parameterArn(parameter.name, request.region, request.caller.accountId),
    Type: parameter.type,
    LastModifiedDate: parameter.lastModified / 1000,
    LastModifiedUser: request.caller.arn,
    Description: parameter.description,
    Version: parameter.version,
    Tier: parameter.tier,
    Policies: [],
    DataType: 'text',
  };
}
