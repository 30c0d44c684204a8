import { awsError, FaultyService } from './faulty-service';
import { LockIntent, LockRecord } from '../../../lambda/glacier/lock/record';
import { Parameters } from '../../../lambda/glacier/services';

/** Parameters of SSM: a version per write, starting again at 1 after a deletion. */
export class FakeParameters extends FaultyService implements Parameters {
  readonly stored = new Map<string, { value: string; version: number }>();

  /** What is remembered of a vault's lock. */
  record(vaultName: string): LockRecord | undefined {
    return this.content(`/cdk-vault-lock/glacier/${vaultName}`);
  }

  intent(vaultName: string): LockIntent | undefined {
    return this.content(`/cdk-vault-lock/glacier/${vaultName}/intent`);
  }

  async get(name: string) {
    return this.perform('GetParameter', () => this.stored.get(name));
  }

  async put(name: string, value: string, overwrite: boolean): Promise<number> {
    return this.perform('PutParameter', () => {
      const version = (this.stored.get(name)?.version ?? 0) + 1;
      if (version > 1 && !overwrite) throw awsError('ParameterAlreadyExists');
      this.stored.set(name, { value, version });
      return version;
    });
  }

  async delete(name: string): Promise<void> {
    await this.perform('DeleteParameter', () => {
      if (!this.stored.delete(name)) throw awsError('ParameterNotFound');
    });
  }

  private content<T>(name: string): T | undefined {
    const found = this.stored.get(name);
    return found && (JSON.parse(found.value) as T);
  }
}
