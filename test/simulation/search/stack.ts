import { FIRST_MOMENT } from './explore';
import { ownerOf, parseStackId } from '../../../lambda/cloudformation/owner';
import { Request } from '../../../lambda/cloudformation/request';
import { isDeleted, StackDescription, Standing, standingOf, wentBeforeRollback } from '../../../lambda/cloudformation/stack-phase';

/** Only the order of moments counts: each is apart from the next by more than every tolerance of the handlers. */
export type Moment = number;

/** Before everything that is remembered. */
export const LONG_AGO: Moment = 0;

/** A day has room for 288 of them. */
const TICK_MS = 300_000;

export function ms(moment: Moment): number {
  return Date.UTC(2026, 0, 1) + (moment - FIRST_MOMENT) * TICK_MS;
}

export function iso(moment: Moment): string {
  return new Date(ms(moment)).toISOString();
}

/** The stack, the one of the same name before it, or any other. */
export type Whose = 0 | 1 | 2;

/** What CloudFormation sends. Templates go by their names. */
export interface Event {
  readonly type: 'Create' | 'Update' | 'Delete';
  readonly whose: Whose;
  /** Also tells its deliveries from those of every other event. */
  readonly signedAt: Moment;
  /** When the deployment began that it belongs to. */
  readonly deployment: Moment;
  readonly forward: boolean;
  readonly to: string;
  readonly from: string;
  /** A Delete that names an id which CloudFormation made up, because the Create was never answered. */
  readonly invented: boolean;
  /** A Delete that names the id of a Create that has succeeded. */
  readonly ofMade: boolean;
}

export interface Stack {
  readonly status: string;
  readonly deployment: Moment;
  readonly updated: boolean;
  /** The last one that was deployed, and the one that is being deployed; empty: the resource is not in it. */
  readonly template: string;
  readonly target: string;
  /** The last event waits for its answer. */
  readonly awaiting: boolean;
  /** The last event has been delivered once. */
  readonly delivered: boolean;
  /** What the events of the stack say that the resource came to last, and when it began to roll back. */
  readonly resource: string;
  readonly rollbackBegan: Moment;
  /** The last event, and one from before: both may be delivered again. */
  readonly last: Event | null;
  readonly late: Event | null;
  /** Being deleted without ever having been complete. */
  readonly neverComplete: boolean;
  /** The last Delete was not answered, or not with SUCCESS. */
  readonly abandoned: boolean;
  /** A Create of the resource has succeeded. */
  readonly made: boolean;
}

export const NO_STACK: Stack = {
  status: 'NONE',
  deployment: 0,
  updated: false,
  template: '',
  target: '',
  awaiting: false,
  delivered: false,
  resource: '',
  rollbackBegan: 0,
  last: null,
  late: null,
  neverComplete: false,
  abandoned: false,
  made: false,
};

export interface StackMove {
  readonly name: string;
  readonly stack: Stack;
  /** The stack is gone: what was its own is now that of the stack before. */
  readonly gone?: boolean;
}

const COMPLETE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'];
const DELETABLE = [...COMPLETE, 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED', 'UPDATE_ROLLBACK_FAILED'];
const NEVER_COMPLETE = ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED'];

export const isIdle = ({ status, awaiting }: Stack) => !awaiting && (status === 'NONE' || DELETABLE.includes(status));
export const isComplete = ({ status, awaiting }: Stack) => !awaiting && COMPLETE.includes(status);
export const isForward = ({ status }: Stack) => status === 'CREATE_IN_PROGRESS' || status === 'UPDATE_IN_PROGRESS';
export const isRollback = ({ status }: Stack) => status.includes('ROLLBACK') && status.endsWith('IN_PROGRESS');

/** A deployment that changed the resource has succeeded just now. */
export function isDeployed({ status, template, deployment, last }: Stack, before: Stack): boolean {
  return (
    /^(CREATE|UPDATE)_COMPLETE$/.test(status) &&
    isForward(before) &&
    template !== '' &&
    last?.forward === true &&
    last.deployment === deployment
  );
}

const STACKS = [0, 1, 2].map((index) =>
  parseStackId(`arn:aws:cloudformation:eu-west-1:123456789012:stack/archive/0000000${index}-0000-0000-0000-000000000000`),
);
const stackOf = (whose: Whose) => STACKS[whose] as Request['stack'];

const OWNERS = STACKS.map((stack) => ownerOf(stack, 'Resource'));
/** As the handlers write it into tags and records. */
export const ownerFor = (whose: Whose) => OWNERS[whose] ?? '';

export function requestOf({ type, whose, signedAt }: Event, properties: Partial<Request> = {}): Request {
  return {
    type,
    resourceType: '',
    stack: stackOf(whose),
    logicalId: 'Resource',
    owner: ownerFor(whose),
    properties: {},
    oldProperties: {},
    delivery: String(signedAt),
    signedAt: ms(signedAt),
    ...properties,
  };
}

/** As DescribeStacks shows the stack that an event came from. */
export function describe({ status, updated, deployment }: Stack, event: Event): StackDescription | undefined {
  if (event.whose !== 0) return { status: 'DELETE_COMPLETE' };
  return { status, lastUpdated: updated ? iso(deployment) : undefined };
}

/** What `askStanding` makes of it. */
export function standingFor(stack: Stack, event: Event): Standing {
  const request = { signedAt: ms(event.signedAt) };
  const standing = standingOf(describe(stack, event), request);
  const tookBack = event.type === 'Update' && standing === 'rollback' && wentBeforeRollback(request, iso(stack.rollbackBegan));
  const madeAgain = event.type === 'Delete' && standing === 'forward' && isDeleted(stack.resource);
  return tookBack || madeAgain ? 'over' : standing;
}

/** What `askStandingWithHistory` makes of it. */
export function standingWithHistoryFor(stack: Stack, event: Event): Standing {
  const standing = standingFor(stack, event);
  return standing === 'deletion' && stack.neverComplete ? 'rollback' : standing;
}

/** CloudFormation, with one resource of ours in the stack, and others that may fail at any time. */
export class CloudFormation {
  /**
   * @param templates that can be deployed
   * @param late an event of before the last one may come again, too
   * @param abandons a Delete of a clean-up may fail; CloudFormation then goes on without it
   * @param retries a creation that was not rolled back may be tried again: what failed is deleted then, and made again
   */
  constructor(
    private readonly templates: readonly string[],
    private readonly late: boolean,
    private readonly abandons: boolean,
    private readonly retries: boolean,
  ) {}

  /**
   * @param isQuiet no invocation runs. CloudFormation waits for longer than any of them, and so do people before they deploy again; what
   * comes later all the same comes as a late delivery
   */
  moves(stack: Stack, now: Moment, isQuiet: boolean): StackMove[] {
    const { status, awaiting, template, target, last } = stack;
    if (awaiting) {
      const givesUp = isQuiet ? this.failed(stack, now, 'CloudFormation gives up waiting for an answer') : [];
      return isForward(stack) ? [...givesUp, ...this.failed(stack, now, 'a sibling fails, CloudFormation does not wait')] : givesUp;
    }
    if (isForward(stack)) {
      const done: Stack = { ...stack, status: status === 'CREATE_IN_PROGRESS' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE', template: target };
      return [{ name: 'the deployment is complete', stack: done }, ...this.failed(stack, now, 'a sibling fails')];
    }
    const moves: StackMove[] = [];
    if (!isQuiet) return moves;
    if (status === 'NONE') moves.push(...this.creations(stack, now));
    if (COMPLETE.includes(status)) moves.push(...this.updates(stack, now));
    if (status === 'UPDATE_ROLLBACK_FAILED' && last) {
      const again = { ...last, signedAt: now, forward: false };
      moves.push(...this.send({ ...stack, status: 'UPDATE_ROLLBACK_IN_PROGRESS', rollbackBegan: now }, again, 'the rollback is continued'));
    }
    if (this.retries && status === 'CREATE_FAILED' && target) moves.push(...this.retrial(stack, now));
    if (DELETABLE.includes(status)) {
      const neverComplete = stack.neverComplete || NEVER_COMPLETE.includes(status);
      const deleting: Stack = { ...stack, status: 'DELETE_IN_PROGRESS', neverComplete, target: '' };
      const resource = template || (status === 'ROLLBACK_FAILED' || status === 'CREATE_FAILED' ? target : '');
      if (resource) {
        moves.push(...this.send({ ...deleting, template: resource }, this.deletion(deleting, now, resource), 'the stack is deleted'));
      } else {
        moves.push({ name: 'the stack is deleted', stack: { ...NO_STACK, last, late: stack.late }, gone: true });
      }
    }
    return moves;
  }

  /** What an answer to the event that is waited for makes of the stack. */
  answered(stack: Stack, now: Moment, success: boolean): StackMove[] {
    const { status, last } = stack;
    if (!success) return this.failed(stack, now, '');
    const made = last?.type !== 'Delete' && (stack.made || last?.type === 'Create');
    const rest: Stack = { ...stack, awaiting: false, made, resource: `${last?.type.toUpperCase() ?? ''}_COMPLETE`, rollbackBegan: 0 };
    switch (status) {
      case 'ROLLBACK_IN_PROGRESS':
        return [{ name: '', stack: { ...rest, status: 'ROLLBACK_COMPLETE', template: '', target: '' } }];
      case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
        return [{ name: '', stack: { ...rest, status: 'UPDATE_COMPLETE' } }];
      case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
      case 'UPDATE_ROLLBACK_IN_PROGRESS':
        return [{ name: '', stack: { ...rest, status: 'UPDATE_ROLLBACK_COMPLETE', target: rest.template } }];
      case 'DELETE_IN_PROGRESS':
        return [{ name: '', stack: { ...NO_STACK, last: rest.last, late: rest.late }, gone: true }];
      default:
        if (last?.type !== 'Delete') return [{ name: '', stack: rest }];
        return this.send(rest, this.creation(now, rest.deployment, rest.target), ', and it is made again');
    }
  }

  private creations(stack: Stack, now: Moment): StackMove[] {
    const fresh: Stack = { ...stack, status: 'CREATE_IN_PROGRESS', deployment: now, updated: false };
    return [
      { name: 'a stack is created without the resource', stack: { ...fresh, status: 'CREATE_COMPLETE' } },
      ...this.templates.flatMap((to) => this.send({ ...fresh, target: to }, this.creation(now, now, to), `a stack is created: ${to}`)),
    ];
  }

  private updates(stack: Stack, now: Moment): StackMove[] {
    const { template } = stack;
    const begun: Stack = { ...stack, status: 'UPDATE_IN_PROGRESS', deployment: now, updated: true };
    const moves: StackMove[] = [{ name: 'something else is deployed', stack: { ...begun, target: template } }];
    for (const to of this.templates.filter((name) => name !== template)) {
      const event = template ? this.update(begun, now, to, template, true) : this.creation(now, now, to);
      moves.push(...this.send({ ...begun, target: to, abandoned: false }, event, `deployed: ${to}`));
    }
    if (template) {
      const cleanup: Stack = { ...begun, status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', template: '', target: '' };
      moves.push(...this.send(cleanup, this.deletion(cleanup, now, template), 'the resource is taken out of the template'));
    }
    return moves;
  }

  private retrial(stack: Stack, now: Moment): StackMove[] {
    const begun: Stack = { ...stack, status: 'UPDATE_IN_PROGRESS', deployment: now, updated: true };
    const name = 'the deployment is tried again';
    if (stack.made) return [{ name, stack: begun }];
    return this.send(begun, this.deletion(begun, now, stack.target), `${name}: what failed is deleted`);
  }

  private failed(stack: Stack, now: Moment, name: string): StackMove[] {
    const { status, template, target, awaiting, last } = stack;
    const resource = awaiting ? `${last?.type.toUpperCase() ?? ''}_FAILED` : stack.resource;
    const rest: Stack = { ...stack, awaiting: false, resource, rollbackBegan: 0 };
    const invented = awaiting && last?.type === 'Create' && name.startsWith('a sibling');
    switch (status) {
      case 'CREATE_IN_PROGRESS': {
        const back: Stack = { ...rest, status: 'ROLLBACK_IN_PROGRESS', rollbackBegan: now };
        return [
          { name: `${name}; nothing is rolled back`, stack: { ...rest, status: 'CREATE_FAILED' } },
          ...(target ? this.send(back, this.deletion(back, now, target, invented), name) : []),
        ];
      }
      case 'UPDATE_IN_PROGRESS': {
        if (target === template) return [{ name, stack: { ...rest, status: 'UPDATE_ROLLBACK_COMPLETE' } }];
        const updateBack: Stack = { ...rest, status: 'UPDATE_ROLLBACK_IN_PROGRESS', rollbackBegan: now };
        if (template) return this.send(updateBack, this.update(updateBack, now, template, target, false), name);
        const cleanup: Stack = { ...rest, status: 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', rollbackBegan: now };
        return this.send(cleanup, this.deletion(cleanup, now, target, invented), name);
      }
      case 'UPDATE_ROLLBACK_IN_PROGRESS':
        return [{ name, stack: { ...rest, status: 'UPDATE_ROLLBACK_FAILED' } }];
      case 'ROLLBACK_IN_PROGRESS':
        return [{ name, stack: { ...rest, status: 'ROLLBACK_FAILED' } }];
      case 'DELETE_IN_PROGRESS':
        return [{ name, stack: { ...rest, status: 'DELETE_FAILED', template: last?.to ?? '' } }];
      case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
        return this.abandons ? [{ name, stack: { ...rest, status: 'UPDATE_COMPLETE', abandoned: true, made: false } }] : [];
      default:
        if (!this.abandons) return [];
        return [{ name, stack: { ...rest, status: 'UPDATE_ROLLBACK_COMPLETE', target: template, abandoned: true, made: false } }];
    }
  }

  private send(stack: Stack, event: Event, name: string): StackMove[] {
    const resource = `${event.type.toUpperCase()}_IN_PROGRESS`;
    const made = event.type !== 'Create' && stack.made;
    const sent: Stack = { ...stack, awaiting: true, delivered: false, last: event, made, resource };
    if (!this.late || !stack.last) return [{ name, stack: { ...sent, late: this.late ? stack.late : null } }];
    return [{ name, stack: { ...sent, late: stack.last } }, ...(stack.late ? [{ name, stack: sent }] : [])];
  }

  private creation(signedAt: Moment, deployment: Moment, to: string): Event {
    return { type: 'Create', whose: 0, signedAt, deployment, forward: true, to, from: '', invented: false, ofMade: false };
  }

  private update({ deployment }: Stack, signedAt: Moment, to: string, from: string, forward: boolean): Event {
    return { type: 'Update', whose: 0, signedAt, deployment, forward, to, from, invented: false, ofMade: false };
  }

  private deletion({ deployment, made }: Stack, signedAt: Moment, to: string, invented = false): Event {
    return { type: 'Delete', whose: 0, signedAt, deployment, forward: false, to, from: '', invented, ofMade: made };
  }
}
