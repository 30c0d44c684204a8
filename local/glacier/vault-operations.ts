import type { CreateVaultInput, DeleteVaultInput, DescribeVaultInput, ListVaultsInput } from '@aws-sdk/client-glacier';
import { accessDenied, invalidParameter, INVENTED, limitExceeded, notFound, RECORDED } from './errors';
import type { Glacier, OpenVault } from './glacier';
import { isDeletable, sizeInBytes } from './inventory';
import { checkedLimit } from './paging';
import { archiveBlob, isoDate, jobBlob, newVault, partBlob } from './state';
import type { Vault } from './state';
import type { AwsRequest } from '../server/service';

/** Per account and region: https://docs.aws.amazon.com/amazonglacier/latest/dev/creating-vaults.html */
const MAX_VAULTS = 1000;
const LONGEST_PAGE = 10;

export function vaultOperations(glacier: Glacier) {
  return {
    CreateVault(input: CreateVaultInput, request: AwsRequest) {
      const at = glacier.approach('CreateVault', input, request);
      if (!at.vault) {
        if (Object.keys(at.estate.vaults).length >= MAX_VAULTS) throw limitExceeded(INVENTED.tooManyVaults(MAX_VAULTS));
        at.estate.vaults[at.name] = newVault(at.name, glacier.now());
        glacier.changed();
      }
      return { location: at.path };
    },

    DescribeVault(input: DescribeVaultInput, request: AwsRequest) {
      const { vault, arn } = glacier.open('DescribeVault', input, request);
      return description(vault, arn);
    },

    DeleteVault(input: DeleteVaultInput, request: AwsRequest) {
      const at = glacier.approach('DeleteVault', input, request);
      const { vault } = at;
      if (!vault) {
        if (glacier.switched('glacier.deleteMissingVault') === '404') throw notFound(RECORDED.vaultNotFound(at.arn));
        return {};
      }
      if (!isDeletable(vault)) throw invalidParameter(RECORDED.vaultNotEmpty(at.arn));
      if (vault.lock?.state === 'InProgress' && glacier.switched('glacier.deleteVaultInProgress') === '403') {
        throw accessDenied(INVENTED.lockInProgress(at.arn));
      }
      remove(glacier, { ...at, vault });
      return {};
    },

    ListVaults(input: ListVaultsInput, request: AwsRequest) {
      const place = glacier.enter('ListVaults', input, request, 'vaults/');
      const size = checkedLimit(input.limit, LONGEST_PAGE);
      const included = glacier.switched('glacier.listMarker') === 'included';
      // A marker is only compared, not looked up: the vault that it names may be gone by now.
      const after = input.marker?.split(':vaults/')[1];
      if (input.marker && after === undefined) throw invalidParameter(INVENTED.invalidMarker(input.marker));
      const rest = Object.keys(place.estate.vaults)
        .sort((a, b) => (a < b ? -1 : 1))
        .filter((name) => after === undefined || name > after || (included && name === after));
      const page = rest.slice(0, size).map((name) => glacier.vaultPlace(place, name) as OpenVault);
      const next = rest.length > size ? rest[included ? size : size - 1] : undefined;
      return {
        Marker: next === undefined ? null : `${place.arnPrefix}vaults/${next}`,
        VaultList: page.map(({ vault, arn }) => description(vault, arn)),
      };
    },
  };
}

/** Everything that belongs to a vault goes with it: policies, lock, tags, notifications, jobs. */
function remove(glacier: Glacier, { estate, name, vault }: OpenVault): void {
  const { blobs } = glacier.world.state;
  for (const id of Object.keys(vault.archives)) blobs.delete(archiveBlob(id));
  for (const id of Object.keys(vault.jobs)) blobs.delete(jobBlob(id));
  for (const { id, parts } of Object.values(vault.uploads)) {
    for (const start of Object.keys(parts)) blobs.delete(partBlob(id, Number(start)));
  }
  delete estate.vaults[name];
  glacier.changed();
}

/** In the order and with the nulls of the wire. */
function description(vault: Vault, arn: string) {
  return {
    CreationDate: isoDate(vault.created),
    LastInventoryDate: vault.inventory ? isoDate(vault.inventory.date) : null,
    NumberOfArchives: vault.inventory?.archives.length ?? 0,
    SizeInBytes: sizeInBytes(vault.inventory),
    VaultARN: arn,
    VaultName: vault.name,
  };
}
