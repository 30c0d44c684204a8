import type { DeleteVaultAccessPolicyInput, GetVaultAccessPolicyInput, SetVaultAccessPolicyInput } from '@aws-sdk/client-glacier';
import { invalidParameter, INVENTED, missingParameter, notFound, RECORDED } from './errors';
import type { Glacier } from './glacier';
import { acceptPolicy } from './policy-document';
import type { AwsRequest } from '../server/service';

export function accessPolicyOperations(glacier: Glacier) {
  return {
    SetVaultAccessPolicy(input: SetVaultAccessPolicyInput, request: AwsRequest) {
      const { vault, arn } = glacier.open('SetVaultAccessPolicy', input, request);
      if (!input.policy?.Policy) throw missingParameter('policy');
      const { world, operations } = glacier;
      const policy = acceptPolicy(input.policy.Policy, { world, vaultArn: arn, operations });
      if (policy === undefined) throw invalidParameter(INVENTED.invalidAccessPolicy);
      glacier.set(vault, 'accessPolicy', policy);
      return {};
    },

    GetVaultAccessPolicy(input: GetVaultAccessPolicyInput, request: AwsRequest) {
      const { vault } = glacier.open('GetVaultAccessPolicy', input, request);
      const policy = glacier.read(vault, 'accessPolicy');
      if (policy === null) throw notFound(RECORDED.noAccessPolicy(vault.name));
      return { policy: { Policy: policy } };
    },

    DeleteVaultAccessPolicy(input: DeleteVaultAccessPolicyInput, request: AwsRequest) {
      const { vault } = glacier.open('DeleteVaultAccessPolicy', input, request);
      glacier.set(vault, 'accessPolicy', null);
      return {};
    },
  };
}
