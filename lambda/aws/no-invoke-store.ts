/**
 * Stands in for `@aws/lambda-invoke-store` in the bundle: it would read the trace id of concurrent invocations in one process, and
 * these functions serve one at a time.
 */
export const InvokeStore = { getInstanceAsync: async () => undefined };
