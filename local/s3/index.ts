import { BucketStore } from './bucket-store';
import { createS3Service } from './s3-service';
import { readTemplate } from './template-url';
import { AwsService } from '../server/service';
import { World } from '../server/world';

export interface S3 {
  readonly services: readonly AwsService[];
  readObject(bucket: string, key: string): Buffer;
  /** The text behind a CloudFormation `TemplateURL`. @throws AwsError `ValidationError` */
  readTemplate(url: string): string;
}

export function createS3(world: World): S3 {
  const store = new BucketStore(world);
  return {
    services: [createS3Service(world, store)],
    readObject: (bucket, key) => store.readObject(bucket, key),
    readTemplate: (url) => readTemplate(store, url),
  };
}
