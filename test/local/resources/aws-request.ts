import type { AwsRequest } from '../../../local/server/service';

/** A routed request of an administrator in eu-central-1, with whatever a test needs to be different. */
export function awsRequest(request: Partial<AwsRequest>): AwsRequest {
  return {
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.alloc(0),
    service: 'ssm',
    region: 'eu-central-1',
    caller: { accountId: '123456789012', arn: 'arn:aws:iam::123456789012:user/admin' },
    requestId: '00000000-0000-4000-8000-000000000001',
    ...request,
  };
}

/** A caller that acts as a role. */
export const ROLE_CALLER = {
  accountId: '123456789012',
  arn: 'arn:aws:sts::123456789012:assumed-role/worker/session',
  roleArn: 'arn:aws:iam::123456789012:role/worker',
};
