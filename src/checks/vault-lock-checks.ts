import { Annotations, Aspects, CfnResource, Stage, type Duration, type IAspect } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { AppLocks } from './app-locks';
import { isJudged, judge, type AppRequirements } from './judged-resource';
import { RequiredLockMode } from './required-lock-mode';
import { inDays } from './requirements';
import { knownDays, wholeDays } from '../backup/days';
import { RETENTION_DAYS } from '../private/backup-limits';
import { templateEntry } from '../synthesis/template-entry';
import { addWarnings, unacknowledged, type Warning } from '../synthesis/warnings';

/**
 * What is asked of the vaults and locks of an app.
 */
export interface VaultLockChecksProps {
  /**
   * Whether every vault that the app defines must have a lock: one by a construct of this library anywhere in the app, or, for a backup
   * vault, a `lockConfiguration` of its own. A Glacier lock that is being aborted is none.
   *
   * @default true
   */
  readonly requireLock?: boolean;

  /**
   * How long every lock must keep what is in its vault. Whole days, 1 to 36,500.
   *
   * Of a backup vault that is its shortest retention; of a Glacier lock it is proved from its policy: nobody can delete an archive that
   * is younger.
   *
   * @default - any
   */
  readonly minimumRetention?: Duration;

  /**
   * The longest retention that the lock of a backup vault may let jobs ask for. Whole days, 1 to 36,500.
   *
   * @default - any, or none
   */
  readonly maximumRetention?: Duration;

  /**
   * The mode that the lock of a backup vault must have. Glacier locks have none.
   *
   * @default - either
   */
  readonly mode?: RequiredLockMode;
}

/**
 * Judges all vaults and locks of an app, native ones of AWS Backup included, when it is synthesized.
 *
 * What is asked for and not so is an error of `cdk synth` and `cdk deploy`, unless it is acknowledged on the vault or the lock, as a
 * warning would be: `cdk-vault-lock:vaultWithoutLock`, `lockMinimumTooShort`, `lockMaximumTooLong`, `lockModeDiffers`; also where only a
 * deployment knows, or a policy cannot be decided: `lockRetentionUnknown`, `lockModeUnknown`.
 *
 * Besides, it warns about what makes a lock less than it seems: a policy that does not mean what it says, a key that goes with the stack
 * (`lockedVaultKeyDeletable`), an access policy that shuts out deployments (`accessPolicyShutsOutDeployer`), and backup plans whose
 * jobs fail on a lock. A policy that only the deployment can read is told as well (`policyNotJudged`). Each of these warnings can be acknowledged.
 *
 * Aspects of an app do not reach into its `Stage`s: add the checks to each of them. One with vaults or locks and without checks is an
 * error, unless `cdk-vault-lock:stageWithoutChecks` is acknowledged on it. The CDK's command line looks at errors of stacks in a stage
 * when it is asked for them (`cdk synth 'Prod/*'`), when it deploys them, and always if CDK Pipelines deploys the stage.
 *
 * @example
 * declare const app: App;
 * Aspects.of(app).add(new VaultLockChecks({ minimumRetention: Duration.days(365) }));
 */
export class VaultLockChecks implements IAspect {
  private readonly asked: AppRequirements;
  private readonly visited = new WeakMap<IConstruct, Set<CfnResource>>();

  /**
   * @throws if a retention is no whole number of days, out of range or a token, or if the mode is none
   */
  constructor(props: VaultLockChecksProps = {}) {
    const minimumDays = requiredDays('minimumRetention', props.minimumRetention);
    const maximumDays = requiredDays('maximumRetention', props.maximumRetention);
    if (minimumDays !== undefined && maximumDays !== undefined && minimumDays > maximumDays) {
      throw new Error(
        `\`maximumRetention\` must be at least \`minimumRetention\`, ${inDays(minimumDays)}, got: ${inDays(maximumDays)}: no lock could meet both. Raise \`maximumRetention\`.`,
      );
    }
    const { mode } = props;
    if (mode !== undefined && !Object.values(RequiredLockMode).includes(mode)) {
      throw new Error(`\`mode\` must be a RequiredLockMode, got: ${String(mode)}. Use e.g. \`RequiredLockMode.COMPLIANCE\`.`);
    }
    this.asked = { requireLock: props.requireLock ?? true, minimumDays, maximumDays, mode };
  }

  /**
   * Called by the CDK. Judges nothing yet: other aspects may still change the construct.
   */
  public visit(node: IConstruct): void {
    for (const stage of node.node.children.filter(isUnchecked)) {
      node.node.addValidation({ validate: () => unacknowledged(stage, [withoutChecks(stage)]).map((failure) => withWayOut(failure)) });
    }
    if (!CfnResource.isCfnResource(node) || !isJudged(node)) return;
    const stage = Stage.of(node) ?? node.node.root;
    const resources = this.visited.get(stage);
    if (resources) {
      resources.add(node);
      return;
    }
    const first = new Set([node]);
    this.visited.set(stage, first);
    stage.node.addValidation({ validate: () => this.report(first) });
  }

  private report(resources: ReadonlySet<CfnResource>): string[] {
    const [any] = resources;
    const locks = new AppLocks(any!.node.root);
    for (const resource of resources) {
      const { failures, warnings } = judge({
        resource,
        properties: templateEntry(resource).Properties ?? {},
        asked: this.asked,
        locks,
      });
      addWarnings(resource, warnings);
      for (const failure of unacknowledged(resource, failures)) Annotations.of(resource).addError(withWayOut(failure));
    }
    return [];
  }
}

function isUnchecked(child: IConstruct): boolean {
  return (
    Stage.isStage(child) && child.node.findAll().some((construct) => CfnResource.isCfnResource(construct) && escapes(construct, child))
  );
}

/** Whether neither the resource nor anything around it, up to the stage, has the checks. */
function escapes(resource: CfnResource, stage: Stage): boolean {
  const scopes = resource.node.scopes.slice(stage.node.scopes.length - 1);
  return isJudged(resource) && !scopes.some((scope) => Aspects.of(scope).all.some((aspect) => aspect instanceof VaultLockChecks));
}

function withoutChecks(stage: IConstruct): Warning {
  return {
    id: 'stageWithoutChecks',
    message:
      `The stage '${stage.node.path}' has vaults or locks that nobody checks: aspects do not reach into a Stage. Add VaultLockChecks to it as well, ` +
      'with `Aspects.of(stage).add()`.',
  };
}

function withWayOut({ id, message }: Warning): string {
  return `${message} If this one is an exception, say so with \`Annotations.of(construct).acknowledgeWarning('cdk-vault-lock:${id}', '<why>')\`.`;
}

function requiredDays(property: string, duration: Duration | undefined): number | undefined {
  if (duration === undefined) return undefined;
  const days = knownDays(wholeDays(property, duration, RETENTION_DAYS));
  if (days !== undefined) return days;
  throw new Error(`\`${property}\` must be known when the app is synthesized, got a token. Give days, e.g. with \`Duration.days(365)\`.`);
}
