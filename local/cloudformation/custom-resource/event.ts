import type { Json, Properties } from '../resource-type';

export type RequestType = 'Create' | 'Update' | 'Delete';

/** What a custom resource's function gets. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html */
export interface CustomResourceEvent {
  readonly RequestType: RequestType;
  /** Sent at the top level too, though no documentation says so. */
  readonly ServiceToken: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** Never on Create. */
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly ResourceProperties: Properties;
  /** Only on Update. */
  readonly OldResourceProperties?: Properties;
}

/** CloudFormation sends every scalar as a string, however deep it lies. */
export function stringified(value: Json): Json {
  if (Array.isArray(value)) return value.map(stringified);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, stringified(member)]));
  }
  return value === null ? '' : String(value);
}
