import { Calls } from '../../aws/calls';
import { Glacier } from '../services';
import { VaultStep } from './decide';

/** Glacier takes so many tags, or tag keys, in one call. */
const TAGS_PER_CALL = 10;

/** @param before asked before every attempt of every call */
export async function performVaultStep(
  glacier: Glacier,
  calls: Calls,
  vaultName: string,
  step: VaultStep,
  before?: () => Promise<void>,
): Promise<void> {
  const write = async (operation: string, send: () => Promise<void>) =>
    calls.make({ action: `glacier:${operation}`, on: `vault ${vaultName}`, before }, send);
  switch (step.do) {
    case 'createVault':
      return write('CreateVault', async () => glacier.createVault(vaultName));
    case 'addTags':
      for (const tags of chunks(Object.entries(step.tags))) {
        await write('AddTagsToVault', async () => glacier.addTagsToVault(vaultName, Object.fromEntries(tags)));
      }
      return;
    case 'removeTags':
      for (const keys of chunks(step.keys)) {
        await write('RemoveTagsFromVault', async () => glacier.removeTagsFromVault(vaultName, keys));
      }
      return;
    case 'setAccessPolicy':
      return write('SetVaultAccessPolicy', async () => glacier.setVaultAccessPolicy(vaultName, step.policy));
    case 'deleteAccessPolicy':
      return write('DeleteVaultAccessPolicy', async () => glacier.deleteVaultAccessPolicy(vaultName));
    case 'setNotifications':
      return write('SetVaultNotifications', async () => glacier.setVaultNotifications(vaultName, step.notifications));
    case 'deleteNotifications':
      return write('DeleteVaultNotifications', async () => glacier.deleteVaultNotifications(vaultName));
  }
}

function chunks<T>(list: readonly T[]): T[][] {
  const count = Math.ceil(list.length / TAGS_PER_CALL);
  return Array.from({ length: count }, (_, index) => list.slice(index * TAGS_PER_CALL, (index + 1) * TAGS_PER_CALL));
}
