import { findChangeSet } from './change-set-operations';
import { namedStack } from './context';
import type { Api, ApiOperations } from './context';
import { requiredCapabilities, templateBody } from './wanted';
import type { QueryParameters } from '../../protocol/query-input';
import type { AwsRequest } from '../../server/service';
import type { Template } from '../template/model';
import { parseTemplate } from '../template/parse';

/** What CloudFormation shows of a stack that has only been reviewed. */
const NO_TEMPLATE = '{}';

export function templateOperations(api: Api): ApiOperations {
  return {
    GetTemplate: (parameters, request) => ({
      TemplateBody: deployedBody(api, parameters, request),
      StagesAvailable: ['Original', 'Processed'],
    }),
    GetTemplateSummary: async (parameters, request) => {
      const stored = parameters.StackName !== undefined && !parameters.TemplateBody && !parameters.TemplateURL;
      const template = parseTemplate(stored ? deployedBody(api, parameters, request) : await templateBody(api, parameters));
      return {
        ...described(template),
        ResourceTypes: [...new Set(Object.values(template.Resources).map(({ Type: type }) => type))],
        Version: '2010-09-09',
      };
    },
    ValidateTemplate: async (parameters) => described(parseTemplate(await templateBody(api, parameters))),
  };
}

function deployedBody(api: Api, parameters: QueryParameters, request: AwsRequest): string {
  if (parameters.ChangeSetName) {
    const changeSet = findChangeSet(api, parameters, request);
    if (changeSet) return api.store.templateBody(changeSet.deployment.template);
  }
  const stack = namedStack(api, parameters.StackName, request);
  return stack.deployed ? api.store.templateBody(stack.deployed.template) : NO_TEMPLATE;
}

function described(template: Template): Record<string, unknown> {
  const capabilities = requiredCapabilities(template);
  return {
    Description: template.Description,
    Parameters: Object.entries(template.Parameters ?? {}).map(([key, declared]) => ({
      ParameterKey: key,
      DefaultValue: declared.Default === undefined ? undefined : String(declared.Default),
      ParameterType: declared.Type,
      NoEcho: String(declared.NoEcho) === 'true',
      Description: declared.Description,
    })),
    Capabilities: capabilities,
    ...(capabilities.length > 0 ? { CapabilitiesReason: 'The following resource(s) require capabilities: [AWS::IAM::*]' } : {}),
  };
}
