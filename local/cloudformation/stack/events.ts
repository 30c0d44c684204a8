import * as crypto from 'node:crypto';
import type { EventRecord, ResourceRecord, StackRecord } from './records';
import { masked, secretsOf } from './secrets';
import type { StackStore } from './stack-store';
import type { World } from '../../server/world';

const STACK_TYPE = 'AWS::CloudFormation::Stack';
/** Older events of a stack are forgotten. */
const EVENTS_KEPT = 5000;

/** Sets statuses and writes the events that go with them. */
export class EventLog {
  constructor(
    private readonly world: World,
    private readonly store: StackStore,
  ) {}

  stack(stack: StackRecord, status: string, reason?: string): void {
    stack.status = status;
    stack.statusReason = reason;
    this.append(stack, { logicalId: stack.stackName, physicalId: stack.stackId, type: STACK_TYPE, status, reason });
  }

  resource(stack: StackRecord, resource: ResourceRecord, status: string, reason?: string): void {
    resource.status = status;
    resource.statusReason = reason;
    const event = this.append(stack, {
      logicalId: resource.logicalId,
      physicalId: resource.physicalId ?? '',
      type: resource.type,
      status,
      reason,
      properties: this.shown(stack, resource),
    });
    resource.timestamp = event.timestamp;
  }

  private append(
    stack: StackRecord,
    fields: Pick<EventRecord, 'logicalId' | 'physicalId' | 'type' | 'status' | 'reason' | 'properties'>,
  ): EventRecord {
    const operation = stack.operations.at(-1);
    const event = {
      ...fields,
      eventId:
        fields.type === STACK_TYPE && fields.physicalId === stack.stackId
          ? crypto.randomUUID()
          : `${fields.logicalId}-${fields.status}-${crypto.randomUUID()}`,
      timestamp: new Date(this.nextTime()).toISOString(),
      ...(operation ? { operationId: operation.id, ...(operation.token ? { token: operation.token } : {}) } : {}),
    };
    stack.events.push(event);
    if (stack.events.length > EVENTS_KEPT) stack.events.splice(0, stack.events.length - EVENTS_KEPT);
    this.store.changed();
    return event;
  }

  private nextTime(): number {
    const state = this.store.state;
    state.lastEventAt = Math.max(this.world.clock.now(), state.lastEventAt + 1);
    return state.lastEventAt;
  }

  private shown(stack: StackRecord, resource: ResourceRecord): string | undefined {
    if (Object.keys(resource.properties).length === 0) return undefined;
    return JSON.stringify(masked(resource.properties, secretsOf(stack, stack.deployed?.parameters ?? [])));
  }
}
