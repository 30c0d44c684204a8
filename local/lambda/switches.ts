import type { SwitchDefinition } from '../server/switches';

/** How the endpoint runs functions. */
export const LAMBDA_SWITCHES = {
  'lambda.concurrency': {
    values: 'number',
    least: 1,
    default: '10',
    doc: 'How many functions run at the same time; further synchronous invocations are throttled, asynchronous ones wait.',
  },
  'lambda.retryDelayMs': {
    values: 'number',
    default: '100',
    doc: 'How long after a failure an asynchronous invocation is tried again. AWS waits one and two minutes; a rehearsal does not.',
  },
} as const satisfies Readonly<Record<string, SwitchDefinition>>;
