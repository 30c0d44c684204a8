import { ArnFormat, Stack } from 'aws-cdk-lib';
import { isAbsent } from './template-value';
import { knownText } from '../synthesis/known-text';

/** Where a resource finds its vault, if not in its stack's account and region. */
interface OtherPlace {
  readonly region?: unknown;
  readonly account?: unknown;
}

/** The ARN as `knownText`. */
export function glacierVaultArn(stack: Stack, name: unknown): string {
  return knownText(stack, stack.formatArn({ service: 'glacier', resource: 'vaults', resourceName: knownText(stack, name) }));
}

/** The ARN as `knownText`. */
export function backupVaultArn(stack: Stack, name: unknown, { region, account }: OtherPlace = {}): string {
  return knownText(
    stack,
    stack.formatArn({
      service: 'backup',
      resource: 'backup-vault',
      resourceName: knownText(stack, name),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      ...(isAbsent(region) ? {} : { region: knownText(stack, region) }),
      ...(isAbsent(account) ? {} : { account: knownText(stack, account) }),
    }),
  );
}
