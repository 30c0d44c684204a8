import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Where something is; parts that are known at deployment only are tokens. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/**
 * The same for two constructs that mean the same thing of that name in AWS, as far as that can be known.
 *
 * Where account or region are not known, the same name in two stacks may be two things: a pipeline has many of them.
 */
export function identityOf(construct: IConstruct, { account, region }: Place, name: string): string {
  if (Token.isUnresolved(name)) return construct.node.path;
  const stackPath = Stack.of(construct).node.path;
  const part = (value: string) => (Token.isUnresolved(value) ? `${stackPath} ${value}` : value);
  return JSON.stringify([part(account), part(region), name]);
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
