import { NodeHttpHandler } from '@smithy/node-http-handler';

/**
 * For all clients, so that their connections are kept in one place. Whole seconds are plenty for calls of a few kilobytes; without a
 * limit a dead connection would eat the function's time.
 */
export const httpHandler = new NodeHttpHandler({ connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true });
