import { FakeGlacier } from './fake-glacier';
import { FakeParameters } from './fake-parameters';
import { StackEvents } from './stack-events';
import { lockResource } from '../../../lambda/glacier/lock/resource';
import { vaultResource } from '../../../lambda/glacier/vault/resource';
import { ResourceTypes } from '../../../src/private/contract';

export { OWNER, STACK_ID } from './stack-events';
export type { Ask, Event, Response } from './stack-events';

export const ARN = (vaultName: string) => `arn:aws:glacier:eu-west-1:123456789012:vaults/${vaultName}`;

/** Everything that the Glacier handlers touch, on one clock. */
export class World extends StackEvents {
  readonly glacier = new FakeGlacier(this.clock);
  readonly parameters = new FakeParameters(this.clock);
  private nonces = 0;

  protected resources() {
    return {
      [ResourceTypes.GLACIER_VAULT]: vaultResource(this.services()),
      [ResourceTypes.GLACIER_VAULT_LOCK]: lockResource(this.services()),
    };
  }

  protected fakes() {
    return [this.glacier, this.parameters];
  }

  private services() {
    return {
      glacier: this.glacier,
      parameters: this.parameters,
      stacks: this.stacks,
      clock: this.clock,
      nonce: () => `nonce-${++this.nonces}`,
    };
  }
}
