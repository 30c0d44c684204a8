import type { Json, Properties } from '../resource-type';
import { outputsOf } from './outputs';
import type { Change, ChangeDetail, Deployment, OutputRecord, ResourceRecord, StackRecord } from './records';
import { requiresRecreation } from './replacement';
import { updatable } from './resource-worker';
import type { TypeLookup } from './resource-worker';
import { sameJson } from './same-json';
import { masked, secretsOf } from './secrets';
import { KNOWN_AFTER_APPLY, previewValues } from './stack-values';
import type { ValueSources } from './stack-values';
import { inOrder } from '../template/graph';
import { resolve } from '../template/intrinsics';
import type { PreparedResource, PreparedTemplate } from '../template/prepare';
import type { Values } from '../template/values';

/** Masks what NoEcho hides. */
type Hide = (properties: Properties) => Properties;

export interface Preview {
  readonly changes: Change[];
  /** Something changes, if only an output or a tag. */
  readonly anything: boolean;
}

/** What a deployment would do to the stack as it is now. */
export function preview(
  stack: StackRecord,
  deployment: Deployment,
  prepared: PreparedTemplate,
  types: TypeLookup,
  sources: ValueSources,
): Preview {
  const open = new Set<string>();
  const values = previewValues(prepared, stack, open, sources);
  const edges = new Map([...prepared.resources].map(([logicalId, { dependencies }]) => [logicalId, dependencies]));
  const changes: Change[] = [];
  const secrets = secretsOf(stack, [...deployment.parameters, ...(stack.deployed?.parameters ?? [])]);
  const hide = (properties: Properties) => masked(properties, secrets);
  for (const logicalId of inOrder(edges)) {
    const resource = prepared.resources.get(logicalId)!;
    const change = updatable(stack, logicalId)
      ? modification(stack.resources[logicalId]!, resource, values, types, hide)
      : addition(resource, hide(propertiesOf(resource, values, types)));
    if (!change) continue;
    changes.push(change);
    if (change.action === 'Add' || change.replacement === 'True') open.add(logicalId);
  }
  for (const record of Object.values(stack.resources)) {
    if (!prepared.resources.has(record.logicalId) && !record.status.startsWith('DELETE_')) changes.push(removal(record, hide));
  }
  const unfinished = stack.status === 'UPDATE_FAILED' || stack.status === 'CREATE_FAILED';
  const sameTags = sameJson({ ...deployment.tags }, { ...stack.deployed?.tags });
  return { changes, anything: changes.length > 0 || unfinished || !sameTags || !sameOutputs(outputsOf(prepared, values), stack.outputs) };
}

function addition(resource: PreparedResource, after: Properties): Change {
  return {
    action: 'Add',
    logicalId: resource.logicalId,
    type: resource.type,
    scope: [],
    details: Object.entries(after).map(([name, value]) => detail(resource.type, 'Properties', name, undefined, value)),
    after: context(after),
  };
}

function removal(record: ResourceRecord, hide: Hide): Change {
  return {
    action: 'Remove',
    logicalId: record.logicalId,
    physicalId: record.physicalId,
    type: record.type,
    policyAction: record.deletionPolicy === 'Delete' ? 'Delete' : 'Retain',
    scope: [],
    details: [],
    before: context(hide(record.properties)),
  };
}

function modification(
  record: ResourceRecord,
  resource: PreparedResource,
  values: Values,
  types: TypeLookup,
  hide: Hide,
): Change | undefined {
  const after = propertiesOf(resource, values, types);
  const names = [...new Set([...Object.keys(record.properties), ...Object.keys(after)])].sort();
  const [shownBefore, shownAfter] = [hide(record.properties), hide(after)];
  const details = [
    ...names
      .filter((name) => !sameJson(record.properties[name], after[name]))
      .map((name) => detail(resource.type, 'Properties', name, shownBefore[name], shownAfter[name])),
    ...attributeDetails(record, resource),
  ];
  if (details.length === 0 && record.status !== 'UPDATE_FAILED') return undefined;
  const replacement = details.some(({ requiresRecreation: need, dynamic }) => need === 'Always' && !dynamic)
    ? 'True'
    : details.some(({ requiresRecreation: need }) => need !== 'Never')
      ? 'Conditional'
      : 'False';
  return {
    action: 'Modify',
    logicalId: record.logicalId,
    physicalId: record.physicalId,
    type: record.type,
    replacement,
    ...(replacement !== 'True' ? {} : { policyAction: `ReplaceAnd${resource.updateReplacePolicy === 'Delete' ? 'Delete' : 'Retain'}` }),
    scope: [...new Set(details.map(({ attribute }) => attribute))],
    details,
    before: context(shownBefore),
    after: context(shownAfter),
  };
}

function attributeDetails(record: ResourceRecord, resource: PreparedResource): ChangeDetail[] {
  const attributes: [string, Json | undefined, Json | undefined][] = [
    ['DeletionPolicy', record.deletionPolicy, resource.deletionPolicy],
    ['UpdateReplacePolicy', record.updateReplacePolicy, resource.updateReplacePolicy],
    ['Metadata', record.metadata, resource.metadata],
  ];
  return attributes
    .filter(([, before, after]) => !sameJson(before, after))
    .map(([name, before, after]) => detail('', name, undefined, before, after));
}

function detail(
  type: string,
  attribute: string,
  name: string | undefined,
  before: Json | undefined,
  after: Json | undefined,
): ChangeDetail {
  const text = (value: Json | undefined) => (value === undefined || typeof value === 'string' ? value : JSON.stringify(value));
  return {
    attribute,
    ...(name === undefined ? {} : { name }),
    requiresRecreation: name === undefined ? 'Never' : requiresRecreation(type, name),
    ...(before === undefined ? {} : { before: text(before) }),
    ...(after === undefined ? {} : { after: text(after) }),
    dynamic: JSON.stringify(after ?? null).includes(KNOWN_AFTER_APPLY),
    changeType: before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify',
  };
}

function propertiesOf(resource: PreparedResource, values: Values, types: TypeLookup): Properties {
  const resolved = (resolve(resource.properties, values) ?? {}) as Properties;
  return types(resource.type)?.normalise?.(resolved) ?? resolved;
}

function context(properties: Properties): string {
  return JSON.stringify({ Properties: properties });
}

function sameOutputs(left: readonly OutputRecord[], right: readonly OutputRecord[]): boolean {
  const byKey = (outputs: readonly OutputRecord[]): Json => Object.fromEntries(outputs.map((output) => [output.key, { ...output }]));
  return sameJson(byKey(left), byKey(right));
}
