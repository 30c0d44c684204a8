import type { Envelope, Properties } from '../../../lambda/cloudformation/request';

export type Event = Envelope & Properties & { readonly RequestType: 'Create' | 'Update' | 'Delete'; readonly ResourceType: string };

export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly Data?: { readonly [name: string]: string };
}

/** When a process dies: at its call of that number, before it has an effect or after it. */
export interface Death {
  readonly atCall: number;
  readonly when: 'before' | 'after';
}

/** One process that works on one delivery of an event. */
export interface Run {
  readonly event: Event;
  /** Counts all runs. */
  readonly number: number;
  readonly startedAt: number;
  /** The stack's operation that the event was sent in; counts all operations. */
  readonly operation: number;
  /** What CloudFormation was doing when it sent the event. */
  readonly statusAtSending: string;
  death?: Death;
  calls: number;
  dead: boolean;
  /** Bodies of answers that were put, whether or not the putting worked. */
  readonly answers: string[];
  endedAt?: number;
  /** What its stack was doing when its answer arrived. */
  statusAtAnswer?: string;
  /** The network did not let an answer through. */
  answerWasLost?: boolean;
  /** Told when it dies. */
  died?: () => void;
}

export async function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

/** The process dies here. */
export async function bury<T>(run: Run): Promise<T> {
  run.dead = true;
  run.died?.();
  return never();
}
