import type { Api } from './context';
import { queryList, queryStructures } from '../../protocol/query-input';
import type { QueryParameters } from '../../protocol/query-input';
import { AwsError } from '../../server/service';
import type { Wanted } from '../stack/deployments';
import type { StackRecord } from '../stack/records';
import { validationError } from '../template/model';
import type { Template } from '../template/model';

/** Template, parameters and tags of a request. @param stack the deployed stack, for what is to stay as it is. */
export async function wantedBy(api: Api, parameters: QueryParameters, stack?: StackRecord): Promise<Wanted> {
  const tags = Object.keys(parameters).some((name) => name.startsWith('Tags.'))
    ? Object.fromEntries(queryStructures(parameters, 'Tags').map(({ Key: key = '', Value: value = '' }) => [key, value]))
    : (stack?.deployed?.tags ?? {});
  return {
    body: await templateBody(api, parameters, stack),
    parameters: queryStructures(parameters, 'Parameters').map((given) => ({
      key: given.ParameterKey ?? '',
      ...(given.UsePreviousValue === 'true' ? { usePrevious: true } : { value: given.ParameterValue ?? '' }),
    })),
    tags,
  };
}

export async function templateBody(api: Api, parameters: QueryParameters, stack?: StackRecord): Promise<string> {
  const { TemplateBody: body, TemplateURL: url, UsePreviousTemplate: previous } = parameters;
  if (body) return body;
  if (url) {
    try {
      return await api.readTemplate(url);
    } catch (error) {
      throw validationError(`S3 error: ${(error as Error).message}`);
    }
  }
  if (previous === 'true' && stack?.deployed) return api.store.templateBody(stack.deployed.template);
  throw validationError('Either Template URL or Template Body must be specified.');
}

const NAMES: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::Policy': '',
  'AWS::IAM::AccessKey': '',
  'AWS::IAM::UserToGroupAddition': '',
};

/** What must be acknowledged before the template is deployed. */
export function requiredCapabilities(template: Template): string[] {
  const iam = Object.values(template.Resources).filter(({ Type: type }) => Object.hasOwn(NAMES, type));
  if (iam.length === 0) return [];
  const named = iam.some(({ Type: type, Properties: properties }) => NAMES[type] !== '' && properties?.[NAMES[type] ?? ''] !== undefined);
  return [named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'];
}

/** The capabilities of a request. @throws AwsError `InsufficientCapabilitiesException` */
export function acknowledged(parameters: QueryParameters, template: Template): string[] {
  const given = queryList(parameters, 'Capabilities');
  const missing = requiredCapabilities(template).filter(
    (capability) => !given.includes(capability) && !(capability === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM')),
  );
  if (missing.length > 0) throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`);
  return given;
}

/** @throws AwsError for a name that CloudFormation would not take. */
export function checkStackName(name: string): void {
  if (/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) return;
  throw validationError(
    `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
  );
}
