import { accessDenied, decide } from './authoriser';
import { credentialsForRole, keyId, sessionCaller } from './credentials';
import { invalidInput } from './errors';
import type { IamStore } from './iam-store';
import type { Clock } from '../server/clock';
import type { AwsRequest, Caller } from '../server/service';
import { AwsError } from '../server/service';

export const STS_XMLNS = 'https://sts.amazonaws.com/doc/2011-06-15/';

type Parameters = Readonly<Record<string, string>>;
export type Operation = (parameters: Parameters, request: AwsRequest) => unknown;

const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const DEFAULT_SESSION_SECONDS = 3600;
const SHORTEST_SESSION_SECONDS = 900;
const LONGEST_SESSION_SECONDS = 43_200;

/** The operations of STS; results stand for the XML inside `<ActionResult>`. */
export function stsOperations(store: IamStore, clock: Clock): Record<string, Operation> {
  return {
    GetCallerIdentity: (_parameters, { caller }) => ({ UserId: userId(store, caller), Account: caller.accountId, Arn: caller.arn }),
    AssumeRole: (parameters, { caller }) => assumeRole(store, clock, parameters, caller),
  };
}

function assumeRole(store: IamStore, clock: Clock, parameters: Parameters, caller: Caller): unknown {
  const { RoleArn: roleArn = '', RoleSessionName: sessionName = '' } = parameters;
  const session = sessionCaller(roleArn, sessionName);
  if (!session) throw invalidInput(`${roleArn} is invalid`);
  if (!SESSION_NAME.test(sessionName)) {
    throw invalidInput(`Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: [\\w+=,.@-]{2,64}`);
  }
  if (parameters.Policy !== undefined || Object.keys(parameters).some((name) => name.startsWith('PolicyArns.'))) {
    // To leave them out would allow what they forbid.
    throw new AwsError('NotImplemented', 'The local endpoint knows no session policies; give the role the narrower policy.', 501);
  }
  const seconds = durationOf(parameters.DurationSeconds);
  checkTrust(store, clock, { roleArn, sessionName, caller, externalId: parameters.ExternalId });
  const credentials = credentialsForRole(roleArn, sessionName);
  return {
    AssumedRoleUser: { AssumedRoleId: userId(store, session), Arn: session.arn },
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: new Date(clock.now() + seconds * 1000).toISOString(),
    },
    PackedPolicySize: 0,
  };
}

function durationOf(text: string | undefined): number {
  const seconds = text === undefined ? DEFAULT_SESSION_SECONDS : Number(text);
  if (Number.isInteger(seconds) && seconds >= SHORTEST_SESSION_SECONDS && seconds <= LONGEST_SESSION_SECONDS) return seconds;
  throw invalidInput(`Value '${text}' at 'durationSeconds' must be between ${SHORTEST_SESSION_SECONDS} and ${LONGEST_SESSION_SECONDS}`);
}

interface Assumption {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly caller: Caller;
  readonly externalId: string | undefined;
}

/**
 * A role that was never created here trusts everyone: CDK's bootstrap roles need not exist. Whoever has policies here needs a right to
 * assume it all the same.
 */
function checkTrust(store: IamStore, clock: Clock, { roleArn, sessionName, caller, externalId }: Assumption): void {
  const role = store.roleOf(roleArn);
  const trustsEveryone = !role && !store.wasDeleted(roleArn);
  const access = {
    caller,
    action: 'sts:AssumeRole',
    resource: roleArn,
    context: { 'sts:RoleSessionName': sessionName, ...(externalId !== undefined && { 'sts:ExternalId': externalId }) },
    resourcePolicies: role ? [role.trustPolicy] : [],
    resourceAccount: trustsEveryone ? caller.accountId : store.accountId,
  };
  const decision = decide(store, clock, access, !trustsEveryone);
  if (decision.decision !== 'allow') throw accessDenied(access, decision, 'AccessDenied');
}

/** `<id of the role>:<session>`, or the id of a user. */
function userId(store: IamStore, { arn, roleArn }: Caller): string {
  if (roleArn === undefined) return store.userOf(arn)?.id ?? keyId('AIDA', arn);
  return `${store.roleOf(roleArn)?.id ?? keyId('AROA', roleArn)}:${arn.slice(arn.lastIndexOf('/') + 1)}`;
}
