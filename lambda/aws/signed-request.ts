import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { defaultProvider } from './environment-credentials';
import { httpHandler } from './http-handler';
import { partition, USER_AGENT } from './plain-client';

/**
 * SSM, CloudFormation and STS are needed for five operations. Their SDK clients would add half again to the bundles, so the requests
 * are made here from the parts that the clients of Glacier and Backup bring along anyway.
 */
export interface SignedRequest {
  readonly service: 'ssm' | 'cloudformation' | 'sts';
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

export interface SignedResponse {
  readonly status: number;
  readonly body: string;
}

/** Resolves whatever the status; rejects if there was no answer. */
export async function signedPost({ service, headers, body }: SignedRequest): Promise<SignedResponse> {
  const region = process.env.AWS_REGION ?? '';
  const url = new URL(endpointOf(service, region));
  const signer = new SignatureV4({ credentials: defaultProvider(), region, service, sha256: Hash.bind(null, 'sha256') });
  const request = new HttpRequest({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port ? Number(url.port) : undefined,
    path: url.pathname,
    headers: { host: url.host, 'user-agent': USER_AGENT, 'content-length': String(Buffer.byteLength(body)), ...headers },
    body,
  });
  const { response } = await httpHandler.handle((await signer.sign(request)) as HttpRequest);
  const parts: Buffer[] = [];
  for await (const part of response.body as AsyncIterable<Buffer>) parts.push(part);
  return { status: response.statusCode, body: Buffer.concat(parts).toString('utf8') };
}

function endpointOf(service: string, region: string): string {
  const { env } = process;
  return (
    env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ??
    env.AWS_ENDPOINT_URL ??
    `https://${service}.${region}.${partition(region).dnsSuffix}`
  );
}

/** An error that carries the service's code as its name, as those of the SDK do. */
export function serviceError(name: string, message: string, status: number): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}
