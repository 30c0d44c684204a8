import * as path from 'path';
import type { CfnResource } from 'aws-cdk-lib';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, type IDependable } from 'constructs';
import { networkInterfaceStatement } from './function-permissions';
import type { ProviderOptions } from './provider-options';
import { sameOptions } from './same-options';

const ASSETS = path.join(__dirname, '..', '..', 'assets', 'lambda');

const HANDLER_TIMEOUT = Duration.minutes(5);
const MAX_EVENT_AGE = Duration.minutes(10);

/** CloudFormation takes 200 outputs in a template. */
const MAX_OUTPUTS = 200;

/** What differs between the functions of the library. */
export interface HandlerFamily {
  /** Part of every deployed stack's ServiceToken: never to be changed. */
  readonly id: string;
  /** Its folder under assets/lambda. */
  readonly asset: string;
  readonly description: string;
  readonly roleDescription: string;
  /** How messages call the provider's class, the constructs that it serves, and the locks among them. */
  readonly names: { readonly provider: string; readonly served: string; readonly lock: string };
  /** What the handler may always do. */
  statements(stack: Stack): iam.PolicyStatement[];
}

/**
 * A Lambda function, its role and its log group: one of each family in a stack.
 *
 * @internal
 */
export abstract class StackProvider extends Construct {
  /**
   * An event may wait for 10 minutes and run for 5: CloudFormation must not give up on a live one.
   *
   * @internal
   */
  public static readonly _SERVICE_TIMEOUT_SECONDS = 900;

  /** @internal */
  protected static _find(scope: Construct, { id }: HandlerFamily): StackProvider | undefined {
    return Stack.of(scope).node.tryFindChild(id) as StackProvider | undefined;
  }

  /**
   * @throws if the stack already has the function with other options
   * @internal
   */
  protected static _findConfigured(scope: Construct, family: HandlerFamily, options: ProviderOptions): StackProvider | undefined {
    const existing = StackProvider._find(scope, family);
    if (existing && !sameOptions(existing._options, options)) {
      throw new Error(
        `\`${family.names.provider}.configure\` must be called before the first ${family.names.served} of stack '${Stack.of(scope).node.path}', ` +
          'and with the same options each time: the function is already there with other options. Move the call up, or drop it.',
      );
    }
    return existing;
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

  /** @internal */
  protected readonly _role: iam.IRole;

  private readonly _options: ProviderOptions;
  private acknowledgementOutputs = 0;

  constructor(
    stack: Stack,
    private readonly family: HandlerFamily,
    options: ProviderOptions,
  ) {
    super(stack, family.id);
    requireNetworkOptionsWithVpc(options);
    this._options = options;
    this._role = options.role ?? this.createRole();
    const logGroup = options.logGroup ?? this.createLogGroup();
    logGroup.grantWrite(this._role);
    for (const statement of family.statements(stack)) {
      this._role.addToPrincipalPolicy(statement);
    }
    if (options.vpc) {
      this._role.addToPrincipalPolicy(networkInterfaceStatement());
    }
    const handler = this.createFunction(logGroup);
    this.handlerFunction = handler;
    this._serviceToken = handler.functionArn;
    this._delivery = this.limitDelivery(handler);
    this.node.addValidation({ validate: () => this.validateOutputs() });
  }

  /** @internal */
  public _countAcknowledgementOutput(): void {
    this.acknowledgementOutputs += 1;
  }

  /**
   * A policy of its own, for what not every stack needs. What needs it has to depend on it.
   *
   * @param policyName unlike a name made from the logical id, it must differ between stacks that share one role
   * @internal
   */
  protected _addPermission(scope: Construct, id: string, policyName: string, statements: iam.PolicyStatement[]): iam.Policy {
    // An L2 policy, because that leaves a role alone whose policies are not to be touched.
    const permission = new iam.Policy(scope, id, { policyName, statements });
    this._role.attachInlinePolicy(permission);
    return permission;
  }

  /** @internal */
  protected _freezeLogicalId(construct: Construct, suffix: string): void {
    (construct.node.defaultChild as CfnResource).overrideLogicalId(`${this.family.id}${suffix}`);
  }

  private createRole(): iam.Role {
    const role = new iam.Role(this, 'Role', {
      description: this.family.roleDescription,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    this._freezeLogicalId(role, 'Role');
    return role;
  }

  private createLogGroup(): logs.LogGroup {
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: logs.RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this._freezeLogicalId(logGroup, 'Logs');
    return logGroup;
  }

  private createFunction(logGroup: logs.ILogGroup): lambda.Function {
    const options = this._options;
    const handler = new lambda.Function(this, 'Handler', {
      description: this.family.description,
      code: lambda.Code.fromAsset(path.join(ASSETS, this.family.asset)),
      handler: 'index.handler',
      runtime: lambda.determineLatestNodeRuntime(this),
      timeout: HANDLER_TIMEOUT,
      memorySize: options.memorySize ?? 256,
      reservedConcurrentExecutions: options.reservedConcurrentExecutions,
      role: this._role,
      logGroup,
      environmentEncryption: options.environmentEncryption,
      vpc: options.vpc,
      vpcSubnets: options.vpcSubnets,
      securityGroups: options.securityGroups,
    });
    this._freezeLogicalId(handler, 'Handler');
    return handler;
  }

  /** An event that CloudFormation has given up on must not lock a vault hours later. */
  private limitDelivery(handler: lambda.IFunction): IDependable {
    const delivery = new lambda.EventInvokeConfig(this, 'Delivery', {
      function: handler,
      retryAttempts: 2,
      maxEventAge: MAX_EVENT_AGE,
    });
    this._freezeLogicalId(delivery, 'Delivery');
    return delivery;
  }

  private validateOutputs(): string[] {
    if (this.acknowledgementOutputs <= MAX_OUTPUTS) {
      return [];
    }
    return [
      `A template takes at most ${MAX_OUTPUTS} outputs, but ${this.acknowledgementOutputs} locks of this stack each have one: ` +
        `set \`acknowledgementOutput: false\` on some ${this.family.names.lock}s (their acknowledgement is in the log of the function, too) or split the stack.`,
    ];
  }
}

function requireNetworkOptionsWithVpc(options: ProviderOptions): void {
  for (const name of ['vpcSubnets', 'securityGroups'] as const) {
    if (options[name] !== undefined && options.vpc === undefined) {
      throw new Error(
        `\`${name}\` needs \`vpc\`: without a VPC the function has no network of its own. Give \`vpc\`, or drop \`${name}\`.`,
      );
    }
  }
}
