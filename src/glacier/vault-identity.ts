import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { IGlacierVault } from './vault-interface';

/** The same for two constructs that mean the same vault, as far as that can be known. */
export function identityOf(vault: IGlacierVault, name: string): string {
  // Where account or region are not known, the same name in two stacks may be two vaults: a pipeline has many of them.
  const { account, region } = vault.env;
  if (Token.isUnresolved(name)) return vault.node.path;
  const place = Token.isUnresolved(account) || Token.isUnresolved(region) ? Stack.of(vault).node.path : `${account}/${region}`;
  return JSON.stringify([place, name]);
}

/** Which construct of an app has claimed what: for what may be there once only. */
export class OncePerApp {
  private readonly claims = new WeakMap<IConstruct, Map<string, IConstruct>>();

  /** @returns the construct that was first, if it is another one */
  public claim(construct: IConstruct, identity: string): IConstruct | undefined {
    const { root } = construct.node;
    const claims = this.claims.get(root) ?? new Map<string, IConstruct>();
    this.claims.set(root, claims);
    const first = claims.get(identity);
    if (!first) claims.set(identity, construct);
    return first;
  }
}
