import { createAuthoriser } from './authoriser';
import { callerLookup } from './credentials';
import type { CallerLookup } from './credentials';
import type { IamAccountOptions } from './iam-account';
import { IAM_XMLNS, iamOperations } from './iam-operations';
import { IamStore } from './iam-store';
import { iamResourceTypes } from './resource-types';
import { isTrusted } from './role-trust';
import { STS_XMLNS, stsOperations } from './sts-service';
import type { ResourceType } from '../cloudformation/resource-type';
import { createQueryService } from '../protocol/query-protocol';
import type { AwsService } from '../server/service';
import type { Authoriser, World } from '../server/world';

export { credentialsForRole } from './credentials';
export type { Credentials } from './credentials';

export interface Iam {
  readonly store: IamStore;
  readonly authoriser: Authoriser;
  readonly resourceTypes: Map<string, ResourceType>;
  readonly callerOf: CallerLookup;
  /**
   * Whether the service may assume the role, e.g. `lambda.amazonaws.com` a function's role.
   *
   * @returns `true` for a role that was never created here
   */
  readonly isTrusted: (roleArn: string, service: string) => boolean;
  /** IAM and STS. */
  services(world: World): AwsService[];
}

/** IAM and STS of the endpoint's account. `delay` is how long (milliseconds) a right that is given now takes to have an effect. */
export function createIam(options: IamAccountOptions): Iam {
  const { accountId, clock } = options;
  const store = new IamStore(options);
  const authoriser = createAuthoriser(options);
  return {
    store,
    authoriser,
    resourceTypes: iamResourceTypes(store),
    callerOf: callerLookup({ accountId, userArnOf: store.userArnOf }),
    isTrusted: (roleArn, service) => isTrusted(store, roleArn, service),
    services: (world) => [
      createQueryService({ names: ['iam'], xmlns: IAM_XMLNS, world, operations: iamOperations(store, authoriser) }),
      createQueryService({ names: ['sts'], xmlns: STS_XMLNS, world, operations: stsOperations(store, clock) }),
    ],
  };
}
