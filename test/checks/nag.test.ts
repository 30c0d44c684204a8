import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks } from 'cdk-nag';
import { acknowledgementOf } from '../../src/policy';
import { backupLockFingerprint } from '../../src/private/backup-lock-fingerprint';
import { EXAMPLE_ENV, synthesizedExample } from '../synthesized-example';

const ANY_VAULT =
  'The statements name no vault: one per vault would be gone from the role before CloudFormation sends the Delete of a construct that was ' +
  'removed from the template. They name their actions, the account and the region, and none of them completes a lock';

/** Every finding on the examples, and why it stays. */
const REASONS: { readonly [finding: string]: string } = {
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:glacier:us-east-1:123456789012:vaults/*]': `${ANY_VAULT}: that permission is a policy of its own, for one vault (docs/decisions/0003-the-providers-permissions.md).`,
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:us-east-1:123456789012:parameter/cdk-vault-lock/glacier/*]':
    "The library's own prefix in Parameter Store, where lock ids wait; below it stands the name of the vault (docs/decisions/0001-where-the-lock-id-is-kept.md).",
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:backup:us-east-1:123456789012:backup-vault:*]': `${ANY_VAULT}: a lock date is only allowed by a policy of its own, for one vault (docs/decisions/0012-permissions-of-the-backup-function.md).`,
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:backup:*:123456789012:backup-vault:*]':
    'Allows lock dates that are at least 36,500 days ahead, a hundred years, and no others: a lock that goes back to governance mode may need ' +
    'one to give its lock date up, wherever its vault is (docs/decisions/0012-permissions-of-the-backup-function.md).',
  'AwsSolutions-IAM5[Resource::*]':
    'backup:ListBackupVaults has no resource that it could be allowed for. It tells a vault that does not exist from one that is forbidden, and changes nothing.',
};

/** What the pack says about an example, deployed as its users do it. */
function findings(example: string, context: Record<string, string> = {}): string[] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nag-'));
  try {
    return Object.entries(synthesizedExample(example, context)).flatMap(([name, text]) => {
      const templateFile = path.join(folder, name);
      fs.writeFileSync(templateFile, text);
      return findingsOn(templateFile);
    });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function findingsOn(templateFile: string): string[] {
  const app = new App();
  const stack = new Stack(app, 'Example', { env: EXAMPLE_ENV });
  new CfnInclude(stack, 'Template', { templateFile });
  return new AwsSolutionsChecks(app).validateScope(stack).violations.map(({ ruleName }) => ruleName);
}

describe('the AwsSolutions pack of cdk-nag finds nothing on the examples without a written reason', () => {
  const acknowledge = acknowledgementOf(
    'prod',
    backupLockFingerprint('arn:aws:backup:us-east-1:123456789012:backup-vault:prod', { minRetentionDays: 7, maxRetentionDays: 365 }),
  );
  const found: string[] = [];

  test.each([
    ['glacier-ledger', {}],
    ['glacier-ledger', { lock: 'removed' }],
    ['backup-vault-lock', {}],
    ['backup-vault-lock', { acknowledge }],
  ])('%s with %j', (example, context) => {
    const all = findings(example, context);
    found.push(...all);

    expect(all.filter((finding) => !(finding in REASONS))).toEqual([]);
  });

  test('and no reason is left over', () => {
    expect(Object.keys(REASONS).filter((finding) => !found.includes(finding))).toEqual([]);
  });
});
