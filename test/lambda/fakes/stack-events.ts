import { FakeStacks } from './fake-stacks';
import { FaultyService } from './faulty-service';
import { MINUTE, SECOND, VirtualClock } from './virtual-clock';
import { Envelope, Properties } from '../../../lambda/cloudformation/request';
import { Resource, serve } from '../../../lambda/cloudformation/serve';
import { ResourceTypes } from '../../../src/private/contract';

export type Event = Envelope & Properties;

export interface Response {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly Data?: { readonly [attribute: string]: string };
}

export interface Ask {
  readonly type: 'Create' | 'Update' | 'Delete';
  readonly resource: keyof typeof ResourceTypes;
  readonly properties: object;
  readonly old?: object;
  readonly physicalId?: string;
  readonly logicalId?: string;
  readonly stackId?: string;
}

export const STACK_ID = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/archive/0a1b2c3d-0000-1111-2222-333344445555';
export const OWNER = 'archive/0a1b2c3d-0000-1111-2222-333344445555';

/** A stack that sends events to a handler, on a clock of its own. */
export abstract class StackEvents {
  readonly clock: VirtualClock;
  readonly stacks: FakeStacks;
  readonly logs: string[] = [];
  private requests = 0;

  constructor(start?: number) {
    this.clock = new VirtualClock(start);
    this.stacks = new FakeStacks(this.clock);
  }

  /** The handler's resources by their type. */
  protected abstract resources(): { readonly [resourceType: string]: Resource };

  /** All that may be called. */
  protected abstract fakes(): readonly FaultyService[];

  /** An event as CloudFormation would send it now. */
  event({ type, resource, properties, old, physicalId, logicalId = 'Thing', stackId = STACK_ID }: Ask): Event {
    const expires = Math.floor(this.clock.now() / 1000) + 7200;
    const id = `request-${++this.requests}`;
    return {
      RequestType: type,
      RequestId: id,
      StackId: stackId,
      LogicalResourceId: logicalId,
      ResourceType: ResourceTypes[resource],
      ServiceToken: 'arn:aws:lambda:eu-west-1:123456789012:function:handler',
      ResponseURL: `https://response-bucket.s3.amazonaws.com/${id}?AWSAccessKeyId=AKIA&Expires=${expires}&Signature=very-secret-${id}`,
      ResourceProperties: stringified({ ServiceToken: 'arn', ...properties }) as object,
      ...(type === 'Update' && { OldResourceProperties: stringified({ ServiceToken: 'arn', ...old }) as object }),
      ...(type !== 'Create' && { PhysicalResourceId: physicalId ?? 'given-id' }),
    };
  }

  /** Delivers an event, without letting time pass. */
  async start(event: Event, remainingMs = 5 * MINUTE): Promise<Response> {
    let body = '';
    await serve(event, {
      resources: this.resources(),
      clock: this.clock,
      log: (entry) => this.logs.push(JSON.stringify(entry)),
      random: () => 0.5,
      put: async (_url, text) => {
        body = text;
        return 200;
      },
      remainingMs,
    });
    return JSON.parse(body) as Response;
  }

  /** Delivers events side by side and waits for all answers. */
  async deliver(...events: Event[]): Promise<Response[]> {
    return this.clock.run(Promise.all(events.map(async (event) => this.start(event))));
  }

  async ask(ask: Ask): Promise<Response> {
    const [response] = await this.deliver(this.event(ask));
    this.clock.advance(SECOND);
    return response as Response;
  }

  forgetCalls(): void {
    for (const { calls } of [this.stacks, ...this.fakes()]) calls.length = 0;
  }
}

/** "All scalar values are stringified": CloudFormation does so on the way to a custom resource. */
export function stringified(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stringified);
  if (typeof value === 'object' && value !== null) {
    const present = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
    return Object.fromEntries(present.map(([key, member]) => [key, stringified(member)]));
  }
  return String(value);
}
