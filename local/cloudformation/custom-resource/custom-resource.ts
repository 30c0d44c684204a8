import * as crypto from 'node:crypto';
import type { Clock } from '../../server/clock';
import type { FunctionInvoker, Properties, ResourceResult } from '../resource-type';
import { judgeAnswer } from './answer';
import type { Answer } from './answer';
import { stringified } from './event';
import type { CustomResourceEvent, RequestType } from './event';
import type { Mailbox } from './mailbox';
import { responseKey, responseUrl } from './response-url';
import type { EngineResourceType, EngineScope } from '../stack/engine-type';
import { ResourceFailure } from '../stack/engine-type';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html */
const DEFAULT_SERVICE_TIMEOUT_SECONDS = 3600;

/** How long after the function has returned its answer may still come, from something that it has started. Real milliseconds. */
const DEFAULT_GRACE_MS = 5000;

export interface CustomResourceOptions {
  readonly invoker: FunctionInvoker;
  readonly mailbox: Mailbox;
  /** Real milliseconds that a function's answer may come after its return. @default 5000 */
  readonly graceMs?: number;
}

interface Delivery {
  readonly type: RequestType;
  readonly properties: Properties;
  readonly previous?: Properties;
  readonly physicalId?: string;
  /** The id in CloudFormation's books while the function has not answered. */
  readonly fallbackId: string;
}

/** AWS::CloudFormation::CustomResource and Custom::*: the function that `ServiceToken` names does the work and answers by a PUT. */
export class CustomResource implements EngineResourceType {
  readonly replacementReason = 'Requested update required the provider to create a new physical resource';

  constructor(private readonly options: CustomResourceOptions) {}

  normalise(properties: Properties): Properties {
    return stringified(properties) as Properties;
  }

  async create(properties: Properties, scope: EngineScope): Promise<ResourceResult> {
    const delivery: Delivery = { type: 'Create', properties, fallbackId: scope.generateName() };
    return this.asResult(await this.deliver(delivery, scope), delivery);
  }

  async update(physicalId: string, properties: Properties, previous: Properties, scope: EngineScope): Promise<ResourceResult> {
    if (properties.ServiceToken !== previous.ServiceToken) {
      throw new ResourceFailure('Modifying service token is not allowed.', undefined, true);
    }
    const delivery: Delivery = { type: 'Update', properties, previous, physicalId, fallbackId: physicalId };
    return this.asResult(await this.deliver(delivery, scope), delivery);
  }

  async delete(physicalId: string, properties: Properties, scope: EngineScope): Promise<void> {
    const { failure } = await this.deliver({ type: 'Delete', properties, physicalId, fallbackId: physicalId }, scope);
    if (failure !== undefined) throw new ResourceFailure(failure);
  }

  private asResult(answer: Answer, delivery: Delivery): ResourceResult {
    if (answer.failure !== undefined && answer.undelivered) throw new ResourceFailure(answer.failure, undefined, true);
    const physicalId = answer.physicalId ?? delivery.fallbackId;
    if (answer.failure !== undefined) throw new ResourceFailure(answer.failure, physicalId);
    return { physicalId, attributes: answer.data, noEcho: answer.noEcho };
  }

  private async deliver(delivery: Delivery, scope: EngineScope): Promise<Answer> {
    const token = serviceToken(delivery.properties);
    const seconds = serviceTimeout(delivery.properties);
    const { clock, gate } = scope.world;
    const requestId = crypto.randomUUID();
    const key = responseKey(scope.stackId, scope.logicalId, requestId);
    const event = this.event(delivery, scope, token, requestId, responseUrl(key, scope.region, new Date(clock.now())));
    const duplicateAfter = gate.delay('cloudformation', 'duplicate');
    return new Promise<Answer>((resolve) => {
      const ends: (() => void)[] = [];
      const finish = (answer: Answer): void => {
        for (const end of ends.splice(0)) end();
        resolve(answer);
      };
      const fail = (failure: string): void => finish({ data: {}, noEcho: false, failure });
      const expected = { stackId: scope.stackId, requestId, logicalId: scope.logicalId };
      ends.push(this.options.mailbox.wait(key, (body) => finish(judgeAnswer(body, expected))));
      ends.push(clock.at(clock.now() + seconds * 1000, () => fail(noAnswer(requestId))));
      ends.push(
        onAbort(scope.signal, () => fail(delivery.type === 'Create' ? 'Resource creation cancelled' : 'Resource update cancelled')),
      );
      const refused = (failure: string): void => finish({ data: {}, noEcho: false, failure, undelivered: true });
      ends.push(this.invoke(event, scope, () => fail(noAnswer(requestId)), refused));
      if (duplicateAfter > 0) this.repeat(event, scope, clock, duplicateAfter);
    });
  }

  /** Invokes without waiting for the result; a function that has ended and does not answer has failed now, not after an hour. */
  private invoke(event: CustomResourceEvent, scope: EngineScope, ended: () => void, refused: (reason: string) => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    let over = false;
    const wait = (milliseconds: number): void => {
      if (!over) timer = setTimeout(ended, milliseconds).unref();
    };
    this.options.invoker.invoke(event.ServiceToken, { ...event }, { region: scope.region }).then(
      // A crashed function has sent nothing later on; one that returned may have handed the request over to another.
      ({ functionError }) => wait(functionError === undefined ? (this.options.graceMs ?? DEFAULT_GRACE_MS) : 0),
      (error: unknown) => refused(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }

  /** At least once is what is promised: the same event again, whose answer nobody waits for. */
  private repeat(event: CustomResourceEvent, scope: EngineScope, clock: Clock, after: number): void {
    clock.at(clock.now() + after, () => {
      void this.options.invoker.invoke(event.ServiceToken, { ...event }, { region: scope.region }).catch(() => undefined);
    });
  }

  private event(delivery: Delivery, scope: EngineScope, token: string, requestId: string, url: string): CustomResourceEvent {
    return {
      RequestType: delivery.type,
      ServiceToken: token,
      ResponseURL: url,
      StackId: scope.stackId,
      RequestId: requestId,
      LogicalResourceId: scope.logicalId,
      ...(delivery.physicalId === undefined ? {} : { PhysicalResourceId: delivery.physicalId }),
      ResourceType: scope.resourceType,
      ResourceProperties: delivery.properties,
      ...(delivery.previous === undefined ? {} : { OldResourceProperties: delivery.previous }),
    };
  }
}

function onAbort(signal: AbortSignal, task: () => void): () => void {
  signal.addEventListener('abort', task, { once: true });
  return () => signal.removeEventListener('abort', task);
}

function serviceToken(properties: Properties): string {
  const token = properties.ServiceToken;
  if (typeof token === 'string' && /^arn:[^:]+:lambda:/.test(token)) return token;
  if (typeof token === 'string' && /^arn:[^:]+:sns:/.test(token)) {
    throw new ResourceFailure(
      'Custom resources backed by an SNS topic are not supported by the local endpoint; use the ARN of a Lambda function.',
      undefined,
      true,
    );
  }
  throw new ResourceFailure('Invalid service token.', undefined, true);
}

function serviceTimeout(properties: Properties): number {
  const declared = properties.ServiceTimeout;
  if (declared === undefined) return DEFAULT_SERVICE_TIMEOUT_SECONDS;
  const seconds = Number(declared);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= DEFAULT_SERVICE_TIMEOUT_SECONDS) return seconds;
  throw new ResourceFailure(
    `\`ServiceTimeout\` must be a whole number of seconds from 1 to ${DEFAULT_SERVICE_TIMEOUT_SECONDS}; got ${JSON.stringify(declared)}.`,
    undefined,
    true,
  );
}

function noAnswer(requestId: string): string {
  return (
    `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${requestId}]. ` +
    'If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.'
  );
}
