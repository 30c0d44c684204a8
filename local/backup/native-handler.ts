import * as crypto from 'node:crypto';
import type { ResourceScope } from '../cloudformation/resource-type';
import type { RestJsonOperations } from '../protocol/rest-json';
import type { AwsRequest } from '../server/service';
import { AwsError } from '../server/service';
import type { World } from '../server/world';

/**
 * CloudFormation's own handlers call the service like anybody else: their calls are in the call log, faults hit them, and the vault's
 * access policy binds them. They act as the role that `cdk bootstrap` makes for CloudFormation.
 */
export class NativeHandler {
  constructor(
    private readonly world: World,
    private readonly operations: RestJsonOperations,
  ) {}

  /** @throws Error in CloudFormation's words, with the service's error as its `cause` */
  async call(scope: ResourceScope, operation: string, input: object): Promise<object> {
    const request = this.request(scope);
    try {
      return await this.world.gate.run(request, operation, () => this.operations[operation]!(input, request));
    } catch (error) {
      const { message } = error as Error;
      const status = error instanceof AwsError ? error.status : 500;
      const code = error instanceof AwsError ? error.code : 'InternalFailure';
      const text = `${message} (Service: Backup, Status Code: ${status}, Request ID: ${request.requestId})`;
      throw new Error(`Resource handler returned message: "${text}" (HandlerErrorCode: ${code})`, { cause: error });
    }
  }

  private request({ partition, accountId, region }: ResourceScope): AwsRequest {
    const role = `cdk-hnb659fds-cfn-exec-role-${accountId}-${region}`;
    return {
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.alloc(0),
      service: 'backup',
      region,
      caller: {
        accountId,
        arn: `arn:${partition}:sts::${accountId}:assumed-role/${role}/AWSCloudFormation`,
        roleArn: `arn:${partition}:iam::${accountId}:role/${role}`,
      },
      requestId: crypto.randomUUID(),
    };
  }
}

/** The error code of the service that made a call of a handler fail. */
export function causeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof AwsError ? cause.code : undefined;
}
