import { custom, Harness, membersOf, textOf, things } from './harness';

const STACK = { StackName: 'app', ChangeSetName: 'cdk-deploy-change-set' };

async function changeSet(
  harness: Harness,
  template: object,
  type: 'CREATE' | 'UPDATE',
  more: Record<string, string> = {},
): Promise<string> {
  const xml = await harness.call('CreateChangeSet', { ...STACK, ChangeSetType: type, TemplateBody: JSON.stringify(template), ...more });
  return textOf(xml, 'Id');
}

const described = (harness: Harness, id: string) => harness.call('DescribeChangeSet', { ChangeSetName: id, IncludePropertyValues: 'true' });

describe('a change set for a new stack', () => {
  test('makes a stack in REVIEW_IN_PROGRESS with an empty template; executing it creates the resources', async () => {
    const harness = new Harness();
    const id = await changeSet(harness, things({ A: { Properties: { Value: '1' } } }), 'CREATE');
    expect(await harness.status()).toBe('REVIEW_IN_PROGRESS');
    expect(textOf(await harness.call('GetTemplate', { StackName: 'app' }), 'TemplateBody')).toBe('{}');
    const xml = await described(harness, id);
    expect(textOf(xml, 'Status')).toBe('CREATE_COMPLETE');
    expect(membersOf(xml, 'Changes').map((change) => textOf(change, 'Action') + textOf(change, 'LogicalResourceId'))).toEqual(['AddA']);
    await harness.call('ExecuteChangeSet', { ChangeSetName: id, ClientRequestToken: 't' });
    await harness.cloudFormation.idle();
    expect(await harness.status()).toBe('CREATE_COMPLETE');
    // A repeated request, after a lost answer, is not a second execution.
    await harness.call('ExecuteChangeSet', { ChangeSetName: id, ClientRequestToken: 't' });
    await expect(harness.call('ExecuteChangeSet', { ChangeSetName: id, ClientRequestToken: 'u' })).rejects.toThrow(
      'InvalidChangeSetStatus',
    );
    expect(harness.takeCalls()).toEqual(['create A']);
  });

  test('leaves no stack behind when its template is bad', async () => {
    const harness = new Harness();
    await expect(changeSet(harness, things({ A: { DependsOn: 'Nobody' } }), 'CREATE')).rejects.toThrow(
      'Unresolved resource dependencies [Nobody]',
    );
    await expect(harness.status()).rejects.toThrow('Stack with id app does not exist');
  });

  test('asks for the capabilities that the template needs', async () => {
    const harness = new Harness();
    const role = { Resources: { R: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'named' } } } };
    await expect(changeSet(harness, role, 'CREATE')).rejects.toThrow(
      'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]',
    );
    await expect(changeSet(harness, role, 'CREATE', { 'Capabilities.member.1': 'CAPABILITY_NAMED_IAM' })).resolves.toContain(
      ':changeSet/cdk-deploy-change-set/',
    );
  });
});

describe('a change set for an existing stack', () => {
  test('that changes nothing has failed, with the words that the CLI looks for', async () => {
    const harness = new Harness();
    const template = { Resources: { Lock: custom({ Days: 1 }) }, Outputs: { Id: { Value: { Ref: 'Lock' } } } };
    await harness.deploy(template);
    const xml = await described(harness, await changeSet(harness, template, 'UPDATE'));
    expect(textOf(xml, 'Status')).toBe('FAILED');
    expect(textOf(xml, 'StatusReason')).toMatch(/^The submitted information didn't contain changes\./);
    expect(textOf(xml, 'ExecutionStatus')).toBe('UNAVAILABLE');
  });

  test.each([
    ['an output', things({ A: {} }, { Outputs: { O: { Value: '1' } } })],
    ['the metadata of a resource', things({ A: { Metadata: { a: 1 } } })],
    ['a deletion policy', things({ A: { DeletionPolicy: 'Retain' } })],
  ])('that changes only %s can be executed', async (_what, template) => {
    const harness = new Harness();
    await harness.deploy(things({ A: {} }));
    const id = await changeSet(harness, template, 'UPDATE');
    await harness.call('ExecuteChangeSet', { ChangeSetName: id });
    await harness.cloudFormation.idle();
    expect(await harness.status()).toBe('UPDATE_COMPLETE');
    expect(harness.takeCalls()).toEqual(['create A']);
  });

  test('shows what is added, modified and removed, with old and new values, and what only the deployment will tell', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: { Properties: { Value: '1' } }, Gone: {} }));
    const next = things({ A: { Properties: { Value: { 'Fn::Sub': '${New.Arn}' } } }, New: {} });
    const changes = membersOf(await described(harness, await changeSet(harness, next, 'UPDATE')), 'Changes');
    const shown = changes.map((change) =>
      ['Action', 'LogicalResourceId', 'Replacement', 'BeforeValue', 'AfterValue', 'Evaluation'].map((name) => textOf(change, name)),
    );
    expect(shown).toEqual([
      ['Add', 'New', '', '', '', ''],
      ['Modify', 'A', 'False', '1', '{{changeSet:KNOWN_AFTER_APPLY}}', 'Dynamic'],
      ['Remove', 'Gone', '', '', '', ''],
    ]);
  });

  test('is found by its name until it is deleted or executed, then ChangeSetNotFound', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: {} }));
    await changeSet(harness, things({ A: {}, B: {} }), 'UPDATE');
    await expect(changeSet(harness, things({ A: {}, B: {} }), 'UPDATE')).rejects.toThrow('AlreadyExistsException');
    await harness.call('DeleteChangeSet', STACK);
    await harness.call('DeleteChangeSet', STACK);
    await expect(harness.call('DescribeChangeSet', STACK)).rejects.toThrow(
      'ChangeSetNotFound: ChangeSet [cdk-deploy-change-set] does not exist',
    );
  });

  test('keeps parameters that are not given anew, and resolves SSM parameters again', async () => {
    const harness = new Harness();
    harness.parameters.set('/v', '1');
    const template = things(
      { A: { Properties: { Value: { Ref: 'P' }, Other: { Ref: 'Q' } } } },
      { Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/v' }, Q: { Type: 'String', NoEcho: true } } },
    );
    await harness.deploy(template, { parameters: { Q: 'secret-q' } });
    harness.parameters.set('/v', '2');
    const previous = { 'Parameters.member.1.ParameterKey': 'Q', 'Parameters.member.1.UsePreviousValue': 'true' };
    const xml = await described(harness, await changeSet(harness, template, 'UPDATE', previous));
    const parameters = membersOf(xml, 'Parameters').map((one) =>
      ['ParameterKey', 'ParameterValue', 'ResolvedValue'].map((name) => textOf(one, name)),
    );
    expect(parameters).toEqual([
      ['P', '/v', '2'],
      ['Q', '****', ''],
    ]);
    await harness.call('ExecuteChangeSet', STACK);
    await harness.cloudFormation.idle();
    expect(harness.calls.at(-1)).toMatchObject({ verb: 'update', properties: { Value: '2', Other: 'secret-q' } });
  });

  test('cannot be made for a stack that has been rolled back from its creation', async () => {
    const harness = new Harness();
    await harness.deploy(things({ Bad: { Properties: { Fail: 'create' } } }));
    await expect(changeSet(harness, things({ A: {} }), 'UPDATE')).rejects.toThrow('is in ROLLBACK_COMPLETE state and can not be updated.');
  });
});
