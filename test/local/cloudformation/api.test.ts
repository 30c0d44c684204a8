import { Harness, membersOf, textOf, things } from './harness';

const body = JSON.stringify(things({ A: {} }));

describe('words that the CDK CLI compares', () => {
  test('a stack that does not exist is refused in two ways', async () => {
    const harness = new Harness();
    await expect(harness.call('DescribeStacks', { StackName: 'no' })).rejects.toThrow('ValidationError: Stack with id no does not exist');
    await expect(harness.call('DescribeStackEvents', { StackName: 'no' })).rejects.toThrow('ValidationError: Stack [no] does not exist');
  });

  test('the times of events are strictly increasing, also while the clock stands still', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: {}, B: {}, C: {} }));
    const times = membersOf(await harness.call('DescribeStackEvents', { StackName: 'app' }), 'StackEvents').map((event) =>
      Date.parse(textOf(event, 'Timestamp')),
    );
    expect(new Set(times).size).toBe(11);
    expect([...times].sort((a, b) => b - a)).toEqual(times);
  });

  test('events come in pages of 100, newest first, and new ones do not move the pages', async () => {
    const harness = new Harness();
    await harness.deploy(things(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`R${index}`, {}]))));
    const first = await harness.call('DescribeStackEvents', { StackName: 'app' });
    await harness.destroy();
    const id = textOf(first, 'StackId');
    const second = await harness.call('DescribeStackEvents', { StackName: id, NextToken: textOf(first, 'NextToken') });
    const ids = [first, second].flatMap((page) => membersOf(page, 'StackEvents').map((event) => textOf(event, 'EventId')));
    expect(ids).toHaveLength(152);
    expect(new Set(ids).size).toBe(152);
    expect(second).not.toContain('<NextToken>');
  });
});

describe('DescribeStacks while the stack is in progress', () => {
  async function started(): Promise<{ harness: Harness; id: string; open: () => void }> {
    const harness = new Harness();
    let open = (): void => {};
    harness.gates.set('A', new Promise((resolve) => (open = resolve)));
    const id = textOf(await harness.call('CreateStack', { StackName: 'app', TemplateBody: body }), 'StackId');
    return { harness, id, open };
  }

  test('waits for the end when the one who started it asks by ARN', async () => {
    const { harness, id, open } = await started();
    const answer = harness.call('DescribeStacks', { StackName: id });
    open();
    expect(textOf(await answer, 'StackStatus')).toBe('CREATE_COMPLETE');
  });

  test('does not wait when it is asked by name, as scripts do', async () => {
    const { harness, id } = await started();
    const answered: string[] = [];
    const waiting = harness.call('DescribeStacks', { StackName: id }).then(() => answered.push('by ARN'));
    await harness.call('DescribeStacks', { StackName: 'app' }).then(() => answered.push('by name'));
    await waiting;
    expect(answered).toEqual(['by name', 'by ARN']);
  });

  test('but not for ever, and not at all for anybody else', async () => {
    const { harness, id } = await started();
    expect(textOf(await harness.call('DescribeStacks', { StackName: id }), 'StackStatus')).toBe('CREATE_IN_PROGRESS');
    const other = { arn: 'arn:aws:sts::123456789012:assumed-role/handler/function', roleArn: 'arn:aws:iam::123456789012:role/handler' };
    expect(textOf(await harness.call('DescribeStacks', { StackName: id }, other), 'StackStatus')).toBe('CREATE_IN_PROGRESS');
  });

  test('a stack that is being worked on cannot be updated or deleted', async () => {
    const { harness } = await started();
    await expect(harness.call('UpdateStack', { StackName: 'app', TemplateBody: body })).rejects.toThrow(
      'is in CREATE_IN_PROGRESS state and can not be updated.',
    );
    await expect(harness.call('DeleteStack', { StackName: 'app' })).rejects.toThrow('cannot be deleted while in status CREATE_IN_PROGRESS');
  });
});

describe('callers', () => {
  test('a role is asked for its permission on the stack; a user is not', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: {} }));
    const asked: string[] = [];
    harness.world.iam = { authorise: ({ action, resource }) => void asked.push(`${action} ${resource}`) };
    await harness.call('DescribeStacks', { StackName: 'app' });
    await harness.call('DescribeStacks', { StackName: 'app' }, { roleArn: 'arn:aws:iam::123456789012:role/handler' });
    expect(asked).toEqual([`cloudformation:DescribeStacks ${await harness.stackId()}`]);
  });
});

describe('repeated requests', () => {
  test('CreateStack and UpdateStack with the token of the operation they started are not refused', async () => {
    const harness = new Harness();
    const create = { StackName: 'app', TemplateBody: body, ClientRequestToken: 'one' };
    const first = textOf(await harness.call('CreateStack', create), 'StackId');
    expect(textOf(await harness.call('CreateStack', create), 'StackId')).toBe(first);
    await harness.cloudFormation.idle();
    await expect(harness.call('CreateStack', { ...create, ClientRequestToken: 'two' })).rejects.toThrow(
      'AlreadyExistsException: Stack [app] already exists',
    );
    const update = { StackName: 'app', TemplateBody: JSON.stringify(things({ B: {} })), ClientRequestToken: 'three' };
    await harness.call('UpdateStack', update);
    await harness.cloudFormation.idle();
    await harness.call('UpdateStack', update);
  });
});

describe('nested stacks', () => {
  const nested = (url: string, value: string, more: object = {}) => ({
    Resources: {
      Nest: {
        Type: 'AWS::CloudFormation::Stack',
        Properties: { TemplateURL: `https://s3.us-east-1.amazonaws.com${url}`, Parameters: { Value: value } },
      },
      User: { Type: 'Test::Thing', Properties: { Value: { 'Fn::GetAtt': ['Nest', 'Outputs.Arn'] } } },
      ...more,
    },
  });
  const child = (extra: Record<string, Record<string, unknown>> = {}) =>
    JSON.stringify(
      things(
        { Inner: { Properties: { Name: 'inner', Value: { Ref: 'Value' } } }, ...extra },
        { Parameters: { Value: { Type: 'String' } }, Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Inner', 'Arn'] } } } },
      ),
    );
  const bad = { Bad: { Type: 'Test::Thing', DependsOn: 'User', Properties: { Fail: 'create' } } };

  test('are created, updated and deleted with their parent, and give it their outputs', async () => {
    const harness = new Harness();
    harness.templates.set('/one', child({ Old: {} })).set('/two', child());
    expect(await harness.deploy(nested('/one', '1'))).toBe('CREATE_COMPLETE');
    expect(harness.calls.at(-1)!.properties).toEqual({ Value: 'arn:thing:inner' });
    harness.takeCalls();
    expect(await harness.deploy(nested('/two', '2'))).toBe('UPDATE_COMPLETE');
    const [update, removal] = harness.takeCalls();
    expect(update).toBe('update Inner inner');
    expect(removal).toMatch(/^delete Old app-Nest-/);
    expect(await harness.destroy()).toBe('DELETE_COMPLETE');
    expect(harness.takeCalls()).toEqual(['delete User app-User', 'delete Inner inner']);
  });

  test('keep what an update removes until the parent has succeeded, and roll back with it', async () => {
    const harness = new Harness();
    harness.templates.set('/one', child({ Old: {} })).set('/two', child({ New: {} }));
    await harness.deploy(nested('/one', '1'));
    harness.takeCalls();
    expect(await harness.deploy(nested('/two', '2', bad))).toBe('UPDATE_ROLLBACK_COMPLETE');
    const calls = harness.takeCalls().map((call) => call.split(' ').slice(0, 2).join(' '));
    expect(calls).toEqual(['update Inner', 'create New', 'create Bad', 'update Inner', 'delete New']);
    expect(harness.calls).toEqual([]);
  });

  test('that fail fail their parent with the reason', async () => {
    const harness = new Harness();
    harness.templates.set('/one', child({ Broken: { Properties: { Fail: 'create' } } }));
    expect(await harness.deploy(nested('/one', '1'))).toBe('ROLLBACK_COMPLETE');
    expect((await harness.events()).find((event) => event.startsWith('Nest CREATE_FAILED'))).toMatch(
      /Embedded stack arn:aws:cloudformation:.* was not successfully created: The following resource\(s\) failed to create: \[Broken\]/,
    );
  });
});

describe('lists', () => {
  test('of exports and of those who import them', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: {} }, { Outputs: { O: { Value: 'v', Export: { Name: 'shared' } } } }), { name: 'producer' });
    await expect(harness.call('ListImports', { ExportName: 'shared' })).rejects.toThrow("Export 'shared' is not imported by any stack.");
    await harness.deploy(things({ B: { Properties: { Value: { 'Fn::ImportValue': 'shared' } } } }), { name: 'consumer' });
    expect(await harness.call('ListImports', { ExportName: 'shared' })).toContain('<Imports><member>consumer</member></Imports>');
    expect(textOf(await harness.call('ListExports'), 'Name')).toBe('shared');
  });

  test('of stacks and their resources', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: {} }));
    await harness.destroy();
    await harness.deploy(things({ A: {} }));
    const statuses = membersOf(await harness.call('ListStacks'), 'StackSummaries').map((stack) => textOf(stack, 'StackStatus'));
    expect(statuses).toEqual(['CREATE_COMPLETE', 'DELETE_COMPLETE']);
    expect(textOf(await harness.call('DescribeStackResources', { StackName: 'app', LogicalResourceId: 'A' }), 'PhysicalResourceId')).toBe(
      'app-A',
    );
  });
});
