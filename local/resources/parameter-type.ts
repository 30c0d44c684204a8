import { requiredText, textProperty } from './properties';
import { isChanged } from './recorded-type';
import { Properties, ResourceResult, ResourceScope, ResourceType } from '../cloudformation/resource-type';
import { Parameter, ParameterStore } from '../ssm/parameter-store';

/** `AWS::SSM::Parameter`, alive. */
export function parameterType(parameters: ParameterStore): ResourceType {
  const put = (name: string, properties: Properties, scope: ResourceScope, overwrite: boolean): ResourceResult => {
    const type = textProperty(properties, 'Type') ?? 'String';
    if (type === 'SecureString') throw new Error('`Type` must be String or StringList: CloudFormation cannot create a SecureString.');
    const parameter = parameters.put(
      {
        name,
        type,
        value: requiredText(properties, 'Value'),
        description: textProperty(properties, 'Description'),
        tier: textProperty(properties, 'Tier'),
        overwrite,
      },
      scope.region,
    );
    return result(parameter);
  };
  const create = async (properties: Properties, scope: ResourceScope): Promise<ResourceResult> => {
    const name = textProperty(properties, 'Name') ?? `CFN-${scope.generateName(200)}`;
    if (parameters.has(name, scope.region)) throw new Error(`${name} already exists`);
    return put(name, properties, scope, false);
  };
  return {
    create,
    update: async (physicalId, properties, previous, scope) =>
      isChanged(properties, previous, 'Name') ? create(properties, scope) : put(physicalId, properties, scope, true),
    delete: async (physicalId, _properties, scope) => {
      if (parameters.has(physicalId, scope.region)) parameters.delete(physicalId, scope.region);
    },
  };
}

function result(parameter: Parameter): ResourceResult {
  return { physicalId: parameter.name, attributes: { Type: parameter.type, Value: parameter.value } };
}
