import type { Template } from 'aws-cdk-lib/assertions';
import { VaultLockAssertions, type VaultLockAssertionsProps } from './vault-lock-assertions';

/**
 * The same as `VaultLockAssertions.fromTemplate()`, for tests in TypeScript and JavaScript:
 * `expectVaultLock(template).deniesDeletionBefore(Duration.days(365))`.
 *
 * @jsii ignore
 * @throws if the template has no such lock, or more than one
 */
export function expectVaultLock(template: Template, props: VaultLockAssertionsProps = {}): VaultLockAssertions {
  return VaultLockAssertions.fromTemplate(template, props);
}
