import type {
  DeleteBackupVaultAccessPolicyInput,
  GetBackupVaultAccessPolicyInput,
  PutBackupVaultAccessPolicyInput,
} from '@aws-sdk/client-backup';
import type { Backup } from './backup';
import { INVENTED, missingParameter, notFound } from './errors';
import { checkPolicy, readBackForm } from './policy-document';
import type { AwsRequest } from '../server/service';

export function accessPolicyOperations(backup: Backup) {
  return {
    PutBackupVaultAccessPolicy(input: PutBackupVaultAccessPolicyInput, request: AwsRequest) {
      const { vault } = backup.open('PutBackupVaultAccessPolicy', input, request);
      if (!input.Policy) throw missingParameter('Policy');
      checkPolicy(backup, input.Policy);
      vault.accessPolicy = input.Policy;
      backup.changed();
      return {};
    },

    GetBackupVaultAccessPolicy(input: GetBackupVaultAccessPolicyInput, request: AwsRequest) {
      const { vault, arn } = backup.open('GetBackupVaultAccessPolicy', input, request);
      if (vault.accessPolicy === null) throw notFound(INVENTED.noAccessPolicy(vault.name));
      const minified = backup.switched('backup.policyReadBack') === 'minified';
      return { BackupVaultName: vault.name, BackupVaultArn: arn, Policy: minified ? readBackForm(vault.accessPolicy) : vault.accessPolicy };
    },

    DeleteBackupVaultAccessPolicy(input: DeleteBackupVaultAccessPolicyInput, request: AwsRequest) {
      const { vault } = backup.open('DeleteBackupVaultAccessPolicy', input, request);
      vault.accessPolicy = null;
      backup.changed();
      return {};
    },
  };
}
