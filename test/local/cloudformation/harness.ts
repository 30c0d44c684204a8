import * as crypto from 'node:crypto';
import { createCloudFormation } from '../../../local/cloudformation';
import type { CloudFormation } from '../../../local/cloudformation';
import type { CustomResourceEvent } from '../../../local/cloudformation/custom-resource/event';
import type { InvocationResult, Json, Properties, ResourceScope, ResourceType } from '../../../local/cloudformation/resource-type';
import type { AwsRequest } from '../../../local/server/service';
import { testWorld } from '../test-world';
import type { TestWorld } from '../test-world';

export const REGION = 'us-east-1';
export const TOKEN = 'arn:aws:lambda:us-east-1:123456789012:function:Handler';

/** One call of the fake resource type, as tests like to compare it. */
export interface Call {
  readonly verb: 'create' | 'update' | 'delete';
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly properties: Properties;
  readonly previous?: Properties;
}

export type Handler = (event: CustomResourceEvent) => Promise<Partial<Answer> | undefined | void> | Partial<Answer> | undefined | void;

export interface Answer {
  readonly Status: string;
  readonly PhysicalResourceId: string;
  readonly Reason: string;
  readonly Data: Json;
  readonly NoEcho: boolean;
  readonly StackId: string;
}

/**
 * CloudFormation with a fake type `Test::Thing` and a fake function. A thing fails when its property `Fail` is `create`, `update`,
 * `delete` or `rollback`; its property `Name` is its physical id, so that another name replaces it.
 */
export class Harness {
  readonly world: TestWorld;
  readonly cloudFormation: CloudFormation;
  readonly calls: Call[] = [];
  readonly received: CustomResourceEvent[] = [];
  readonly templates = new Map<string, string>();
  readonly parameters = new Map<string, string>();
  functionError?: string;
  /** Logical id -> things that wait before they are created. */
  readonly gates = new Map<string, Promise<void>>();

  constructor(options: { switches?: Record<string, string>; world?: TestWorld } = {}) {
    this.world = options.world ?? testWorld({ switches: options.switches });
    this.cloudFormation = createCloudFormation({
      world: this.world,
      types: () => new Map([['Test::Thing', this.thing()]]),
      invoker: { invoke: (_name, event) => this.invoke(event as unknown as CustomResourceEvent) },
      readTemplate: (url) => {
        const body = this.templates.get(new URL(url).pathname);
        if (body === undefined) throw new Error('The specified key does not exist.');
        return body;
      },
      ssmValue: (name) => this.parameters.get(name),
      holdMs: 20,
      graceMs: 20,
    });
  }

  /** What the function answers; SUCCESS with a deterministic id by default. Undefined: it ends without an answer. */
  handler: Handler = (event) => ({ PhysicalResourceId: event.PhysicalResourceId ?? `id-of-${event.LogicalResourceId}` });

  /** Calls the API as the CLI does and gives the XML; @throws Error `Code: Message`. */
  async call(action: string, parameters: Record<string, string> = {}, caller: Partial<AwsRequest['caller']> = {}): Promise<string> {
    const body = new URLSearchParams({ Action: action, Version: '2010-05-15', ...parameters }).toString();
    const response = await this.cloudFormation.service.handle({
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.from(body),
      service: 'cloudformation',
      region: REGION,
      caller: { accountId: '123456789012', arn: 'arn:aws:iam::123456789012:user/tester', ...caller },
      requestId: crypto.randomUUID(),
    });
    const xml = String(response.body);
    if (response.status !== 200) throw new Error(`${textOf(xml, 'Code')}: ${textOf(xml, 'Message')}`);
    return xml;
  }

  /** Creates or updates a stack and waits for the end; @returns its status. */
  async deploy(
    template: unknown,
    options: { name?: string; parameters?: Record<string, string>; settings?: Record<string, string> } = {},
  ): Promise<string> {
    const { name = 'app' } = options;
    const exists = await this.status(name).then(
      () => true,
      () => false,
    );
    const given = Object.entries(options.parameters ?? {}).flatMap(([key, value], index) => [
      [`Parameters.member.${index + 1}.ParameterKey`, key],
      [`Parameters.member.${index + 1}.ParameterValue`, value],
    ]);
    const body = typeof template === 'string' ? template : JSON.stringify(template);
    await this.call(exists ? 'UpdateStack' : 'CreateStack', {
      StackName: name,
      TemplateBody: body,
      ...Object.fromEntries(given),
      ...options.settings,
    });
    await this.cloudFormation.idle();
    return this.status(name);
  }

  async destroy(name = 'app', settings: Record<string, string> = {}): Promise<string> {
    const id = await this.stackId(name);
    await this.call('DeleteStack', { StackName: name, ...settings });
    await this.cloudFormation.idle();
    return this.status(id);
  }

  async status(name = 'app'): Promise<string> {
    return textOf(await this.call('DescribeStacks', { StackName: name }), 'StackStatus');
  }

  async stackId(name = 'app'): Promise<string> {
    return textOf(await this.call('DescribeStacks', { StackName: name }), 'StackId');
  }

  /** `LogicalId STATUS reason`, oldest first. */
  async events(name = 'app'): Promise<string[]> {
    const xml = await this.call('DescribeStackEvents', { StackName: name });
    return membersOf(xml, 'StackEvents')
      .map((event) =>
        [textOf(event, 'LogicalResourceId'), textOf(event, 'ResourceStatus'), textOf(event, 'ResourceStatusReason')].join(' ').trim(),
      )
      .reverse();
  }

  async outputs(name = 'app'): Promise<Record<string, string>> {
    const xml = await this.call('DescribeStacks', { StackName: name });
    return Object.fromEntries(membersOf(xml, 'Outputs').map((output) => [textOf(output, 'OutputKey'), textOf(output, 'OutputValue')]));
  }

  /** The calls since the last time this was asked. */
  takeCalls(): string[] {
    return this.calls.splice(0).map(({ verb, logicalId, physicalId }) => [verb, logicalId, physicalId].filter(Boolean).join(' '));
  }

  takeReceived(): CustomResourceEvent[] {
    return this.received.splice(0);
  }

  answer(event: CustomResourceEvent, answer: Partial<Answer>): void {
    const key = new URL(event.ResponseURL).pathname.slice(1);
    const { StackId, RequestId, LogicalResourceId } = event;
    const body = JSON.stringify({ Status: 'SUCCESS', StackId, RequestId, LogicalResourceId, ...answer });
    this.cloudFormation.responses.receive(key, Buffer.from(body));
  }

  private async invoke(event: CustomResourceEvent): Promise<InvocationResult> {
    this.received.push(event);
    const answer = await this.handler(event);
    if (answer) this.answer(event, answer);
    return { payload: 'null', logTail: '', ...(this.functionError === undefined ? {} : { functionError: this.functionError }) };
  }

  private thing(): ResourceType {
    const idOf = (properties: Properties, scope: ResourceScope) => String(properties.Name ?? `${scope.stackName}-${scope.logicalId}`);
    const result = (properties: Properties, scope: ResourceScope) => ({
      physicalId: idOf(properties, scope),
      attributes: { Arn: `arn:thing:${idOf(properties, scope)}`, Value: properties.Value ?? '', List: ['a', 'b'] },
    });
    const note = (call: Call) => void this.calls.push(call);
    return {
      create: async (properties, scope) => {
        note({ verb: 'create', logicalId: scope.logicalId, properties });
        await this.gates.get(scope.logicalId);
        if (properties.Fail === 'create') throw new Error(`${scope.logicalId} cannot be made`);
        return result(properties, scope);
      },
      update: async (physicalId, properties, previous, scope) => {
        note({ verb: 'update', logicalId: scope.logicalId, physicalId, properties, previous });
        await this.gates.get(scope.logicalId);
        if (properties.Fail === 'update' || previous.Fail === 'rollback') throw new Error(`${scope.logicalId} cannot be changed`);
        return properties.Name === undefined ? { ...result(properties, scope), physicalId } : result(properties, scope);
      },
      delete: async (physicalId, properties, scope) => {
        note({ verb: 'delete', logicalId: scope.logicalId, physicalId, properties });
        if (properties.Fail === 'delete') throw new Error(`${scope.logicalId} cannot be deleted`);
      },
    };
  }
}

export function textOf(xml: string, element: string): string {
  const match = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml);
  return (match?.[1] ?? '')
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

/** The members of the list `name`, each as XML; lists inside members are left in them. */
export function membersOf(xml: string, name: string): string[] {
  const start = xml.indexOf(`<${name}>`);
  if (start < 0) return [];
  const inside = xml.slice(start + name.length + 2, xml.indexOf(`</${name}>`, start));
  const members: string[] = [];
  let depth = 0;
  let from = 0;
  for (const tag of inside.matchAll(/<(\/?)member>/g)) {
    if (tag[1] === '') {
      if (depth === 0) from = tag.index;
      depth += 1;
    } else {
      depth -= 1;
      if (depth === 0) members.push(inside.slice(from, tag.index));
    }
  }
  return members;
}

/** A template of things: name -> properties, or with DependsOn and the like beside them. */
export function things(resources: Record<string, Record<string, unknown>>, more: Record<string, unknown> = {}): Record<string, unknown> {
  const resource = ([logicalId, { Properties, ...members }]: [string, Record<string, unknown>]) => [
    logicalId,
    { Type: 'Test::Thing', ...members, Properties: Properties ?? {} },
  ];
  return { Resources: Object.fromEntries(Object.entries(resources).map((entry) => resource(entry))), ...more };
}

/** A custom resource's declaration. */
export function custom(properties: Record<string, unknown> = {}, members: Record<string, unknown> = {}): Record<string, unknown> {
  return { Type: 'Custom::Thing', ...members, Properties: { ServiceToken: TOKEN, ...properties } };
}
