import {
  AbortVaultLockCommand,
  AddTagsToVaultCommand,
  CompleteVaultLockCommand,
  CreateVaultCommand,
  DeleteVaultAccessPolicyCommand,
  DeleteVaultCommand,
  DeleteVaultNotificationsCommand,
  DescribeVaultCommand,
  GetVaultAccessPolicyCommand,
  GetVaultLockCommand,
  GetVaultNotificationsCommand,
  GlacierClient,
  InitiateVaultLockCommand,
  ListTagsForVaultCommand,
  RemoveTagsFromVaultCommand,
  SetVaultAccessPolicyCommand,
  SetVaultNotificationsCommand,
} from '@aws-sdk/client-glacier';
import { httpHandler as requestHandler } from './http-handler';
import { Glacier } from '../glacier/services';

/** Glacier over the AWS SDK, with the credentials, region and endpoint that the environment names. */
export function sdkGlacier(): Glacier {
  // Retrying is the handlers' own business: the second attempt of an InitiateVaultLock whose answer got lost would be denied, and the
  // lock id of the first be gone.
  const client = new GlacierClient({ maxAttempts: 1, requestHandler });
  const of = (vaultName: string) => ({ accountId: '-', vaultName });
  return {
    createVault: async (name) => void (await client.send(new CreateVaultCommand(of(name)))),
    describeVault: async (name) => {
      const { CreationDate, LastInventoryDate, NumberOfArchives } = await client.send(new DescribeVaultCommand(of(name)));
      return {
        creationDate: CreationDate ?? '',
        lastInventoryDate: LastInventoryDate ?? undefined,
        numberOfArchives: NumberOfArchives ?? 0,
      };
    },
    deleteVault: async (name) => void (await client.send(new DeleteVaultCommand(of(name)))),
    setVaultAccessPolicy: async (name, policy) =>
      void (await client.send(new SetVaultAccessPolicyCommand({ ...of(name), policy: { Policy: policy } }))),
    getVaultAccessPolicy: async (name) => (await client.send(new GetVaultAccessPolicyCommand(of(name)))).policy?.Policy ?? '',
    deleteVaultAccessPolicy: async (name) => void (await client.send(new DeleteVaultAccessPolicyCommand(of(name)))),
    setVaultNotifications: async (name, { topicArn, events }) =>
      void (await client.send(
        new SetVaultNotificationsCommand({ ...of(name), vaultNotificationConfig: { SNSTopic: topicArn, Events: [...events] } }),
      )),
    getVaultNotifications: async (name) => {
      const { vaultNotificationConfig: config } = await client.send(new GetVaultNotificationsCommand(of(name)));
      return { topicArn: config?.SNSTopic ?? '', events: config?.Events ?? [] };
    },
    deleteVaultNotifications: async (name) => void (await client.send(new DeleteVaultNotificationsCommand(of(name)))),
    addTagsToVault: async (name, tags) => void (await client.send(new AddTagsToVaultCommand({ ...of(name), Tags: { ...tags } }))),
    removeTagsFromVault: async (name, keys) =>
      void (await client.send(new RemoveTagsFromVaultCommand({ ...of(name), TagKeys: [...keys] }))),
    listTagsForVault: async (name) => (await client.send(new ListTagsForVaultCommand(of(name)))).Tags ?? {},
    initiateVaultLock: async (name, policy) =>
      (await client.send(new InitiateVaultLockCommand({ ...of(name), policy: { Policy: policy } }))).lockId ?? '',
    getVaultLock: async (name) => {
      const { State, Policy, CreationDate, ExpirationDate } = await client.send(new GetVaultLockCommand(of(name)));
      return {
        state: State === 'Locked' ? 'Locked' : 'InProgress',
        policy: Policy ?? '',
        creationDate: CreationDate ?? '',
        expirationDate: ExpirationDate ?? undefined,
      };
    },
    completeVaultLock: async (name, lockId) => void (await client.send(new CompleteVaultLockCommand({ ...of(name), lockId }))),
    abortVaultLock: async (name) => void (await client.send(new AbortVaultLockCommand(of(name)))),
  };
}
