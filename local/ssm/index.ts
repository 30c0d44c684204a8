import { ParameterStore } from './parameter-store';
import { createSsmService } from './ssm-service';
import { AwsService } from '../server/service';
import { World } from '../server/world';

export interface Ssm {
  readonly services: readonly AwsService[];
  /** The value of a parameter, for CloudFormation's SSM parameter types and dynamic references. */
  ssmValue(name: string, region: string): string | undefined;
}

export function createSsm(world: World): Ssm {
  const store = new ParameterStore(world);
  return { services: [createSsmService(world, store)], ssmValue: (name, region) => store.ssmValue(name, region) };
}
