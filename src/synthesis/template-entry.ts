import { Stack, type CfnResource } from 'aws-cdk-lib';

/** A resource as it stands in the template. */
export interface TemplateEntry {
  readonly Properties?: { readonly [name: string]: unknown };
  readonly DeletionPolicy?: unknown;
  readonly UpdateReplacePolicy?: unknown;
}

/** What is said of the resource by its members, by aspects and by overrides alike. To be called when the tree is complete. */
export function templateEntry(resource: CfnResource): TemplateEntry {
  const { Resources } = Stack.of(resource).resolve(resource._toCloudFormation()) as { Resources?: Record<string, TemplateEntry> };
  return Object.values(Resources ?? {})[0] ?? {};
}
