import type { Json } from '../resource-type';
import { isMap, validationError } from './model';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const MAX_RESOURCES = 500;
export const MAX_OUTPUTS = 200;
export const MAX_PARAMETERS = 200;

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Transform',
  'Resources',
  'Outputs',
  'Hooks',
];
const RESOURCE_MEMBERS = [
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'UpdatePolicy',
  'CreationPolicy',
  'Metadata',
  'Description',
];

/** The only transform whose functions the endpoint knows by itself; all others run code of AWS. */
const NATIVE_TRANSFORM = 'AWS::LanguageExtensions';

/** What can be said about a template without knowing its parameters. */
export function checkStructure(document: { readonly [section: string]: Json }): void {
  const unknown = Object.keys(document).filter((section) => !SECTIONS.includes(section));
  if (unknown.length > 0) throw validationError(`Invalid template property or properties [${unknown.join(', ')}]`);
  checkTransforms(document.Transform);
  const resources = document.Resources;
  if (!isMap(resources) || Object.keys(resources).length === 0) throw formatError('At least one Resources member must be defined.');
  checkCount('Resources', resources, MAX_RESOURCES, 'resources');
  checkCount('Outputs', document.Outputs, MAX_OUTPUTS, 'outputs');
  checkCount('Parameters', document.Parameters, MAX_PARAMETERS, 'parameters');
  for (const [logicalId, resource] of Object.entries(resources)) checkResource(logicalId, resource);
  refuseNulls(resources, '/Resources');
  for (const [name, output] of Object.entries(isMap(document.Outputs) ? document.Outputs : {})) {
    if (!isMap(output) || output.Value === undefined) {
      throw formatError(`Every Outputs member must contain a Value object`, `Output ${name}`);
    }
  }
  for (const [name, parameter] of Object.entries(isMap(document.Parameters) ? document.Parameters : {})) {
    if (!isMap(parameter) || typeof parameter.Type !== 'string') {
      throw formatError(`Every Parameters object must contain a Type member.`, `/Parameters/${name}`);
    }
  }
}

function checkResource(logicalId: string, resource: Json): void {
  if (!/^[A-Za-z0-9]+$/.test(logicalId)) throw formatError(`Resource name ${logicalId} is non alphanumeric.`);
  if (logicalId.length > 255) throw formatError(`Resource name ${logicalId} is longer than 255 characters.`);
  if (!isMap(resource) || typeof resource.Type !== 'string') {
    throw formatError(`Every Resources object must contain a Type member.`, `/Resources/${logicalId}`);
  }
  const unknown = Object.keys(resource).filter((member) => !RESOURCE_MEMBERS.includes(member));
  if (unknown.length > 0) throw validationError(`Invalid template resource property '${unknown[0]}'`);
  if (resource.Properties !== undefined && !isMap(resource.Properties)) {
    throw formatError('Properties must be an object.', `/Resources/${logicalId}`);
  }
}

function checkTransforms(transform: Json | undefined): void {
  const names = transform === undefined ? [] : Array.isArray(transform) ? transform : [transform];
  for (const name of names) {
    if (name !== NATIVE_TRANSFORM) {
      throw validationError(`Transform ${JSON.stringify(name)} is not supported by the local endpoint; it knows only ${NATIVE_TRANSFORM}.`);
    }
  }
}

function checkCount(section: string, members: Json | undefined, limit: number, word: string): void {
  const count = isMap(members) ? Object.keys(members).length : 0;
  if (count > limit) throw formatError(`Number of ${word}, ${count}, is greater than maximum allowed, ${limit}`);
  if (members !== undefined && !isMap(members)) throw formatError(`Each ${section} member must be an object`);
}

function refuseNulls(value: Json, path: string): void {
  if (value === null) throw validationError(`[${path}] 'null' values are not allowed in templates`);
  if (typeof value !== 'object') return;
  for (const [key, member] of Object.entries(value)) refuseNulls(member, `${path}/${key}`);
}

function formatError(message: string, where = '') {
  return validationError(where ? `Template format error: [${where}] ${message}` : `Template format error: ${message}`);
}
