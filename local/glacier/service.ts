import * as crypto from 'node:crypto';
import * as sdk from '@aws-sdk/client-glacier';
import { accessPolicyOperations } from './access-policy-operations';
import { accountOperations } from './account-operations';
import { archiveOperations } from './archive-operations';
import { errorBody, missingParameter, RECORDED } from './errors';
import { Glacier } from './glacier';
import type { Publish } from './glacier';
import { jobOperations } from './job-operations';
import { lockOperations } from './lock-operations';
import { multipartOperations } from './multipart-operations';
import { notificationOperations } from './notification-operations';
import { estates } from './state';
import { GLACIER_SWITCHES, switchValue } from './switches';
import { tagOperations } from './tag-operations';
import { rearm } from './upkeep';
import { vaultOperations } from './vault-operations';
import type { RestJsonOperations } from '../protocol/rest-json';
import { createRestJsonService } from '../protocol/rest-json';
import { operationNames } from '../protocol/rest-json-route';
import type { AwsRequest, AwsService } from '../server/service';
import { AwsError } from '../server/service';
import { checkSwitches } from '../server/switches';
import type { World } from '../server/world';

const API_VERSION_HEADER = 'x-amz-glacier-version';
const LOCK_ID_HEADER = 'x-amz-lock-id';

export interface GlacierOptions {
  /** Sends the messages of finished jobs. Default: they are only kept in the slice `sns-messages` of the state. */
  readonly publish?: Publish;
}

/** One message that would have gone out through SNS. */
export interface RecordedMessage {
  readonly at: string;
  readonly topicArn: string;
  readonly message: string;
}

/**
 * Amazon Glacier, API 2012-06-01, all 33 operations.
 *
 * @throws Error for a `glacier.` switch that does not exist
 */
export function createGlacierService(world: World, options: GlacierOptions = {}): AwsService {
  checkSwitches(glacierSwitches(world), GLACIER_SWITCHES);
  const glacier = new Glacier(world, options.publish ?? recorder(world), operationNames(sdk));
  for (const key of Object.keys(estates(world))) {
    const [account = '', region = ''] = key.split('/');
    rearm(glacier, account, region);
  }
  const service = createRestJsonService({
    names: ['glacier'],
    schemas: sdk,
    world,
    operations: guarded(glacier, {
      ...vaultOperations(glacier),
      ...accessPolicyOperations(glacier),
      ...lockOperations(glacier),
      ...tagOperations(glacier),
      ...notificationOperations(glacier),
      ...archiveOperations(glacier),
      ...multipartOperations(glacier),
      ...jobOperations(glacier),
      ...accountOperations(glacier),
    }),
    errorBody,
    responseId,
  });
  return switchValue(world, 'glacier.initiateLockBody') === 'empty' ? withoutLockBody(service) : service;
}

/** What every operation checks before anything else. */
function guarded(glacier: Glacier, operations: RestJsonOperations): RestJsonOperations {
  const guard = (run: RestJsonOperations[string]) => (input: object, request: AwsRequest) => {
    if (!request.headers[API_VERSION_HEADER]) throw missingParameter('API version');
    if (glacier.switched('glacier.newCustomer') === 'true') {
      throw new AwsError('NoLongerSupportedException', RECORDED.noLongerSupported, 400);
    }
    return run(input, request);
  };
  return Object.fromEntries(Object.entries(operations).map(([name, run]) => [name, guard(run)]));
}

function recorder(world: World): Publish {
  return (topicArn, message) => {
    const messages = world.state.slice<RecordedMessage[]>('sns-messages', () => []);
    messages.push({ at: new Date(world.clock.now()).toISOString(), topicArn, message });
    world.state.changed();
  };
}

/** 47 URL-safe characters, as Glacier's are; the same for the same request. */
function responseId({ requestId }: AwsRequest): string {
  return `AAAB${crypto.createHash('sha256').update(requestId).digest('base64url')}`;
}

/** The switches that are Glacier's to check. */
function glacierSwitches({ switches }: World): World['switches'] {
  return Object.fromEntries(Object.entries(switches).filter(([name]) => name.startsWith('glacier.')));
}

function withoutLockBody(service: AwsService): AwsService {
  return {
    ...service,
    handle: async (request) => {
      const response = await service.handle(request);
      return response.headers?.[LOCK_ID_HEADER] ? { ...response, body: '' } : response;
    },
  };
}
