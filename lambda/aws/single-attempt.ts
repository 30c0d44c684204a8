/**
 * Stands in for `@smithy/core/retry` in the bundle. The handlers retry for themselves (`calls.ts`), because they have to look at the
 * state of a lock between two attempts and to stop in time; a second layer below would only make the same request behind their back.
 */
export const DEFAULT_RETRY_MODE = 'standard';
export const RETRY_MODES = { STANDARD: 'standard', ADAPTIVE: 'adaptive' };
export const NODE_MAX_ATTEMPT_CONFIG_OPTIONS = { environmentVariableSelector: () => 1 };
export const NODE_RETRY_MODE_CONFIG_OPTIONS = { environmentVariableSelector: () => DEFAULT_RETRY_MODE };

export const resolveRetryConfig = <T>(input: T): T => input;

type Handler = (request: unknown) => Promise<unknown>;

/** Signing takes its place in the middleware stack relative to this name. */
export const getRetryPlugin = () => ({
  applyToStack: (stack: { add(middleware: (next: Handler) => Handler, options: object): void }) =>
    stack.add((next) => async (request) => next(request), {
      name: 'retryMiddleware',
      step: 'finalizeRequest',
      priority: 'high',
      override: true,
    }),
});
