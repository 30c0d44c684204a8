import { awsError, FaultyService } from './faulty-service';
import { LockRecord, LockRecords } from '../../../lambda/glacier/services';

/** Parameters of SSM: a version per write, starting again at 1 after a deletion. */
export class FakeRecords extends FaultyService implements LockRecords {
  private readonly stored = new Map<string, { text: string; version: number }>();

  peek(vaultName: string): LockRecord | undefined {
    const found = this.stored.get(vaultName);
    return found && (JSON.parse(found.text) as LockRecord);
  }

  async get(vaultName: string) {
    return this.perform('GetParameter', () => {
      const found = this.stored.get(vaultName);
      return found && { record: JSON.parse(found.text) as LockRecord, version: found.version };
    });
  }

  async put(vaultName: string, record: LockRecord, overwrite: boolean): Promise<number> {
    return this.perform('PutParameter', () => {
      const version = (this.stored.get(vaultName)?.version ?? 0) + 1;
      if (version > 1 && !overwrite) throw awsError('ParameterAlreadyExists');
      this.stored.set(vaultName, { text: JSON.stringify(record), version });
      return version;
    });
  }

  async delete(vaultName: string): Promise<void> {
    await this.perform('DeleteParameter', () => {
      if (!this.stored.delete(vaultName)) throw awsError('ParameterNotFound');
    });
  }
}
