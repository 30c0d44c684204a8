import { REGION } from './deployment';

export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** What `aws sts assume-role` gives to the account's administrator. @throws Error if the role does not trust him */
export async function assumedRole(endpoint: string, roleArn: string, sessionName = 'test'): Promise<SessionKeys> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/${REGION}/sts/aws4_request, SignedHeaders=host, Signature=0`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ Action: 'AssumeRole', Version: '2011-06-15', RoleArn: roleArn, RoleSessionName: sessionName }).toString(),
  });
  const xml = await answer.text();
  const member = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1] ?? '';
  if (!answer.ok) throw new Error(`AssumeRole of ${roleArn}: ${member('Message')}`);
  return { accessKeyId: member('AccessKeyId'), secretAccessKey: member('SecretAccessKey'), sessionToken: member('SessionToken') };
}
