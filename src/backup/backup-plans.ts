import {
  CfnResource,
  DefaultTokenResolver,
  Reference,
  Stack,
  StringConcat,
  Tokenization,
  type IResolvable,
  type IResolveContext,
  type IPostProcessor,
} from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import type { IConstruct } from 'constructs';
import type { VaultInPlace } from './vault-in-place';
import { identityOf } from '../synthesis/once-per-app';

/** A rule of a backup plan of the app; what is known at deployment only is `undefined`. */
export interface PlanRule {
  /** How messages call it. */
  readonly name: string;
  readonly continuous: boolean;
  /** Whether its recovery points move to cold storage. */
  readonly cold: boolean;
  /** `never`: they do not expire. */
  readonly deleteAfterDays?: number | 'never';
}

/** The rules of all backup plans of the app that make recovery points in the vault. To be called when the tree is complete. */
export function rulesFor({ definition, identity }: VaultInPlace, scope: IConstruct): PlanRule[] {
  const plans = scope.node.root.node.findAll().filter(isPlan);
  return plans.flatMap((plan) => {
    const meansVault = (target: unknown) =>
      typeof target === 'string' &&
      (target === markOf(definition) || (isLiteral(target) && identityOf(plan, Stack.of(plan), target) === identity));
    return rulesOf(plan)
      .filter(({ targetBackupVault }) => meansVault(targetBackupVault))
      .map((rule) => readRule(plan, rule));
  });
}

/** As it stands in the resource, with any of its parts a value or what CloudFormation makes one from. */
interface RuleShape {
  readonly ruleName?: unknown;
  readonly targetBackupVault?: unknown;
  readonly enableContinuousBackup?: unknown;
  readonly lifecycle?: { readonly deleteAfterDays?: unknown; readonly moveToColdStorageAfterDays?: unknown };
}

function readRule(plan: backup.CfnBackupPlan, { ruleName, enableContinuousBackup, lifecycle }: RuleShape): PlanRule {
  const { deleteAfterDays = 'never', moveToColdStorageAfterDays } = lifecycle ?? {};
  const name = typeof ruleName === 'string' && isLiteral(ruleName) ? `rule '${ruleName}'` : 'a rule';
  return {
    name: `${name} of '${plan.node.path}'`,
    continuous: enableContinuousBackup === true,
    cold: moveToColdStorageAfterDays !== undefined,
    deleteAfterDays: typeof deleteAfterDays === 'number' || deleteAfterDays === 'never' ? deleteAfterDays : undefined,
  };
}

function rulesOf(plan: backup.CfnBackupPlan): RuleShape[] {
  const resolved = Tokenization.resolve(plan.backupPlan, { scope: plan, resolver: new ReferencesAsMarks(), preparing: false }) as
    { readonly backupPlanRule?: unknown } | undefined;
  return Array.isArray(resolved?.backupPlanRule) ? (resolved.backupPlanRule as RuleShape[]) : [];
}

function isPlan(construct: IConstruct): construct is backup.CfnBackupPlan {
  return CfnResource.isCfnResource(construct) && construct.cfnResourceType === backup.CfnBackupPlan.CFN_RESOURCE_TYPE_NAME;
}

/** Resolved the usual way, a reference no longer tells two resources with the same logical id apart. */
class ReferencesAsMarks extends DefaultTokenResolver {
  constructor() {
    super(new StringConcat());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    return Reference.isReference(token) ? markOf(token.target) : (super.resolveToken(token, context, postProcessor) as unknown);
  }
}

/** Of no name that can be given, and no path. */
const MARK = '\uE000';

function markOf(construct: IConstruct | undefined): string | undefined {
  return construct && `${MARK}${construct.node.path}`;
}

function isLiteral(text: string): boolean {
  return !text.includes(MARK);
}
