import { Harness, things } from './harness';

describe('creating a stack', () => {
  test('resources are created after what they refer to, with its values, and outputs are published', async () => {
    const harness = new Harness();
    const status = await harness.deploy(
      things(
        {
          Second: { Properties: { Value: { 'Fn::GetAtt': ['First', 'Arn'] } } },
          First: { Properties: { Name: 'one' } },
          Third: { DependsOn: ['Second'] },
        },
        { Outputs: { Arn: { Value: { 'Fn::Sub': '${First.Arn}/${Third}' } } } },
      ),
    );
    expect(status).toBe('CREATE_COMPLETE');
    expect(harness.calls.map(({ logicalId }) => logicalId)).toEqual(['First', 'Second', 'Third']);
    expect(harness.calls[1]!.properties).toEqual({ Value: 'arn:thing:one' });
    expect(await harness.outputs()).toEqual({ Arn: 'arn:thing:one/app-Third' });
    expect(await harness.events()).toEqual([
      'app CREATE_IN_PROGRESS User Initiated',
      'First CREATE_IN_PROGRESS',
      'First CREATE_IN_PROGRESS Resource creation Initiated',
      'First CREATE_COMPLETE',
      'Second CREATE_IN_PROGRESS',
      'Second CREATE_IN_PROGRESS Resource creation Initiated',
      'Second CREATE_COMPLETE',
      'Third CREATE_IN_PROGRESS',
      'Third CREATE_IN_PROGRESS Resource creation Initiated',
      'Third CREATE_COMPLETE',
      'app CREATE_COMPLETE',
    ]);
  });

  test('resources that do not depend on each other are worked on at the same time', async () => {
    const harness = new Harness();
    let open = (): void => {};
    harness.gates.set('Slow', new Promise((resolve) => (open = resolve)));
    await harness.call('CreateStack', { StackName: 'app', TemplateBody: JSON.stringify(things({ Slow: {}, Quick: {} })) });
    await new Promise(setImmediate);
    expect(harness.takeCalls()).toEqual(['create Slow', 'create Quick']);
    open();
    await harness.cloudFormation.idle();
    expect(await harness.status()).toBe('CREATE_COMPLETE');
  });

  test('a failure deletes what was created, dependants first, and cancels what still runs', async () => {
    const harness = new Harness();
    let open = (): void => {};
    harness.gates.set('Slow', new Promise((resolve) => (open = resolve)));
    const template = things({ Base: {}, Slow: {}, Top: { DependsOn: 'Base' }, Bad: { DependsOn: 'Top', Properties: { Fail: 'create' } } });
    await harness.call('CreateStack', { StackName: 'app', TemplateBody: JSON.stringify(template) });
    await new Promise(setImmediate);
    open();
    await harness.cloudFormation.idle();
    expect(await harness.status()).toBe('ROLLBACK_COMPLETE');
    const events = await harness.events();
    expect(events).toContain('Bad CREATE_FAILED Bad cannot be made');
    expect(events).toContain('Slow CREATE_FAILED Resource creation cancelled');
    expect(events).not.toContain('Slow CREATE_COMPLETE');
    expect(events).toContain(
      'app ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad, Slow]. Rollback requested by user.',
    );
    // The slow one came into being after it had been given up, and goes away like the others; the bad one never existed.
    const deleted = harness.calls.filter(({ verb }) => verb === 'delete').map(({ logicalId }) => logicalId);
    expect(deleted.sort()).toEqual(['Base', 'Slow', 'Top']);
    expect(events.indexOf('Top DELETE_COMPLETE')).toBeLessThan(events.indexOf('Base DELETE_IN_PROGRESS'));
  });

  test('Retain outlives a failed creation, RetainExceptOnCreate does not', async () => {
    const harness = new Harness();
    await harness.deploy(
      things({
        Kept: { DeletionPolicy: 'Retain' },
        Cleaned: { DeletionPolicy: 'RetainExceptOnCreate' },
        Bad: { DependsOn: ['Kept', 'Cleaned'], Properties: { Fail: 'create' } },
      }),
    );
    expect(await harness.status()).toBe('ROLLBACK_COMPLETE');
    expect(harness.takeCalls().filter((call) => call.startsWith('delete'))).toEqual(['delete Cleaned app-Cleaned']);
    expect(await harness.events()).toContain('Kept DELETE_SKIPPED');
  });

  test('without rollback everything that does not depend on the failed resource is still made, and RollbackStack deletes it', async () => {
    const harness = new Harness();
    const template = things({ Bad: { Properties: { Fail: 'create' } }, Dependant: { DependsOn: 'Bad' }, A: {}, B: { DependsOn: 'A' } });
    expect(await harness.deploy(template, { settings: { DisableRollback: 'true' } })).toBe('CREATE_FAILED');
    expect(harness.takeCalls()).toEqual(['create Bad', 'create A', 'create B']);
    await harness.call('RollbackStack', { StackName: 'app' });
    await harness.cloudFormation.idle();
    expect(await harness.status()).toBe('ROLLBACK_COMPLETE');
    expect(harness.takeCalls()).toEqual(['delete B app-B', 'delete A app-A']);
  });

  test('a stack that failed without rollback can be deployed again, which makes only what is missing', async () => {
    const harness = new Harness();
    const settings = { DisableRollback: 'true' };
    await harness.deploy(things({ A: {}, Bad: { Properties: { Fail: 'create' } } }), { settings });
    harness.takeCalls();
    await expect(harness.deploy(things({ A: {}, Bad: {} }))).rejects.toThrow('non-terminal [CREATE_FAILED] state');
    expect(await harness.deploy(things({ A: {}, Bad: {} }), { settings })).toBe('UPDATE_COMPLETE');
    expect(harness.takeCalls()).toEqual(['create Bad']);
  });

  test('OnFailure=DELETE leaves no stack', async () => {
    const harness = new Harness();
    const body = JSON.stringify(things({ Bad: { Properties: { Fail: 'create' } } }));
    await harness.call('CreateStack', { StackName: 'app', TemplateBody: body, OnFailure: 'DELETE' });
    const id = await harness.stackId();
    await harness.cloudFormation.idle();
    expect(await harness.status(id)).toBe('DELETE_COMPLETE');
    await expect(harness.status('app')).rejects.toThrow('ValidationError: Stack with id app does not exist');
  });

  test('an unknown resource type fails the stack and says so', async () => {
    const harness = new Harness();
    expect(await harness.deploy({ Resources: { Db: { Type: 'AWS::RDS::DBInstance' } } })).toBe('ROLLBACK_COMPLETE');
    expect((await harness.events()).find((event) => event.startsWith('Db CREATE_FAILED'))).toContain(
      'AWS::RDS::DBInstance is not supported by the local endpoint',
    );
  });
});

describe('updating a stack', () => {
  test('only resources whose resolved properties differ are updated', async () => {
    const harness = new Harness();
    await harness.deploy(
      things({ A: { Properties: { Value: '1' } }, B: { Properties: { Value: { 'Fn::GetAtt': ['A', 'Value'] } } }, C: {} }),
    );
    harness.takeCalls();
    const next = things({
      A: { Properties: { Value: '2' } },
      B: { Properties: { Value: { 'Fn::GetAtt': ['A', 'Value'] } } },
      C: { Metadata: { x: 1 } },
    });
    expect(await harness.deploy(next)).toBe('UPDATE_COMPLETE');
    expect(harness.takeCalls()).toEqual(['update A app-A', 'update B app-B']);
  });

  test('nothing to do is refused in the words that the CLI knows', async () => {
    const harness = new Harness();
    const template = things({ A: {} });
    await harness.deploy(template);
    await expect(harness.deploy(template)).rejects.toThrow('ValidationError: No updates are to be performed.');
  });

  test('what was replaced or removed is deleted in the cleanup phase, after everything else', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: { Properties: { Name: 'old' } }, Gone: {}, Kept: { DeletionPolicy: 'Retain' } }));
    harness.takeCalls();
    expect(await harness.deploy(things({ A: { Properties: { Name: 'new' } }, Fresh: {} }))).toBe('UPDATE_COMPLETE');
    expect(harness.takeCalls()).toEqual(['update A old', 'create Fresh', 'delete Gone app-Gone', 'delete A old']);
    const events = await harness.events();
    const cleanup = events.indexOf('app UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    expect(events.slice(cleanup + 1)).toEqual([
      'Kept DELETE_SKIPPED',
      'Gone DELETE_IN_PROGRESS',
      'A DELETE_IN_PROGRESS',
      'Gone DELETE_COMPLETE',
      'A DELETE_COMPLETE',
      'app UPDATE_COMPLETE',
    ]);
    expect(events).toContain('A UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.');
  });

  test('UpdateReplacePolicy Retain keeps what was replaced', async () => {
    const harness = new Harness();
    const named = (Name: string) => things({ A: { UpdateReplacePolicy: 'Retain', Properties: { Name } } });
    await harness.deploy(named('old'));
    harness.takeCalls();
    expect(await harness.deploy(named('new'))).toBe('UPDATE_COMPLETE');
    expect(harness.takeCalls()).toEqual(['update A old']);
  });

  test('a deletion that fails in the cleanup phase is reported and the update succeeds all the same', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: {}, Stubborn: { Properties: { Fail: 'delete' } } }));
    expect(await harness.deploy(things({ A: {} }))).toBe('UPDATE_COMPLETE');
    expect(await harness.events()).toContain('Stubborn DELETE_FAILED Stubborn cannot be deleted');
    expect(await harness.destroy()).toBe('DELETE_COMPLETE');
  });

  test('a failure takes back every change, the failed one too, with old and new properties swapped, and deletes what is new', async () => {
    const harness = new Harness();
    const before = things({ A: { Properties: { Value: '1' } }, B: { DependsOn: 'A', Properties: { Value: '1' } }, Gone: {} });
    await harness.deploy(before);
    harness.takeCalls();
    const after = things({
      A: { Properties: { Value: '2' } },
      New: { DependsOn: 'A' },
      B: { DependsOn: ['A', 'New'], Properties: { Value: '2', Fail: 'update' } },
    });
    expect(await harness.deploy(after)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(
      harness.calls.slice(3).map(({ verb, logicalId, properties, previous }) => [verb, logicalId, properties.Value, previous?.Value]),
    ).toEqual([
      ['update', 'B', '1', '2'],
      ['update', 'A', '1', '2'],
      ['delete', 'New', undefined, undefined],
    ]);
    const events = await harness.events();
    expect(events).toContain('app UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to update: [B].');
    expect(events.slice(events.indexOf('app UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS') + 1)).toEqual([
      'New DELETE_IN_PROGRESS',
      'New DELETE_COMPLETE',
      'app UPDATE_ROLLBACK_COMPLETE',
    ]);
    // The old template is the deployed one again.
    await expect(harness.deploy(before)).rejects.toThrow('No updates are to be performed.');
  });

  test('what an update had created goes away with its rollback, unless it is to be retained', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: {} }));
    const next = things({
      A: {},
      Kept: { DeletionPolicy: 'Retain' },
      Cleaned: { DeletionPolicy: 'RetainExceptOnCreate' },
      Bad: { DependsOn: ['Kept', 'Cleaned'], Properties: { Fail: 'create' } },
    });
    expect(await harness.deploy(next)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(harness.takeCalls().filter((call) => call.startsWith('delete'))).toEqual(['delete Cleaned app-Cleaned']);
  });

  test('a replacement is undone by going back to the old resource and deleting the new one', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: { Properties: { Name: 'old' } } }, { Outputs: { Id: { Value: { Ref: 'A' } } } }));
    harness.takeCalls();
    const next = things({ A: { Properties: { Name: 'new' } }, Bad: { DependsOn: 'A', Properties: { Fail: 'create' } } });
    expect(await harness.deploy(next)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(harness.takeCalls()).toEqual(['update A old', 'create Bad', 'delete A new']);
    expect(await harness.outputs()).toEqual({ Id: 'old' });
  });

  test('a rollback that fails stops in UPDATE_ROLLBACK_FAILED; it can be continued, or the resource skipped', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: { Properties: { Value: '1' } }, B: {} }));
    const bad = things({ A: { Properties: { Value: '2', Fail: 'rollback' } }, B: { DependsOn: 'A', Properties: { Fail: 'update' } } });
    expect(await harness.deploy(bad)).toBe('UPDATE_ROLLBACK_FAILED');
    await harness.call('ContinueUpdateRollback', { StackName: 'app' });
    await harness.cloudFormation.idle();
    expect(await harness.status()).toBe('UPDATE_ROLLBACK_FAILED');
    await harness.call('ContinueUpdateRollback', { StackName: 'app', 'ResourcesToSkip.member.1': 'A' });
    await harness.cloudFormation.idle();
    expect(await harness.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await harness.events()).toContain('A UPDATE_COMPLETE Resource skipped during UpdateRollback');
  });

  test('without rollback a failed update keeps what succeeded; RollbackStack takes it back', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: { Properties: { Value: '1' } }, B: {} }));
    const bad = things({ A: { Properties: { Value: '2' } }, B: { Properties: { Fail: 'update' } } });
    expect(await harness.deploy(bad, { settings: { DisableRollback: 'true' } })).toBe('UPDATE_FAILED');
    harness.takeCalls();
    await harness.call('RollbackStack', { StackName: 'app' });
    await harness.cloudFormation.idle();
    expect(await harness.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(harness.takeCalls().sort()).toEqual(['update A app-A', 'update B app-B']);
  });

  test('a cancelled update rolls back', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: { Properties: { Value: '1' } } }));
    let open = (): void => {};
    harness.gates.set('A', new Promise((resolve) => (open = resolve)));
    const body = JSON.stringify(things({ A: { Properties: { Value: '2' } } }));
    await harness.call('UpdateStack', { StackName: 'app', TemplateBody: body });
    await harness.call('CancelUpdateStack', { StackName: 'app' });
    open();
    await harness.cloudFormation.idle();
    expect(await harness.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await harness.events()).toContain('A UPDATE_FAILED Resource update cancelled');
    expect(harness.calls.at(-1)).toMatchObject({ verb: 'update', properties: { Value: '1' }, previous: { Value: '2' } });
  });

  test('at most 25 resources are worked on at once, and a cancelled update starts none of the rest', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: {} }));
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const names = Array.from({ length: 30 }, (_, index) => `R${index}`);
    for (const name of names) harness.gates.set(name, gate);
    const next = things({ A: {}, ...Object.fromEntries(names.map((name) => [name, {}])) });
    harness.takeCalls();
    // Without rollback a failure would not stop the others.
    await harness.call('UpdateStack', { StackName: 'app', TemplateBody: JSON.stringify(next), DisableRollback: 'true' });
    await new Promise(setImmediate);
    expect(harness.takeCalls()).toHaveLength(25);
    await harness.call('CancelUpdateStack', { StackName: 'app' });
    open();
    await harness.cloudFormation.idle();
    expect(await harness.status()).toBe('UPDATE_FAILED');
    expect(harness.takeCalls()).toEqual([]);
  });

  test('the type of a resource cannot change', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: {} }));
    await expect(harness.deploy({ Resources: { A: { Type: 'AWS::CDK::Metadata' } } })).rejects.toThrow(
      'Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]',
    );
  });

  test('a rollback goes dependencies first when the switch says so', async () => {
    const harness = new Harness({ switches: { 'cloudformation.rollbackOrder': 'forward' } });
    await harness.deploy(things({ A: { Properties: { Value: '1' } }, B: { DependsOn: 'A', Properties: { Value: '1' } } }));
    harness.takeCalls();
    await harness.deploy(things({ A: { Properties: { Value: '2' } }, B: { DependsOn: 'A', Properties: { Fail: 'update' } } }));
    expect(harness.takeCalls().slice(2)).toEqual(['update A app-A', 'update B app-B']);
  });
});
