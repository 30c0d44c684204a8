import { keyId } from './credentials';
import { emptyIam } from './records';
import type { IamState } from './records';
import type { Clock } from '../server/clock';
import type { StateStore } from '../server/world';

export interface IamAccountOptions {
  readonly accountId: string;
  readonly state: StateStore;
  readonly clock: Clock;
  /** Milliseconds until a right that is given now takes effect. */
  readonly delay: () => number;
}

/** What every part of the account's IAM needs: its state, the time, names and ids. */
export class IamAccount {
  readonly accountId: string;

  constructor(private readonly options: IamAccountOptions) {
    this.accountId = options.accountId;
  }

  /** Asked for at every use: a reset replaces it. */
  get data(): IamState {
    return this.options.state.slice('iam', emptyIam);
  }

  get now(): number {
    return this.options.clock.now();
  }

  readonly delay = (): number => this.options.delay();

  /** @param resource e.g. `role/path/name` */
  arn(resource: string, partition = 'aws'): string {
    return `arn:${partition}:iam::${this.accountId}:${resource}`;
  }

  newId(prefix: string): string {
    return keyId(prefix, `${this.accountId}/${++this.data.ids}`);
  }

  changed(): void {
    this.options.state.changed();
  }
}

/** The ARN as the key that stands for it in every partition: names are unique in the account, whatever partition it is played in. */
export function partitionless(arn: string): string {
  return arn.replace(/^arn:[^:]*:/, 'arn:aws:');
}
