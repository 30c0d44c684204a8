import { serviceError, SignedRequest, signedPost } from './signed-request';

/** The text of the first element of that name; the few that are asked for hold no markup and no escapes: not worth an XML parser. */
export type Members = (name: string) => string | undefined;

/** A call in AWS's query protocol, which answers in XML. Rejects with an error whose `name` is the service's code. */
export async function queryCall(service: SignedRequest['service'], parameters: { readonly [name: string]: string }): Promise<Members> {
  const { status, body } = await signedPost({
    service,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(parameters).toString(),
  });
  const member = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1];
  if (status < 300) return member;
  throw serviceError(member('Code') ?? 'Unknown', member('Message') ?? '', status);
}
