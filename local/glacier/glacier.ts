import { accessDenied, invalidParameter, INVENTED, missingParameter, notFound, RECORDED } from './errors';
import { DAY_MS } from './inventory';
import { estate } from './state';
import type { Archive, Estate, Readable, Vault } from './state';
import { switchValue } from './switches';
import type { GlacierSwitch } from './switches';
import { upkeep } from './upkeep';
import { lookUp } from '../server/look-up';
import { partitionOf } from '../server/partition';
import type { AwsRequest } from '../server/service';
import type { World } from '../server/world';

/** Sends a message to an SNS topic. */
export type Publish = (topicArn: string, message: string) => void;

/** The members that every vault operation has. */
export interface VaultInput {
  readonly accountId?: string | undefined;
  readonly vaultName?: string | undefined;
}

/** An account in a region, where an operation plays. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly arnPrefix: string;
  readonly estate: Estate;
}

/** A vault by name, whether or not it exists. */
export interface VaultPlace extends Place {
  readonly name: string;
  readonly arn: string;
  /** `/123456789012/vaults/name`: with the real account id even if `-` was sent. */
  readonly path: string;
  readonly vault: Vault | undefined;
}

export interface OpenVault extends VaultPlace {
  readonly vault: Vault;
}

/** The account in the path must be the caller's own, per the developer guide's page on each of these. */
const CALLERS_ACCOUNT = new Set([
  'CreateVault',
  'ListVaults',
  'InitiateVaultLock',
  'CompleteVaultLock',
  'AbortVaultLock',
  'GetDataRetrievalPolicy',
  'SetDataRetrievalPolicy',
  'ListProvisionedCapacity',
  'PurchaseProvisionedCapacity',
]);
const TAG_OPERATIONS = new Set(['AddTagsToVault', 'ListTagsForVault', 'RemoveTagsFromVault']);
/** Finer parts of a day than this would be written with an exponent. */
const AGE_PRECISION = 1_000_000;
const VAULT_NAME = /^[A-Za-z0-9_.-]{1,255}$/;

/** What every operation starts with: whose account, may the caller do it, does the vault exist. In that order, as on AWS. */
export class Glacier {
  constructor(
    readonly world: World,
    readonly publish: Publish,
    /** Names of all operations of the service. */
    readonly operations: readonly string[],
  ) {}

  now(): number {
    return this.world.clock.now();
  }

  switched(name: GlacierSwitch): string {
    return switchValue(this.world, name);
  }

  changed(): void {
    this.world.state.changed();
  }

  /** For an operation on the account: checks the caller's right to `resource` (what follows the account in the ARN). */
  enter(operation: string, input: VaultInput, request: AwsRequest, resource: string): Place {
    const place = this.place(operation, input, request);
    this.world.iam.authorise({
      caller: request.caller,
      action: `glacier:${operation}`,
      resource: `${place.arnPrefix}${resource}`,
      resourceAccount: place.account,
      context: this.requestContext(request),
    });
    return place;
  }

  /** For an operation on a vault that need not exist. `archiveId`: the archive that it is about, whose age a policy may ask for. */
  approach(operation: string, input: VaultInput, request: AwsRequest, archiveId?: string): VaultPlace {
    const at = this.vaultPlace(this.place(operation, input, request), input.vaultName);
    const { vault } = at;
    const policies = [vault?.accessPolicy, vault?.lock?.policy].filter((policy) => typeof policy === 'string');
    this.world.iam.authorise({
      caller: request.caller,
      action: `glacier:${operation}`,
      resource: at.arn,
      resourcePolicies: operation === 'CreateVault' ? [] : policies,
      resourceAccount: at.account,
      context: { ...this.requestContext(request), ...vaultContext(vault), ...this.ageContext(vault && lookUp(vault.archives, archiveId)) },
    });
    return at;
  }

  /** For an operation on an existing vault. @throws AwsError `ResourceNotFoundException` */
  open(operation: string, input: VaultInput, request: AwsRequest, archiveId?: string): OpenVault {
    const at = this.approach(operation, input, request, archiveId);
    if (!at.vault) throw notFound(RECORDED.vaultNotFound(at.arn));
    return { ...at, vault: at.vault };
  }

  /** Does what falls due with a vault at `time`, at that time. */
  wakeAt(time: number, account: string, region: string, name: string): void {
    this.world.clock.at(time, () => void this.vaultPlace(this.placeOf(account, region), name));
  }

  /** Sets a readable part of a vault; reads may go on showing what was there before (switch `glacier.staleReadSeconds`). */
  set<Part extends keyof Readable>(vault: Vault, part: Part, value: Readable[Part]): void {
    const seconds = Number(this.switched('glacier.staleReadSeconds'));
    if (seconds > 0) {
      const stale: { [P in keyof Readable]?: { readonly until: number; readonly value: Readable[P] } } = vault.stale;
      Object.assign(stale, { [part]: { until: this.now() + seconds * 1000, value: vault[part] } });
    }
    (vault as Readable)[part] = value;
    this.changed();
  }

  /** What a Get operation shows. */
  read<Part extends keyof Readable>(vault: Vault, part: Part): Readable[Part] {
    const stale = vault.stale[part];
    return stale && this.now() < stale.until ? stale.value : vault[part];
  }

  vaultPlace(place: Place, name: string | undefined): VaultPlace {
    if (!name) throw missingParameter('vault name');
    // `.` and `..` satisfy the rule, but no client can put them into a path.
    if (!VAULT_NAME.test(name) || name === '.' || name === '..') throw invalidParameter(INVENTED.invalidVaultName(name));
    const vault = lookUp(place.estate.vaults, name);
    const at = { ...place, name, arn: `${place.arnPrefix}vaults/${name}`, path: `/${place.account}/vaults/${name}`, vault };
    if (vault) upkeep(this, { ...at, vault });
    return at;
  }

  placeOf(account: string, region: string): Place {
    return {
      account,
      region,
      arnPrefix: `arn:${partitionOf(region)}:glacier:${region}:${account}:`,
      estate: estate(this.world, account, region),
    };
  }

  private place(operation: string, { accountId }: VaultInput, request: AwsRequest): Place {
    const own = request.caller.accountId;
    const account = accountId === undefined || accountId === '-' ? own : accountId;
    const callerOnly =
      CALLERS_ACCOUNT.has(operation) || (TAG_OPERATIONS.has(operation) && this.switched('glacier.tagAccount') === 'caller');
    if (!/^\d{12}$/.test(account) || (callerOnly && account !== own)) {
      const resource = `arn:${partitionOf(request.region)}:glacier:${request.region}:${account}:vaults/`;
      throw accessDenied(RECORDED.notAuthorised(request.caller.arn, operation, resource));
    }
    return this.placeOf(account, request.region);
  }

  private requestContext(request: AwsRequest): Record<string, string> {
    return {
      'aws:CurrentTime': new Date(this.now()).toISOString(),
      'aws:EpochTime': String(Math.floor(this.now() / 1000)),
      'aws:SecureTransport': 'true',
      'aws:SourceIp': '127.0.0.1',
      'aws:RequestedRegion': request.region,
    };
  }

  private ageContext(archive: Archive | undefined): Record<string, string> {
    if (!archive) return {};
    const precision = this.switched('glacier.archiveAge') === 'whole' ? 1 : AGE_PRECISION;
    const days = Math.floor(((this.now() - archive.created) / DAY_MS) * precision) / precision;
    return { 'glacier:ArchiveAgeInDays': String(days) };
  }
}

function vaultContext(vault: Vault | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(vault?.tags ?? {}).map(([key, value]) => [`glacier:ResourceTag/${key}`, value]));
}
