import { Harness, things } from './harness';

describe('deleting a stack', () => {
  test('dependants go first, and the stack stays readable by its ARN', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: {}, B: { DependsOn: 'A' }, Kept: { DeletionPolicy: 'Retain' } }));
    harness.takeCalls();
    expect(await harness.destroy()).toBe('DELETE_COMPLETE');
    expect(harness.takeCalls()).toEqual(['delete B app-B', 'delete A app-A']);
  });

  test('a failure blocks what it depends on; the next try may retain it', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: {}, Stubborn: { DependsOn: 'A', Properties: { Fail: 'delete' } }, Other: {} }));
    harness.takeCalls();
    expect(await harness.destroy()).toBe('DELETE_FAILED');
    expect(harness.takeCalls().sort()).toEqual(['delete Other app-Other', 'delete Stubborn app-Stubborn']);
    expect(await harness.destroy('app', { 'RetainResources.member.1': 'Stubborn' })).toBe('DELETE_COMPLETE');
    expect(harness.takeCalls()).toEqual(['delete A app-A']);
  });

  test('termination protection refuses', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: {} }));
    await harness.call('UpdateTerminationProtection', { StackName: 'app', EnableTerminationProtection: 'true' });
    await expect(harness.destroy()).rejects.toThrow('Stack [app] cannot be deleted while TerminationProtection is enabled');
  });

  test('deleting what does not exist is no error', async () => {
    await expect(new Harness().call('DeleteStack', { StackName: 'nothing' })).resolves.toContain('DeleteStackResponse');
  });
});

describe('exports', () => {
  const producer = (value: string) => things({ A: {} }, { Outputs: { Out: { Value: value, Export: { Name: 'shared' } } } });
  const consumer = things({ B: { Properties: { Value: { 'Fn::ImportValue': 'shared' } } } });

  test('are imported by other stacks, and cannot be changed or deleted while they are', async () => {
    const harness = new Harness();
    await harness.deploy(producer('1'), { name: 'producer' });
    await harness.deploy(consumer, { name: 'consumer' });
    expect(harness.calls.at(-1)!.properties).toEqual({ Value: '1' });
    expect(await harness.deploy(producer('2'), { name: 'producer' })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await harness.events('producer')).join('\n')).toContain('Export shared cannot be updated as it is in use by consumer');
    // The stack stays what it was.
    expect(await harness.destroy('producer')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await harness.events('producer')).at(-1)).toBe(
      'producer UPDATE_ROLLBACK_COMPLETE Export shared cannot be deleted as it is in use by consumer',
    );
    await harness.destroy('consumer');
    expect(await harness.destroy('producer')).toBe('DELETE_COMPLETE');
  });

  test('that a rolled back update had imported are free again', async () => {
    const harness = new Harness();
    await harness.deploy(producer('1'), { name: 'producer' });
    await harness.deploy(things({ A: {} }), { name: 'consumer' });
    const bad = things({
      A: { Properties: { Value: { 'Fn::ImportValue': 'shared' } } },
      Bad: { DependsOn: 'A', Properties: { Fail: 'create' } },
    });
    expect(await harness.deploy(bad, { name: 'consumer' })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await harness.destroy('producer')).toBe('DELETE_COMPLETE');
  });

  test('a name that nobody exports is refused before anything is made', async () => {
    const harness = new Harness();
    await harness.deploy(things({ A: {} }));
    await expect(harness.deploy(consumer)).rejects.toThrow('No export named shared found.');
  });

  test('a name can be exported once only', async () => {
    const harness = new Harness();
    await harness.deploy(producer('1'), { name: 'first' });
    expect(await harness.deploy(producer('1'), { name: 'second' })).toBe('ROLLBACK_COMPLETE');
    expect((await harness.events('second')).join('\n')).toContain('Export with name shared is already exported by stack first');
  });
});

describe('after the endpoint was stopped in the middle of an operation', () => {
  test('the stack has failed with the reason, and can be deleted', async () => {
    const stopped = new Harness();
    stopped.gates.set('A', new Promise(() => {}));
    await stopped.call('CreateStack', { StackName: 'app', TemplateBody: JSON.stringify(things({ A: {} })) });
    const next = new Harness({ world: stopped.world });
    next.cloudFormation.resume();
    expect(await next.status()).toBe('CREATE_FAILED');
    expect((await next.events()).at(-1)).toContain('The local endpoint was stopped while the operation was in progress.');
    expect(await next.destroy()).toBe('DELETE_COMPLETE');
  });
});
