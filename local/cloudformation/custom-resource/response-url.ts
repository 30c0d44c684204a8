import * as crypto from 'node:crypto';

/** The URL is good for two hours, as in recorded events. */
const EXPIRES_SECONDS = 7200;

/** The object that an answer is put to: `<stack ARN>|<logical id>|<request id>`. */
export function responseKey(stackId: string, logicalId: string, requestId: string): string {
  return `${stackId}|${logicalId}|${requestId}`;
}

/**
 * A pre-signed URL that looks like the real one: response senders build their request from its host and path only. Whoever runs the
 * function leads it to the local endpoint.
 */
export function responseUrl(key: string, region: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const host = `cloudformation-custom-resource-response-${region.replaceAll('-', '')}.s3.${region}.amazonaws.com`;
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': stamp,
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Expires': String(EXPIRES_SECONDS),
    'X-Amz-Credential': `AKIALOCALENDPOINT000/${stamp.slice(0, 8)}/${region}/s3/aws4_request`,
    'X-Amz-Signature': crypto.createHash('sha256').update(`${key} ${stamp}`).digest('hex'),
  });
  return `https://${host}/${encodeURIComponent(key).replaceAll('%2F', '/')}?${query.toString()}`;
}
