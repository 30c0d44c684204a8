import { queryCall } from './query-request';
import { Credentials } from '../backup/services';

/** What CloudTrail shows behind the name of the role. */
const SESSION_NAME = 'cdk-vault-lock';
/** The least that STS takes, and the longest that a function may run. */
const DURATION_SECONDS = 900;

/** `AssumeRole` at the STS endpoint of the function's own region: its credentials hold in every region. */
export async function assumeRole(roleArn: string): Promise<Credentials> {
  const member = await queryCall('sts', {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: SESSION_NAME,
    DurationSeconds: String(DURATION_SECONDS),
  });
  const accessKeyId = member('AccessKeyId');
  const secretAccessKey = member('SecretAccessKey');
  // An answer in another form, such as a proxy's page: as unclear as one that does not parse.
  if (!accessKeyId || !secretAccessKey) throw new SyntaxError('no credentials in the answer of AssumeRole');
  return { accessKeyId, secretAccessKey, sessionToken: member('SessionToken') };
}
