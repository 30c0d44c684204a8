import { FaultyService } from './faulty-service';
import { Credentials } from '../../../lambda/backup/services';

/** STS: every role can be assumed, unless `deniedUntil` says that AssumeRole is denied. */
export class FakeRoles extends FaultyService {
  /** In the order in which they were assumed. */
  readonly assumed: string[] = [];

  async assume(roleArn: string): Promise<Credentials> {
    return this.perform('AssumeRole', () => {
      const number = this.assumed.push(roleArn);
      return { accessKeyId: `ASIA${number}`, secretAccessKey: `secret-of-${number}`, sessionToken: `token-of-${number}` };
    });
  }

  /** Whose account the credentials act in. */
  accountOf({ accessKeyId }: Credentials): string {
    const role = this.assumed[Number(accessKeyId.slice('ASIA'.length)) - 1];
    if (role === undefined) throw new Error(`nobody was given the credentials ${accessKeyId}`);
    return role.split(':')[4] ?? '';
  }
}
