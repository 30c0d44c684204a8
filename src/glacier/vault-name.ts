import { Token } from 'aws-cdk-lib';

/** Amazon Glacier API reference, CreateVault. */
const VAULT_NAME = /^[A-Za-z0-9_.-]{1,255}$/;

/** @throws if it can be no vault's name; a token is left to the handler */
export function requireVaultName(property: string, name: string): void {
  if (Token.isUnresolved(name)) return;
  if (!VAULT_NAME.test(name)) {
    throw new Error(
      `\`${property}\` must have 1 to 255 characters out of A-Z, a-z, 0-9, '_', '-' and '.', got: '${name}' (${name.length} characters).`,
    );
  }
  if (name === '.' || name === '..') {
    throw new Error(`\`${property}\` must not be '${name}': in the address of a request it would not be a name. Choose another name.`);
  }
}
