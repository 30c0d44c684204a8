import { Token } from 'aws-cdk-lib';
import { LOCK_ACKNOWLEDGEMENT } from './acknowledgement';
import { LockStages, type LockStage } from '../private/contract';
import type { Acknowledgement } from '../synthesis/acknowledgement';

/**
 * What makes it certain that exactly the tested lock becomes permanent.
 */
export interface VaultLockCompletion {
  /**
   * The acknowledgement that the initiating deployment printed: `<vault name> sha256:<64 hex digits>`.
   *
   * It goes stale when the policy, the vault, the account or the region changes.
   */
  readonly acknowledge: string;
}

/**
 * How far a vault lock goes. Every step is a deployment of its own.
 *
 * | stage | no lock yet | lock in its test window | complete lock |
 * | --- | --- | --- | --- |
 * | `initiate()` | starts the test window | keeps it, or starts anew if the policy has changed | stays, if the policy is the same |
 * | `complete(…)` | fails; if its test window ran out, a new one is started | becomes permanent | stays, if the policy is the same |
 * | `completeOnceAcknowledged(…)` | starts the test window; fails if there is an acknowledgement already | stays in it until the acknowledgement is there, then as `complete` | stays, if the policy is the same |
 * | `abort()` | nothing to do | takes the lock away | fails: nobody can take it away |
 */
export class VaultLockStage {
  /**
   * The lock is in force for 24 hours, in which it can be tested, changed and taken away; then Glacier removes it.
   *
   * The deployment prints the acknowledgement that completing it takes.
   */
  public static initiate(): VaultLockStage {
    return new VaultLockStage(LockStages.INITIATE);
  }

  /**
   * The lock that was tested becomes permanent. **Nobody can take it back, AWS included.**
   *
   * To be deployed within 24 hours of the initiating deployment, best with no other change. Without a matching acknowledgement the
   * deployment fails and the lock stays in its test window. Keep the stage once the lock is complete; it does nothing more.
   *
   * @param completion what was printed by the initiating deployment
   * @throws if that is no acknowledgement
   */
  public static complete(completion: VaultLockCompletion): VaultLockStage {
    const known = Token.isUnresolved(completion.acknowledge) ? undefined : LOCK_ACKNOWLEDGEMENT.parse(completion.acknowledge);
    return new VaultLockStage(LockStages.COMPLETE, completion.acknowledge, known);
  }

  /**
   * For pipelines that deploy the same code to several accounts: like `initiate()` until the acknowledgement matches, then like
   * `complete()`.
   *
   * The acknowledgement differs between accounts, so give it as a value that is looked up at deployment: a `CfnParameter`, or
   * `ssm.StringParameter.valueForStringParameter(…)`. The person who has tested the lock in an account puts the acknowledgement there;
   * the next deployment to that account completes the lock. **Nobody can take that back, AWS included.** A value that is no
   * acknowledgement (such as 'none') leaves the lock in its test window; an acknowledgement that does not match fails the deployment, and
   * so does one that is there before the test window is: reset the value, deploy, test, give the acknowledgement, deploy.
   *
   * @param acknowledgement `<vault name> sha256:<64 hex digits>`, or e.g. 'none' as long as the lock shall not be completed
   */
  public static completeOnceAcknowledged(acknowledgement: string): VaultLockStage {
    return new VaultLockStage(LockStages.COMPLETE_ONCE_ACKNOWLEDGED, acknowledgement);
  }

  /**
   * A lock in its test window is taken away. Removing the construct does the same.
   */
  public static abort(): VaultLockStage {
    return new VaultLockStage(LockStages.ABORT);
  }

  private constructor(
    /** @internal */
    public readonly _stage: LockStage,
    /** @internal */
    public readonly _acknowledge?: string,
    /**
     * What was acknowledged, where that is known and has to be right.
     *
     * @internal
     */
    public readonly _acknowledgement?: Acknowledgement,
  ) {}

  /** @internal */
  public get _mayComplete(): boolean {
    return this._stage === LockStages.COMPLETE || this._stage === LockStages.COMPLETE_ONCE_ACKNOWLEDGED;
  }
}
