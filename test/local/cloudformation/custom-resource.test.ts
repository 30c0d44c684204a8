import { custom, Harness, things, TOKEN } from './harness';
import type { Json } from '../../../local/cloudformation/resource-type';

const bad = { Type: 'Test::Thing', DependsOn: 'Lock', Properties: { Fail: 'create' } };
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('the event', () => {
  test('of a creation', async () => {
    const harness = new Harness();
    await harness.deploy({ Resources: { Lock: custom({ Days: 365, On: true, List: [80, { Deep: false }], Map: { N: 1.5 } }) } });
    const [event] = harness.takeReceived();
    expect(event).toEqual({
      RequestType: 'Create',
      ServiceToken: TOKEN,
      ResponseURL: expect.stringMatching(
        /^https:\/\/cloudformation-custom-resource-response-useast1\.s3\.us-east-1\.amazonaws\.com\/arn%3Aaws%3Acloudformation%3A.*%7CLock%7C[0-9a-f-]{36}\?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260101T000000Z&X-Amz-SignedHeaders=host&X-Amz-Expires=7200&X-Amz-Credential=/,
      ),
      StackId: await harness.stackId(),
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      LogicalResourceId: 'Lock',
      ResourceType: 'Custom::Thing',
      // Every scalar is a string, however deep.
      ResourceProperties: { ServiceToken: TOKEN, Days: '365', On: 'true', List: ['80', { Deep: 'false' }], Map: { N: '1.5' } },
    });
  });

  test('of an update holds both property sets and the id, that of a deletion the properties of what is deleted', async () => {
    const harness = new Harness();
    await harness.deploy({ Resources: { Lock: custom({ Days: 1 }) } });
    await harness.deploy({ Resources: { Lock: custom({ Days: 2 }) } });
    await harness.destroy();
    const [, update, deletion] = harness.takeReceived();
    expect(update).toMatchObject({
      RequestType: 'Update',
      PhysicalResourceId: 'id-of-Lock',
      ResourceProperties: { Days: '2' },
      OldResourceProperties: { Days: '1' },
    });
    expect(deletion).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: 'id-of-Lock', ResourceProperties: { Days: '2' } });
    expect(deletion).not.toHaveProperty('OldResourceProperties');
  });

  test('is not sent when only the type of a scalar has changed', async () => {
    const harness = new Harness();
    await harness.deploy({ Resources: { Lock: custom({ Days: 1 }) } });
    await expect(harness.deploy({ Resources: { Lock: custom({ Days: '1' }) } })).rejects.toThrow('No updates are to be performed.');
    expect(harness.takeReceived()).toHaveLength(1);
  });
});

describe('the answer', () => {
  test('gives Ref and GetAtt, nested and dotted names too', async () => {
    const harness = new Harness();
    harness.handler = () => ({ PhysicalResourceId: 'the-id', Data: { State: 'Locked', 'flat.name': 'f', Deep: { Date: 'd' } } });
    const att = (name: string) => ({ Value: { 'Fn::GetAtt': ['Lock', name] } });
    await harness.deploy({
      Resources: { Lock: custom() },
      Outputs: { A: att('State'), B: att('flat.name'), C: att('Deep.Date'), D: { Value: { Ref: 'Lock' } } },
    });
    expect(await harness.outputs()).toEqual({ A: 'Locked', B: 'f', C: 'd', D: 'the-id' });
  });

  test('without an attribute that the template asks for fails whoever asks', async () => {
    const harness = new Harness();
    await harness.deploy(
      things(
        {},
        { Resources: { Lock: custom(), User: { Type: 'Test::Thing', Properties: { Value: { 'Fn::GetAtt': ['Lock', 'Nope'] } } } } },
      ),
    );
    expect((await harness.events()).find((event) => event.startsWith('User CREATE_FAILED'))).toContain(
      "Vendor response doesn't contain Nope attribute in object",
    );
  });

  const answers: [string, { [name: string]: Json }, string][] = [
    [
      'FAILED with a reason',
      { Status: 'FAILED', Reason: 'the vault is locked', PhysicalResourceId: 'x' },
      'Received response status [FAILED] from custom resource. Message returned: the vault is locked (RequestId: ',
    ],
    ['SUCCESS without an id', {}, 'Invalid PhysicalResourceId'],
    ['an empty id, which hides the reason', { Status: 'FAILED', Reason: 'lost', PhysicalResourceId: '' }, 'Invalid PhysicalResourceId'],
    ['an id of 1,025 characters', { PhysicalResourceId: 'x'.repeat(1025) }, 'Invalid PhysicalResourceId'],
    ['more than 4,096 bytes', { PhysicalResourceId: 'x', Data: { Policy: 'é'.repeat(2000) } }, 'Response object is too long.'],
    ['another stack id', { PhysicalResourceId: 'x', StackId: 'other' }, 'Value of property StackId does not match'],
    ['an unknown status', { PhysicalResourceId: 'x', Status: 'DONE' }, 'Value of property Status must be SUCCESS or FAILED.'],
  ];
  test.each(answers)('%s fails the creation', async (_case, answer, reason) => {
    const harness = new Harness();
    harness.handler = (event) => (event.RequestType === 'Create' ? (answer as object) : { PhysicalResourceId: event.PhysicalResourceId });
    expect(await harness.deploy({ Resources: { Lock: custom() } })).toBe('ROLLBACK_COMPLETE');
    expect((await harness.events()).find((event) => event.startsWith('Lock CREATE_FAILED'))).toContain(reason);
  });

  test.each([
    [4096, 'CREATE_COMPLETE'],
    [4097, 'ROLLBACK_COMPLETE'],
  ])('of %d bytes leads to %s', async (bytes, status) => {
    const harness = new Harness();
    harness.handler = (event) => {
      const { StackId, RequestId, LogicalResourceId } = event;
      const bare = JSON.stringify({
        Status: 'SUCCESS',
        StackId,
        RequestId,
        LogicalResourceId,
        PhysicalResourceId: 'x',
        Data: { Fill: '' },
      });
      return { PhysicalResourceId: 'x', Data: { Fill: 'f'.repeat(event.RequestType === 'Create' ? bytes - bare.length : 0) } };
    };
    expect(await harness.deploy({ Resources: { Lock: custom() } })).toBe(status);
  });

  test('counts once: a second or an unasked one changes nothing', async () => {
    const harness = new Harness();
    await harness.deploy({ Resources: { Lock: custom() } });
    const [event] = harness.takeReceived();
    harness.answer(event!, { Status: 'FAILED', PhysicalResourceId: 'other' });
    expect(await harness.status()).toBe('CREATE_COMPLETE');
    expect(harness.cloudFormation.responses.receive('arn|Nobody|asked', Buffer.from('{}'))).toBe(false);
  });

  test('of NoEcho is masked in events and still usable', async () => {
    const harness = new Harness();
    harness.handler = () => ({ PhysicalResourceId: 'x', NoEcho: true, Data: { Secret: 'hush-hush' } });
    await harness.deploy({
      Resources: { Lock: custom(), User: { Type: 'Test::Thing', Properties: { Value: { 'Fn::GetAtt': ['Lock', 'Secret'] } } } },
    });
    expect(harness.calls[0]!.properties).toEqual({ Value: 'hush-hush' });
    expect(await harness.call('DescribeStackEvents', { StackName: 'app' })).not.toContain('hush-hush');
  });
});

describe('a creation that fails', () => {
  test('is followed by a Delete with the id that it answered', async () => {
    const harness = new Harness();
    harness.handler = ({ RequestType }) => ({ Status: RequestType === 'Create' ? 'FAILED' : 'SUCCESS', PhysicalResourceId: 'half-made' });
    await harness.deploy({ Resources: { Lock: custom() } });
    expect(harness.takeReceived().map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])).toEqual([
      ['Create', undefined],
      ['Delete', 'half-made'],
    ]);
  });

  test('because of a sibling gets a Delete with an invented id while it still runs', async () => {
    const harness = new Harness();
    let open = (): void => {};
    harness.gates.set('Bad', new Promise((resolve) => (open = resolve)));
    // The creation never answers.
    harness.handler = (event) =>
      event.RequestType === 'Create' ? new Promise(() => {}) : { PhysicalResourceId: event.PhysicalResourceId };
    const resources = { Lock: custom(), Bad: { Type: 'Test::Thing', Properties: { Fail: 'create' } } };
    await harness.call('CreateStack', { StackName: 'app', TemplateBody: JSON.stringify({ Resources: resources }) });
    open();
    await harness.cloudFormation.idle();
    const [create, deletion] = harness.takeReceived();
    expect(deletion).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: expect.stringMatching(/^app-Lock-[A-Z0-9]{12}$/) });
    expect(await harness.events()).toContain('Lock CREATE_FAILED Resource creation cancelled');
    expect(await harness.status()).toBe('ROLLBACK_COMPLETE');
    // Its late answer is nobody's business any more.
    harness.answer(create!, { PhysicalResourceId: 'late' });
    expect(await harness.status()).toBe('ROLLBACK_COMPLETE');
  });

  test('is retained when its DeletionPolicy says so: no Delete is sent at all', async () => {
    const harness = new Harness();
    await harness.deploy({ Resources: { Lock: custom({}, { DeletionPolicy: 'Retain' }), Bad: bad } });
    expect(harness.takeReceived().map(({ RequestType }) => RequestType)).toEqual(['Create']);
  });
});

describe('without an answer', () => {
  test('CloudFormation waits for ServiceTimeout on its own clock, then sends a Delete with an invented id', async () => {
    const harness = new Harness();
    harness.handler = (event) =>
      event.RequestType === 'Create' ? new Promise(() => {}) : { PhysicalResourceId: event.PhysicalResourceId };
    await harness.call('CreateStack', {
      StackName: 'app',
      TemplateBody: JSON.stringify({ Resources: { Lock: custom({ ServiceTimeout: 900 }) } }),
    });
    await nextTurn();
    await harness.world.clock.advance(899_000);
    expect(await harness.status()).toBe('CREATE_IN_PROGRESS');
    await harness.world.clock.advance(1_000);
    await harness.cloudFormation.idle();
    expect(await harness.status()).toBe('ROLLBACK_COMPLETE');
    expect((await harness.events()).find((event) => event.startsWith('Lock CREATE_FAILED'))).toContain(
      'CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [',
    );
    expect(harness.takeReceived()[1]!.PhysicalResourceId).toMatch(/^app-Lock-/);
  });

  test.each([
    ['crashed', 'Unhandled'],
    ['returned', undefined],
  ])('a function that has %s has failed at once', async (_how, functionError) => {
    const harness = new Harness();
    harness.functionError = functionError;
    harness.handler = (event) => (event.RequestType === 'Create' ? undefined : { PhysicalResourceId: event.PhysicalResourceId });
    expect(await harness.deploy({ Resources: { Lock: custom() } })).toBe('ROLLBACK_COMPLETE');
  });
});

describe('an update', () => {
  const days = (value: number, more: object = {}) => ({ Resources: { Lock: custom({ Days: value }), ...more } });

  test('that answers another id is a replacement: the old one is deleted in the cleanup phase', async () => {
    const harness = new Harness();
    harness.handler = (event) => ({ PhysicalResourceId: `id-${event.ResourceProperties.Days as string}` });
    await harness.deploy(days(1));
    await harness.deploy(days(2));
    expect(harness.takeReceived().map((event) => [event.RequestType, event.PhysicalResourceId, event.ResourceProperties.Days])).toEqual([
      ['Create', undefined, '1'],
      ['Update', 'id-1', '2'],
      ['Delete', 'id-1', '1'],
    ]);
    expect(await harness.events()).toContain(
      'Lock UPDATE_IN_PROGRESS Requested update required the provider to create a new physical resource',
    );
  });

  test('that fails is taken back by an update with the property sets swapped', async () => {
    const harness = new Harness();
    await harness.deploy(days(1));
    harness.handler = (event) => ({
      Status: event.ResourceProperties.Days === '2' ? 'FAILED' : 'SUCCESS',
      PhysicalResourceId: 'id-of-Lock',
    });
    expect(await harness.deploy(days(2))).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(harness.takeReceived().slice(1)).toMatchObject([
      { RequestType: 'Update', ResourceProperties: { Days: '2' }, OldResourceProperties: { Days: '1' } },
      { RequestType: 'Update', ResourceProperties: { Days: '1' }, OldResourceProperties: { Days: '2' }, PhysicalResourceId: 'id-of-Lock' },
    ]);
  });

  test('that fails and answers another id makes CloudFormation delete that id later', async () => {
    const harness = new Harness();
    await harness.deploy(days(1));
    harness.handler = (event) =>
      event.RequestType === 'Update' && event.ResourceProperties.Days === '2'
        ? { Status: 'FAILED', PhysicalResourceId: 'log-stream' }
        : { PhysicalResourceId: 'id-of-Lock' };
    expect(await harness.deploy(days(2))).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(
      harness
        .takeReceived()
        .map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])
        .slice(1),
    ).toEqual([
      ['Update', 'id-of-Lock'],
      ['Update', 'id-of-Lock'],
      ['Delete', 'log-stream'],
    ]);
  });

  test('that had replaced is told about the rollback too, and what it answers there stays', async () => {
    const harness = new Harness();
    harness.handler = (event) => ({ PhysicalResourceId: `id-${event.ResourceProperties.Days as string}` });
    await harness.deploy(days(1));
    await harness.deploy(days(2, { Bad: bad }));
    expect(
      harness
        .takeReceived()
        .map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])
        .slice(1),
    ).toEqual([
      ['Update', 'id-1'],
      ['Update', 'id-2'],
      ['Delete', 'id-2'],
    ]);
  });

  test('whose rollback fails wedges the stack until the rollback is continued', async () => {
    const harness = new Harness();
    await harness.deploy(days(1));
    harness.handler = (event) => ({ Status: event.RequestType === 'Update' ? 'FAILED' : 'SUCCESS', PhysicalResourceId: 'id-of-Lock' });
    expect(await harness.deploy(days(2))).toBe('UPDATE_ROLLBACK_FAILED');
    harness.handler = () => ({ PhysicalResourceId: 'id-of-Lock' });
    await harness.call('ContinueUpdateRollback', { StackName: 'app' });
    await harness.cloudFormation.idle();
    expect(await harness.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(harness.takeReceived().at(-1)).toMatchObject({ ResourceProperties: { Days: '1' }, OldResourceProperties: { Days: '2' } });
  });

  test('of the service token is refused, and nothing is sent', async () => {
    const harness = new Harness();
    await harness.deploy(days(1));
    harness.takeReceived();
    expect(await harness.deploy({ Resources: { Lock: custom({ ServiceToken: `${TOKEN}2`, Days: 1 }) } })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await harness.events()).toContain('Lock UPDATE_FAILED Modifying service token is not allowed.');
    expect(harness.takeReceived()).toEqual([]);
  });
});

describe('a deletion', () => {
  test('that fails in the cleanup phase is reported, and the resource is abandoned', async () => {
    const harness = new Harness();
    harness.handler = (event) => ({
      Status: event.RequestType === 'Delete' ? 'FAILED' : 'SUCCESS',
      Reason: 'still locked',
      PhysicalResourceId: 'x',
    });
    await harness.deploy(things({ A: {} }, { Resources: { A: { Type: 'Test::Thing' }, Lock: custom() } }));
    expect(await harness.deploy(things({ A: {} }))).toBe('UPDATE_COMPLETE');
    expect((await harness.events()).join('\n')).toMatch(/Lock DELETE_FAILED Received response status \[FAILED\].*still locked/);
  });

  test('that fails anywhere else blocks', async () => {
    const harness = new Harness();
    harness.handler = (event) => ({ Status: event.RequestType === 'Delete' ? 'FAILED' : 'SUCCESS', PhysicalResourceId: 'x' });
    await harness.deploy({ Resources: { Lock: custom() } });
    expect(await harness.destroy()).toBe('DELETE_FAILED');
  });
});

describe('at least once', () => {
  test('an event can be delivered again, late; the answer to it is ignored', async () => {
    const harness = new Harness();
    harness.world.gate.setFaults([{ service: 'cloudformation', operation: 'duplicate', delayMs: 60_000 }]);
    await harness.deploy({ Resources: { Lock: custom() } });
    harness.handler = () => ({ Status: 'FAILED', PhysicalResourceId: 'again' });
    await harness.world.clock.advance(60_000);
    const [first, second] = harness.takeReceived();
    expect(second).toEqual(first);
    expect(await harness.status()).toBe('CREATE_COMPLETE');
  });
});

describe('a function that cannot be called', () => {
  test('fails the resource and is not asked to delete what was never made', async () => {
    const harness = new Harness();
    harness.handler = () => {
      throw new Error('Function not found: arn:aws:lambda:us-east-1:123456789012:function:Handler');
    };
    expect(await harness.deploy({ Resources: { Lock: custom() } })).toBe('ROLLBACK_COMPLETE');
    expect(await harness.events()).toContain(
      'Lock CREATE_FAILED Function not found: arn:aws:lambda:us-east-1:123456789012:function:Handler',
    );
    expect(harness.takeReceived().map(({ RequestType }) => RequestType)).toEqual(['Create']);
  });

  test('an SNS topic is refused with the way out', async () => {
    const harness = new Harness();
    await harness.deploy({ Resources: { Lock: custom({ ServiceToken: 'arn:aws:sns:us-east-1:123456789012:topic' }) } });
    expect((await harness.events()).join('\n')).toContain('not supported by the local endpoint; use the ARN of a Lambda function.');
  });
});
