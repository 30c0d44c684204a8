import type { SsmValue } from './forward';
import type { Deployment, StackRecord } from './records';
import type { StackStore } from './stack-store';
import type { World } from '../../server/world';
import { parameterValues } from '../template/parameters';
import type { GivenParameter } from '../template/parameters';
import { parseTemplate } from '../template/parse';
import { prepare } from '../template/prepare';
import type { PreparedTemplate } from '../template/prepare';

/** What a request wants deployed. */
export interface Wanted {
  readonly body: string;
  readonly parameters: readonly GivenParameter[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Makes deployments from requests, and prepares them for the engine. */
export class Deployments {
  constructor(
    private readonly world: World,
    private readonly store: StackStore,
    private readonly ssm: SsmValue,
  ) {}

  /** @throws AwsError `ValidationError` for anything that is wrong with template or parameters. */
  make(stack: Pick<StackRecord, 'region' | 'deployed'>, wanted: Wanted): Deployment {
    const template = parseTemplate(wanted.body);
    const parameters = parameterValues(template, wanted.parameters, stack.deployed?.parameters ?? [], (name) =>
      this.ssm(name, stack.region),
    );
    return { template: this.store.keepTemplate(wanted.body), parameters, tags: wanted.tags };
  }

  prepare(stack: Pick<StackRecord, 'region' | 'stackId' | 'stackName' | 'notificationArns'>, deployment: Deployment): PreparedTemplate {
    const { partition } = this.store.environmentOf(stack.region);
    return prepare(this.store.template(deployment.template), deployment.parameters, {
      accountId: this.world.accountId,
      partition,
      region: stack.region,
      stackId: stack.stackId,
      stackName: stack.stackName,
      notificationArns: stack.notificationArns,
    });
  }
}
