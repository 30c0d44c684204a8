import type { CfnResource } from 'aws-cdk-lib';
import { templateEntry } from './template-entry';

/** A resource that CloudFormation has to delete: what deleting it means is said elsewhere. */
export interface DeletedResource {
  /** How messages call its construct. */
  readonly name: string;
  /** What comes of keeping it. */
  readonly consequence: string;
}

/**
 * An aspect for a whole stack sees resources only, and never the construct that would refuse its policy. To be called when the tree is
 * complete.
 */
export function deletionPolicyErrors(resource: CfnResource, { name, consequence }: DeletedResource): string[] {
  const entry = templateEntry(resource);
  const wrong = (['DeletionPolicy', 'UpdateReplacePolicy'] as const).filter((key) => (entry[key] ?? 'Delete') !== 'Delete');
  const type = resource.cfnResourceType;
  return wrong
    .slice(0, 1)
    .map(
      (key) =>
        `\`${key}\` of a ${name} must be 'Delete', got: '${String(entry[key])}', from an aspect or an override: ${consequence} Leave '${type}' out of the aspect, ` +
        `e.g. with \`RemovalPolicies.of(scope).retain({ excludeResourceTypes: ['${type}'] })\`, or set this one back with \`RemovalPolicies.of(construct).destroy()\`.`,
    );
}
