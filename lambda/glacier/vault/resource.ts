import { GlacierVaultAttributes, OWNER_TAG } from '../../../src/private/contract';
import { CallFailed, Denied } from '../../aws/calls';
import { Refusal } from '../../cloudformation/refusal';
import { ResourceRequest } from '../../cloudformation/resource-request';
import { Outcome, Resource } from '../../cloudformation/serve';
import { isOver, isTooLateToDelete, Standing } from '../../cloudformation/stack-phase';
import { parseVaultProperties, readOldVaultProperties, readVaultName } from '../properties';
import { Services, Tags } from '../services';
import { vaultArn } from '../vault-arn';
import { performVaultStep } from './act';
import { decideVault, decideVaultDeletion, taken, VaultSituation, VaultVerdict } from './decide';
import { ObservedVault, observeVault, VaultReader } from './observe';
import { verifyVault } from './verify';

/** Longer than anyone takes between creating a vault and tagging it. */
const SECOND_LOOK_MS = 10_000;

/** What the stack was doing is worth that long. */
const NEWS_MS = 10_000;

/** How long a Delete that overtook its Create looks for the vault that this may still be making, and how often. */
const OVERTAKEN_PATIENCE_MS = 15_000;
const OVERTAKEN_POLL_MS = 2_500;

/** What the vault is to become, and what the template said before. */
type Aim = Pick<VaultSituation, 'desired' | 'creating' | 'old'>;
type VaultPlan = Extract<VaultVerdict, { do: 'steps' }>;

/** `Custom::GlacierVault`. Its physical id is the vault's name. */
export function vaultResource(services: Services): Resource {
  return {
    physicalIdOf: ({ properties }) => readVaultName(properties),
    handle: async (request, invocation) => new VaultWork(services, request, invocation).handle(),
  };
}

class VaultWork extends ResourceRequest<Services> {
  private askedAt = 0;

  async remove(): Promise<Outcome> {
    const physicalId = this.request.physicalId ?? '';
    // What the request names counts, and who owns it; CloudFormation invents the id when it deletes beside a running Create.
    const vaultName = readVaultName(this.request.properties);
    if (vaultName === undefined) return { physicalId, note: 'the properties name no vault; there is nothing to delete' };
    const note = await this.removeVault(vaultName);
    this.invocation.log({ vault: vaultName, done: note });
    return { physicalId, note };
  }

  private async removeVault(vaultName: string): Promise<string> {
    try {
      const deletion = decideVaultDeletion(vaultName, this.request.owner, await this.tagsToDelete(vaultName));
      this.invocation.log({ vault: vaultName, decided: deletion });
      if (deletion.do !== 'keep' && (await this.isTooLateToDelete(vaultName))) {
        return `vault ${vaultName} is left as it is: the request came too late, the stack has gone on without it`;
      }
      if (deletion.do === 'release') {
        await performVaultStep(this.services.glacier, this.calls, vaultName, { do: 'removeTags', keys: [OWNER_TAG] });
      }
      if (deletion.do !== 'deleteVault') return deletion.note;
      await this.deleteVault(vaultName);
      return `vault ${vaultName} is deleted`;
    } catch (error) {
      return keptBecause(vaultName, error);
    }
  }

  /** A retried deployment deletes what failed and makes it again: a vault that is newer than the Delete is not the one to be deleted. */
  private async isTooLateToDelete(vaultName: string): Promise<boolean> {
    const standing = await this.standing();
    if (isTooLateToDelete(standing)) return true;
    if (standing === 'rollback' || standing === 'deletion') return false;
    const { signedAt = Infinity } = this.request;
    const { creationDate = '' } = (await this.reader(vaultName).describe()) ?? {};
    return Date.parse(creationDate) >= signedAt;
  }

  /**
   * CloudFormation deletes beside a running Create when something else fails, with an id that it invented, and takes the permissions of
   * both away once the Delete has answered. So the Delete waits until the vault is tagged, or nobody makes one any more.
   */
  private async tagsToDelete(vaultName: string): Promise<Tags | undefined> {
    const { clock } = this.invocation;
    const until = clock.now() + (this.request.physicalId === vaultName ? 0 : OVERTAKEN_PATIENCE_MS);
    for (;;) {
      const tags = await this.reader(vaultName).allTags();
      if (tags?.[OWNER_TAG] !== undefined || clock.now() >= until) return tags;
      await this.invocation.pause(OVERTAKEN_POLL_MS);
    }
  }

  protected async asItIs(note: string): Promise<Outcome> {
    return this.outcome(readVaultName(this.request.properties) ?? this.request.physicalId ?? '', note);
  }

  protected async converge(): Promise<Outcome> {
    const desired = parseVaultProperties(this.request.properties, this.request.stack);
    const { vaultName } = desired;
    const creating = this.request.type === 'Create' || readVaultName(this.request.oldProperties) !== vaultName;
    const aim: Aim = { desired, creating, old: creating ? {} : readOldVaultProperties(this.request.oldProperties) };
    const { steps, making } = await this.judge(aim);
    let isMade = false;
    try {
      // Before, so that nothing of a later deployment is undone, and little is made for a Delete to miss; and after, below, because a Delete
      // may have come in between.
      if (steps.length > 0) await this.assertStillWanted(isOver);
      for (const step of steps) {
        await performVaultStep(this.services.glacier, this.calls, vaultName, step, async () => this.assertNotLate());
        if (step.do === 'createVault') await this.assertNobodyElses(vaultName);
      }
      isMade = true;
      await verifyVault(this.reader(vaultName), steps, this.invocation);
      if (making) await this.assertStillWanted(() => false);
    } catch (error) {
      if (making) await this.takeBack(aim, isMade);
      throw error;
    }
    this.invocation.log({ vault: vaultName, done: steps.map((step) => step.do) });
    return this.outcome(vaultName);
  }

  private async judge(aim: Aim): Promise<VaultPlan> {
    const { vaultName } = aim.desired;
    for (let lookedTwice = false; ; lookedTwice = true) {
      const observed = await this.observe(aim);
      const verdict = this.decide(aim, observed, lookedTwice);
      this.invocation.log({
        vault: vaultName,
        observed: observed ? { owner: observed.owner, created: observed.creationDate } : 'no such vault',
        decided: verdict.do === 'steps' ? verdict.steps.map((step) => step.do) : verdict.do,
      });
      if (verdict.do === 'steps') return verdict;
      if (verdict.do === 'refuse') throw new Refusal(verdict.reason);
      await this.invocation.pause(SECOND_LOOK_MS);
    }
  }

  private async observe({ desired, old }: Aim): Promise<ObservedVault | undefined> {
    return observeVault(this.reader(desired.vaultName), {
      accessPolicy: (desired.accessPolicy ?? old.accessPolicy) !== undefined,
      notifications: (desired.notifications ?? old.notifications) !== undefined,
    });
  }

  private decide(aim: Aim, observed: ObservedVault | undefined, lookedTwice: boolean): VaultVerdict {
    const { owner, signedAt } = this.request;
    return decideVault({ ...aim, owner, signedAt, observed, lookedTwice });
  }

  /** CreateVault answers alike for a vault that somebody else made a moment ago. */
  private async assertNobodyElses(vaultName: string): Promise<void> {
    const owner = (await this.reader(vaultName).allTags())?.[OWNER_TAG];
    if (owner !== undefined && owner !== this.request.owner) throw new Refusal(taken(vaultName, owner));
  }

  /**
   * Asked after the vault has its owner tag: a Delete that comes later finds it, one that came before shows in the stack's status.
   *
   * @param isLate what the stack must not have come to either
   * @param isAllowed what does no harm
   */
  private async assertStillWanted(
    isLate: (standing: Standing) => boolean,
    isAllowed: (standing: Standing) => boolean = () => false,
  ): Promise<void> {
    const standing = await this.standing();
    this.askedAt = this.invocation.clock.now();
    if (standing && !isAllowed(standing) && (this.isUnwanted(standing) || isLate(standing))) {
      throw new Refusal('the stack is no longer waiting for this vault: the request came too late, or its deployment was taken back.');
    }
  }

  /**
   * After a call that was tried again and again, or hung, the stack may have gone on, and another one may have made the vault. While the
   * stack takes this request back, what was made is marked all the same, so that it can be taken back, too.
   */
  private async assertNotLate(): Promise<void> {
    if (this.invocation.clock.now() - this.askedAt > NEWS_MS) {
      await this.assertStillWanted(isOver, (standing) => standing === 'rollback' || standing === 'deletion');
    }
  }

  /**
   * What is made for a stack that does not wait for it any more goes again, and what is half made. Never a vault that is, or was, as it should be
   * while the stack goes forward, or any once it has succeeded: another delivery of this request may have been answered, and the vault is the
   * stack's. Glacier itself refuses to delete a vault that somebody has written to.
   */
  private async takeBack(aim: Aim, isMade: boolean): Promise<void> {
    const { vaultName } = aim.desired;
    try {
      // The tags first: what gets the owner tag only now is being made by another delivery, which may be answered any moment.
      const deletion = decideVaultDeletion(vaultName, this.request.owner, await this.reader(vaultName).allTags());
      const standing = await this.standing();
      const isUnwanted = standing !== undefined && this.isUnwanted(standing);
      const goes = isUnwanted || (!isMade && !(standing && isOver(standing)) && (await this.isHalfMade(aim)));
      if (goes && deletion.do === 'deleteVault') await this.deleteVault(vaultName);
      this.invocation.log({ vault: vaultName, takenBack: goes && deletion.do === 'deleteVault' });
    } catch {
      this.invocation.log({ vault: vaultName, takenBack: false });
    }
  }

  private async isHalfMade(aim: Aim): Promise<boolean> {
    const verdict = this.decide(aim, await this.observe(aim), true);
    return verdict.do === 'steps' && verdict.steps.length > 0;
  }

  /** @throws Refusal when the vault has become another one's before it could be deleted */
  private async deleteVault(vaultName: string): Promise<void> {
    let isFirst = true;
    const before = async () => {
      const tags = isFirst ? undefined : await this.reader(vaultName).allTags();
      isFirst = false;
      if (tags && tags[OWNER_TAG] !== this.request.owner) throw new Refusal('it is not the one any more that was to be deleted');
    };
    const call = { action: 'glacier:DeleteVault', on: `vault ${vaultName}`, before };
    await this.calls.make(call, async () => this.services.glacier.deleteVault(vaultName));
  }

  private reader(vaultName: string): VaultReader {
    return new VaultReader(this.services.glacier, this.calls, vaultName);
  }

  private outcome(vaultName: string, note?: string): Outcome {
    const data = {
      [GlacierVaultAttributes.VAULT_ARN]: vaultArn(this.request.stack, vaultName),
      [GlacierVaultAttributes.VAULT_NAME]: vaultName,
    };
    return { physicalId: vaultName, data, note };
  }
}

/** Deleting always ends. @throws the error, if trying again later can help */
function keptBecause(vaultName: string, error: unknown): string {
  if (error instanceof Denied || error instanceof Refusal) return `vault ${vaultName} is kept: ${error.message}`;
  if (error instanceof CallFailed) {
    if (error.kind === 'notFound') return `vault ${vaultName} does not exist`;
    if (error.kind === 'unsupported') return `vault ${vaultName}: Glacier no longer serves this account, so there is nothing to delete`;
    if (error.name === 'InvalidParameterValueException') {
      return (
        `vault ${vaultName} is kept: it is not empty, or was written to since its last inventory. To delete it, remove its archives ` +
        'and wait for the next inventory (about a day).'
      );
    }
  }
  throw error;
}
