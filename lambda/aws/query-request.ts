import { serviceError, SignedRequest, signedPost } from './signed-request';

/** The text of the first element of that name; the few that are asked for hold no markup and no escapes: not worth an XML parser. */
export type Members = (name: string) => string | undefined;

/** A call in AWS's query protocol, which answers in XML. Rejects with an error whose `name` is the service's code. */
export async function queryCall(service: SignedRequest['service'], parameters: { readonly [name: string]: string }): Promise<Members> {
  return membersOf(await queryText(service, parameters));
}

/** The answer as it came, for one with lists in it. */
export async function queryText(service: SignedRequest['service'], parameters: { readonly [name: string]: string }): Promise<string> {
  const { status, body } = await signedPost({
    service,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(parameters).toString(),
  });
  if (status < 300) return body;
  const member = membersOf(body);
  throw serviceError(member('Code') ?? 'Unknown', member('Message') ?? '', status);
}

export function membersOf(xml: string): Members {
  return (name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}
