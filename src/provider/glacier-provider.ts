import * as path from 'path';
import type { CfnResource } from 'aws-cdk-lib';
import { Duration, Lazy, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, type IDependable } from 'constructs';
import { anyVaultArn, handlerStatements, networkInterfaceStatement } from './handler-permissions';
import type { GlacierProviderOptions } from './provider-options';

/** Part of every deployed stack's ServiceToken: never to be changed. */
const PROVIDER_ID = 'CdkVaultLockGlacier';

const ASSET_FOLDER = path.join(__dirname, '..', '..', 'assets', 'lambda', 'glacier');

const HANDLER_TIMEOUT = Duration.minutes(5);
const MAX_EVENT_AGE = Duration.minutes(10);

/** A role takes 10,240 characters of inline policies in all; beyond either limit the permission names every vault. */
const MAX_COMPLETABLE_VAULTS = 40;
const MAX_COMPLETABLE_CHARACTERS = 6_000;

/** CloudFormation takes 200 outputs in a template. */
const MAX_OUTPUTS = 200;

/**
 * The Lambda function, its role and its log group that serve all Glacier vaults and locks of one stack.
 *
 * It comes into being with the stack's first `GlacierVault` or `GlacierVaultLock`. Use `GlacierProvider.configure()` before that
 * to put it into a VPC, give it a role, a log group, and so on.
 *
 * The role may never complete a vault lock unless a lock of the stack is at a completing stage, and then only those locks.
 */
export class GlacierProvider extends Construct {
  /**
   * An event may wait for 10 minutes and run for 5: CloudFormation must not give up on a live one.
   *
   * @internal
   */
  public static readonly _SERVICE_TIMEOUT_SECONDS = 900;

  /**
   * Chooses the options of the stack's function.
   *
   * Call it once per stack and before the stack's first `GlacierVault` or `GlacierVaultLock`.
   *
   * @param scope any construct of the stack, or the stack itself
   * @param options what to choose; what is left out keeps its default
   * @throws if the stack already has the function with other options
   */
  public static configure(scope: Construct, options: GlacierProviderOptions): GlacierProvider {
    const existing = GlacierProvider.find(scope);
    if (existing && !sameOptions(existing.options, options)) {
      throw new Error(
        `\`GlacierProvider.configure\` must be called before the first GlacierVault or GlacierVaultLock of stack '${Stack.of(scope).node.path}', ` +
          'and with the same options each time: the function is already there with other options. Move the call up, or drop it.',
      );
    }
    return existing ?? new GlacierProvider(Stack.of(scope), options);
  }

  /** @internal */
  public static _getOrCreate(scope: Construct): GlacierProvider {
    return GlacierProvider.find(scope) ?? new GlacierProvider(Stack.of(scope), {});
  }

  private static find(scope: Construct): GlacierProvider | undefined {
    return Stack.of(scope).node.tryFindChild(PROVIDER_ID) as GlacierProvider | undefined;
  }

  /**
   * The function, e.g. to put an alarm on its errors.
   */
  public readonly handlerFunction: lambda.IFunction;

  /** @internal */
  public readonly _serviceToken: string;

  /**
   * How CloudFormation's events are delivered. Every custom resource has to depend on it, or its first events come without a limit.
   *
   * @internal
   */
  public readonly _delivery: IDependable;

  private readonly options: GlacierProviderOptions;
  private readonly role: iam.IRole;
  private readonly completableVaultArns: string[] = [];
  private completePermission?: iam.Policy;
  private acknowledgementOutputs = 0;

  private constructor(stack: Stack, options: GlacierProviderOptions) {
    super(stack, PROVIDER_ID);
    requireNetworkOptionsWithVpc(options);
    this.options = options;
    this.role = options.role ?? this.createRole();
    const logGroup = options.logGroup ?? this.createLogGroup();
    logGroup.grantWrite(this.role);
    for (const statement of handlerStatements(stack)) {
      this.role.addToPrincipalPolicy(statement);
    }
    if (options.vpc) {
      this.role.addToPrincipalPolicy(networkInterfaceStatement());
    }
    const handler = new lambda.Function(this, 'Handler', {
      description: 'cdk-vault-lock: creates and locks the Glacier vaults of this stack',
      code: lambda.Code.fromAsset(ASSET_FOLDER),
      handler: 'index.handler',
      runtime: lambda.determineLatestNodeRuntime(this),
      timeout: HANDLER_TIMEOUT,
      memorySize: options.memorySize ?? 256,
      reservedConcurrentExecutions: options.reservedConcurrentExecutions,
      role: this.role,
      logGroup,
      environmentEncryption: options.environmentEncryption,
      vpc: options.vpc,
      vpcSubnets: options.vpcSubnets,
      securityGroups: options.securityGroups,
    });
    freezeLogicalId(handler, 'CdkVaultLockGlacierHandler');
    this.handlerFunction = handler;
    this._serviceToken = handler.functionArn;
    this._delivery = this.limitDelivery(handler);
    this.node.addValidation({ validate: () => this.validateOutputs() });
  }

  /**
   * Lets the handler complete the lock of one vault. The lock has to depend on what is returned.
   *
   * @internal
   */
  public _allowCompletionOf(vaultArn: string): IDependable {
    this.completableVaultArns.push(vaultArn);
    this.completePermission ??= this.createCompletePermission();
    return this.completePermission;
  }

  /** @internal */
  public _countAcknowledgementOutput(): void {
    this.acknowledgementOutputs += 1;
  }

  private createRole(): iam.Role {
    const role = new iam.Role(this, 'Role', {
      description: 'cdk-vault-lock: what the function for the Glacier vaults of this stack may do',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    freezeLogicalId(role, 'CdkVaultLockGlacierRole');
    return role;
  }

  private createLogGroup(): logs.LogGroup {
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: logs.RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    freezeLogicalId(logGroup, 'CdkVaultLockGlacierLogs');
    return logGroup;
  }

  /** An event that CloudFormation has given up on must not lock a vault hours later. */
  private limitDelivery(handler: lambda.IFunction): IDependable {
    const delivery = new lambda.EventInvokeConfig(this, 'Delivery', {
      function: handler,
      retryAttempts: 2,
      maxEventAge: MAX_EVENT_AGE,
    });
    freezeLogicalId(delivery, 'CdkVaultLockGlacierDelivery');
    return delivery;
  }

  private createCompletePermission(): iam.Policy {
    // An L2 policy, because that leaves a role alone whose policies are not to be touched.
    const permission = new iam.Policy(this, 'CompletePermission', {
      // Unlike a name made from the logical id, it differs between stacks that share one role.
      policyName: Names.uniqueResourceName(this, { maxLength: 128, separator: '-' }),
      statements: [
        new iam.PolicyStatement({
          actions: ['glacier:CompleteVaultLock'],
          resources: Lazy.list({ produce: () => this.completableResources() }),
        }),
      ],
    });
    this.role.attachInlinePolicy(permission);
    freezeLogicalId(permission, 'CdkVaultLockGlacierCompletePermission');
    return permission;
  }

  private completableResources(): string[] {
    const arns = this.completableVaultArns;
    const fits = arns.length <= MAX_COMPLETABLE_VAULTS && arns.join('').length <= MAX_COMPLETABLE_CHARACTERS;
    return fits ? arns : [anyVaultArn(Stack.of(this))];
  }

  private validateOutputs(): string[] {
    if (this.acknowledgementOutputs <= MAX_OUTPUTS) {
      return [];
    }
    return [
      `A template takes at most ${MAX_OUTPUTS} outputs, but ${this.acknowledgementOutputs} locks of this stack each have one: ` +
        'set `acknowledgementOutput: false` on some GlacierVaultLocks (their acknowledgement is in the log of the function, too) or split the stack.',
    ];
  }
}

function freezeLogicalId(construct: Construct, logicalId: string): void {
  (construct.node.defaultChild as CfnResource).overrideLogicalId(logicalId);
}

function requireNetworkOptionsWithVpc(options: GlacierProviderOptions): void {
  for (const name of ['vpcSubnets', 'securityGroups'] as const) {
    if (options[name] !== undefined && options.vpc === undefined) {
      throw new Error(
        `\`${name}\` needs \`vpc\`: without a VPC the function has no network of its own. Give \`vpc\`, or drop \`${name}\`.`,
      );
    }
  }
}

function sameOptions(a: GlacierProviderOptions, b: GlacierProviderOptions): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)] as (keyof GlacierProviderOptions)[]);
  return [...names].every((name) => sameValue(a[name], b[name]));
}

/** Constructs are the same only if identical; lists and plain structures of them are compared member by member. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isPlain(a) || !isPlain(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => sameValue(a[name], b[name]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype;
}
