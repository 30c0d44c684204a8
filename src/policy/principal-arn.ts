const SESSION = /^arn:([^:]*):sts::([^:]*):assumed-role\/([^/]+)\//;
const ROOT = /^arn:[^:]*:iam::[^:]*:root$/;

/** The role of an `assumed-role` ARN (without its path, which a session's ARN leaves out), or `undefined` for any other ARN. */
export function roleArnOfSession(arn: string): string | undefined {
  const [, partition, account, name] = SESSION.exec(arn) ?? [];
  return name === undefined ? undefined : `arn:${partition}:iam::${account}:role/${name}`;
}

/** The ARN of a session of the role; it leaves out the role's path. */
export function sessionArn(roleArn: string, session: string): string {
  const [, partition, , , account] = roleArn.split(':');
  return `arn:${partition}:sts::${account}:assumed-role/${roleArn.slice(roleArn.lastIndexOf('/') + 1)}/${session}`;
}

/** Whether the ARN is that of an account's root user. */
export function isRootUser(arn: string): boolean {
  return ROOT.test(arn);
}
