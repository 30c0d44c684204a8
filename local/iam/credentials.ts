import { createHash } from 'node:crypto';
import { partitionOf } from '../server/partition';
import type { Caller } from '../server/service';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface CallerSources {
  readonly accountId: string;
  /** The user that owns a long-term access key of the account. @default - no key belongs to a user */
  readonly userArnOf?: (accessKeyId: string) => string | undefined;
}

/** Whose request it is, by the keys that signed it and the region that it was signed for. */
export type CallerLookup = (accessKeyId: string, region: string, sessionToken?: string) => Caller;

/** Says where the token comes from to whoever finds it in a log. It is no secret: nothing is kept behind it but this endpoint. */
const TOKEN_PREFIX = 'cdk-vault-lock-local/';

const ROLE = /^arn:([^:]+):iam::(\d{12}):role\/(?:.+\/)?([^/]+)$/;
const SESSION_KEY = 'ASIA';

/**
 * Keys for a session of the role. Role and session are written into the token itself, so that the keys outlive a restart. The same
 * role and session give the same access key id: the CDK CLI remembers for ever which account an access key id belongs to.
 */
export function credentialsForRole(roleArn: string, sessionName: string): Credentials {
  const identity = JSON.stringify([roleArn, sessionName]);
  return {
    accessKeyId: keyId(SESSION_KEY, identity),
    secretAccessKey: secretFor(identity),
    sessionToken: `${TOKEN_PREFIX}${Buffer.from(identity, 'utf8').toString('base64url')}`,
  };
}

/**
 * Tells callers by their keys. Keys of `credentialsForRole` are that role's session and those of a user of the account are that user;
 * any other key is accepted and belongs to the account's administrator, user `local`.
 */
export function callerLookup({ accountId, userArnOf }: CallerSources): CallerLookup {
  return (accessKeyId, region, sessionToken) =>
    sessionOf(accessKeyId, sessionToken) ?? {
      accountId,
      arn: userArnOf?.(accessKeyId) ?? `arn:${partitionOf(region)}:iam::${accountId}:user/local`,
    };
}

/** A session of the role as a caller; `undefined` when `roleArn` is no role's ARN. */
export function sessionCaller(roleArn: string, sessionName: string): (Caller & { readonly roleArn: string }) | undefined {
  const [, partition, accountId, name] = ROLE.exec(roleArn) ?? [];
  if (partition === undefined || accountId === undefined || name === undefined) return undefined;
  return { accountId, arn: `arn:${partition}:sts::${accountId}:assumed-role/${name}/${sessionName}`, roleArn };
}

/** 20 characters in the form of AWS's ids: a prefix of four that tells the kind, then capitals and digits. */
export function keyId(prefix: string, seed: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const digest = createHash('sha256').update(`${prefix}:${seed}`).digest();
  return prefix + [...digest.subarray(0, 16)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/** 40 characters, as AWS's secret keys have. Signatures are not checked, so it may as well follow from the seed. */
export function secretFor(seed: string): string {
  return createHash('sha256').update(`secret:${seed}`).digest('base64').slice(0, 40);
}

function sessionOf(accessKeyId: string, sessionToken: string | undefined): Caller | undefined {
  if (!accessKeyId.startsWith(SESSION_KEY) || !sessionToken?.startsWith(TOKEN_PREFIX)) return undefined;
  try {
    const text = Buffer.from(sessionToken.slice(TOKEN_PREFIX.length), 'base64url').toString('utf8');
    const [roleArn, sessionName] = JSON.parse(text) as [string, string];
    return sessionCaller(roleArn, sessionName);
  } catch {
    return undefined;
  }
}
