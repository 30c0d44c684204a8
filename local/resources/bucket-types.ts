import { listProperty, objectProperty, requiredText, tagsOf, textProperty } from './properties';
import { isChanged } from './recorded-type';
import { Properties, ResourceResult, ResourceScope, ResourceType, ResourceTypes } from '../cloudformation/resource-type';
import { BucketStore } from '../s3/bucket-store';

/** Buckets are alive, and so are their policies. */
export function bucketTypes(buckets: BucketStore): ResourceTypes {
  return new Map([
    ['AWS::S3::Bucket', bucketType(buckets)],
    ['AWS::S3::BucketPolicy', bucketPolicyType(buckets)],
  ]);
}

function bucketType(buckets: BucketStore): ResourceType {
  const create = async (properties: Properties, scope: ResourceScope): Promise<ResourceResult> => {
    const name = textProperty(properties, 'BucketName') ?? scope.generateName(63).toLowerCase();
    if (isTaken(buckets, name)) throw new Error(`${name} already exists`);
    buckets.createBucket(name, scope.region);
    return configure(name, properties, scope);
  };
  const configure = (name: string, properties: Properties, scope: ResourceScope): ResourceResult => {
    const bucket = buckets.bucket(name, scope.region);
    const hasTags = listProperty(properties, 'Tags').length > 0;
    bucket.tags = hasTags ? tagsOf(properties) : undefined;
    bucket.versioning = textProperty(objectProperty(properties, 'VersioningConfiguration'), 'Status');
    buckets.changed();
    return { physicalId: name, attributes: attributes(name, scope) };
  };
  return {
    create,
    update: async (physicalId, properties, previous, scope) =>
      isChanged(properties, previous, 'BucketName') ? create(properties, scope) : configure(physicalId, properties, scope),
    delete: async (physicalId) => {
      if (buckets.findBucket(physicalId) !== undefined) buckets.deleteBucket(physicalId);
    },
  };
}

function isTaken(buckets: BucketStore, name: string): boolean {
  const bucket = buckets.findBucket(name);
  return bucket !== undefined && !bucket.unasked;
}

function attributes(name: string, { region, partition }: ResourceScope) {
  return {
    Arn: `arn:${partition}:s3:::${name}`,
    DomainName: `${name}.s3.amazonaws.com`,
    DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
    RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
  };
}

function bucketPolicyType(buckets: BucketStore): ResourceType {
  const put = async (properties: Properties, scope: ResourceScope): Promise<ResourceResult> => {
    const name = requiredText(properties, 'Bucket');
    buckets.bucket(name, scope.region).policy = JSON.stringify(properties.PolicyDocument);
    buckets.changed();
    return { physicalId: name };
  };
  return {
    create: async (properties, scope) => {
      const name = requiredText(properties, 'Bucket');
      if (buckets.bucket(name, scope.region).policy !== undefined) throw new Error(`The bucket policy already exists on bucket ${name}.`);
      return put(properties, scope);
    },
    update: async (_physicalId, properties, _previous, scope) => put(properties, scope),
    delete: async (physicalId) => {
      delete buckets.findBucket(physicalId)?.policy;
      buckets.changed();
    },
  };
}
