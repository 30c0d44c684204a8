import { changedByOthers, missingVault, staying, superseded } from './messages';
import { parseAccessProperties, readStatements } from './properties';
import { AccessStatement } from './statements';
import { AccessWork } from './work';
import { BackupVaultAccessAttributes } from '../../../src/private/contract';
import { CallFailed, Denied, explain } from '../../aws/calls';
import { Refusal } from '../../cloudformation/refusal';
import { Request } from '../../cloudformation/request';
import { ResourceRequest } from '../../cloudformation/resource-request';
import { Outcome, Resource } from '../../cloudformation/serve';
import { isTooLateToDelete, Standing } from '../../cloudformation/stack-phase';
import { Place, readPlace } from '../place';
import { Services } from '../services';
import { BackupVault } from '../vault';

/** How long a Delete that overtook its Create looks for the statements that this may still be writing, and how often. */
const OVERTAKEN_PATIENCE_MS = 15_000;
const OVERTAKEN_POLL_MS = 2_500;

/** `Custom::BackupVaultAccess`. Its physical id is `<vault ARN>/access-policy/<logical id>`. */
export function accessResource(services: Services): Resource {
  return {
    physicalIdOf: (request) => {
      const place = readPlace(request.properties, request.stack);
      return place && physicalIdAt(place, request);
    },
    handle: async (request, invocation) => new AccessRequest(services, request, invocation).handle(),
  };
}

class AccessRequest extends ResourceRequest<Services> {
  async remove(): Promise<Outcome> {
    const { physicalId = '', properties, stack } = this.request;
    // What the request names counts; CloudFormation invents the id when it deletes beside a running Create.
    const place = readPlace(properties, stack);
    const statements = readStatements(properties);
    if (!place || statements.length === 0) return { physicalId, note: 'the properties name no statements of a backup vault' };
    const note = await this.removeFrom(place, statements);
    this.invocation.log({ vault: place.vaultName, done: note ?? 'removed' });
    return { physicalId, note };
  }

  protected async asItIs(note: string): Promise<Outcome> {
    return this.outcome(readPlace(this.request.properties, this.request.stack), note);
  }

  protected async converge(): Promise<Outcome> {
    const { place, statements } = parseAccessProperties(this.request.properties, this.request.stack);
    const vault = await this.open(place);
    if (!(await vault.find())) throw new Refusal(missingVault(place));
    const before = this.isAtHome(place) ? readStatements(this.request.oldProperties) : [];
    const work = new AccessWork(this.calls, this.invocation, vault, async () => this.standing());
    try {
      const left = await work.converge(statements, before);
      if (work.hasWritten) await work.assertStillWanted();
      return this.outcome(place, left.length > 0 ? changedByOthers(place, left) : undefined);
    } catch (error) {
      if (this.request.type === 'Create' && work.hasWritten) await this.takeBack(vault, statements);
      throw error;
    }
  }

  /** Deleting always ends. @throws the error, if trying again later can help */
  private async removeFrom(place: Place, statements: readonly AccessStatement[]): Promise<string | undefined> {
    try {
      const vault = await this.open(place);
      if (!(await vault.find())) return `backup vault ${place.vaultName} does not exist: there is nothing to remove`;
      if (isTooLateToDelete(await this.standing())) return superseded(place);
      const work = new AccessWork(this.calls, this.invocation, vault);
      await this.untilShown(work, place, statements);
      const left = await work.converge([], statements);
      return left.length > 0 ? changedByOthers(place, left) : undefined;
    } catch (error) {
      const final = error instanceof Denied || error instanceof Refusal || (error instanceof CallFailed && error.kind !== 'unclear');
      if (!final) throw error;
      const sids = statements.map(({ sid }) => sid);
      return staying(place, sids, explain(error));
    }
  }

  /**
   * CloudFormation deletes beside a running Create when something else fails, with an id that it invented, and takes the permissions of
   * both away once the Delete has answered. So the Delete waits until the statements are there, or nobody writes them any more.
   */
  private async untilShown(work: AccessWork, place: Place, statements: readonly AccessStatement[]): Promise<void> {
    const { clock } = this.invocation;
    const until = clock.now() + (this.request.physicalId === physicalIdAt(place, this.request) ? 0 : OVERTAKEN_PATIENCE_MS);
    while (clock.now() < until && !(await work.shows(statements))) await this.invocation.pause(OVERTAKEN_POLL_MS);
  }

  /**
   * Nothing stays of what the stack will not ask to be removed. While it goes forward it will, and once it has succeeded the statements are
   * its own: another delivery of this request has been answered.
   */
  private async takeBack(vault: BackupVault, statements: readonly AccessStatement[]): Promise<void> {
    try {
      const standing = await this.standing();
      if (!standing || !this.isUnwanted(standing)) return;
      await new AccessWork(this.calls, this.invocation, vault).converge([], statements);
      this.invocation.log({ vault: vault.name, takenBack: true });
    } catch {
      this.invocation.log({ vault: vault.name, takenBack: false });
    }
  }

  private async open(place: Place): Promise<BackupVault> {
    return BackupVault.open(this.services, this.calls, this.invocation, place);
  }

  /** A Create that finds a rollback under way came too late. */
  protected async standing(): Promise<Standing | undefined> {
    const standing = await super.standing();
    return this.request.type === 'Create' && standing === 'rollback' ? 'over' : standing;
  }

  /** Whether the statements have been in this vault's policy before, as far as the template tells. */
  private isAtHome({ arn }: Place): boolean {
    const { type, oldProperties, stack } = this.request;
    return type === 'Update' && readPlace(oldProperties, stack)?.arn === arn;
  }

  private outcome(place: Place | undefined, note?: string): Outcome {
    const { physicalId = '' } = this.request;
    if (!place) return { physicalId, data: { [BackupVaultAccessAttributes.VAULT_ARN]: '' }, note };
    return {
      physicalId: (this.isAtHome(place) && physicalId) || physicalIdAt(place, this.request),
      data: { [BackupVaultAccessAttributes.VAULT_ARN]: place.arn },
      note,
    };
  }
}

function physicalIdAt({ arn }: Place, { logicalId }: Request): string {
  return `${arn}/access-policy/${logicalId}`;
}
