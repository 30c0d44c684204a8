import { App, Aspects, type Environment, type Stack } from 'aws-cdk-lib';
import * as assertions from 'aws-cdk-lib/assertions';
import { VaultLockChecks, type VaultLockChecksProps } from '../../src';
import { aStack, ENV } from '../construct-fixtures/stacks';

/** An app with the checks, and its first stack. */
export function checked(props: VaultLockChecksProps = {}, env: Environment = ENV) {
  const app = new App();
  Aspects.of(app).add(new VaultLockChecks(props));
  return { app, stack: aStack(env, app) };
}

/** Errors by the path of what they are about. */
export function errorsOf(stack: Stack): Record<string, string> {
  const errors = assertions.Annotations.fromStack(stack).findError('*', assertions.Match.anyValue());
  return Object.fromEntries(errors.map(({ id, entry }) => [id, String(entry.data)]));
}

/** Paths of what there are errors about. */
export function erroneous(stack: Stack): string[] {
  return Object.keys(errorsOf(stack));
}

/** Ids of all warnings of the library, without its prefix, each with the path of what it is about. */
export function warningsBy(stack: Stack): [path: string, id: string][] {
  return idsIn(assertions.Annotations.fromStack(stack).findWarning('*', assertions.Match.anyValue()), /\[ack: cdk-vault-lock:([\w-]+)\]/);
}

/** Ids of all errors of the library that can be acknowledged, each with the path of what it is about. */
export function errorsBy(stack: Stack): [path: string, id: string][] {
  return idsIn(assertions.Annotations.fromStack(stack).findError('*', assertions.Match.anyValue()), /'cdk-vault-lock:([\w-]+)'/);
}

type Messages = ReturnType<assertions.Annotations['findError']>;

function idsIn(messages: Messages, pattern: RegExp): [path: string, id: string][] {
  return messages.flatMap(({ id, entry }): [string, string][] => {
    const found = pattern.exec(String(entry.data))?.[1];
    return found === undefined ? [] : [[id, found]];
  });
}

/** Ids of all warnings of the library, without its prefix. */
export function warningIds(stack: Stack): string[] {
  return warningsBy(stack).map(([, id]) => id);
}
