import { awsError } from './fakes/faulty-service';
import { retain } from './fakes/policies';
import { HOUR, SECOND } from './fakes/virtual-clock';
import { ARN, World } from './fakes/world';
import { serve } from '../../lambda/cloudformation/serve';

const POLICY = retain('ledger', 2555);
const properties = { VaultName: 'ledger', Policy: POLICY, Stage: 'initiate' };

let world: World;
beforeEach(() => {
  world = new World();
  world.glacier.put('ledger');
});

describe('the deadline (checklist line 10)', () => {
  test('an answer goes out 5 seconds before the function ends, with the id of the resource', async () => {
    world.glacier.latency = () => HOUR;
    const start = world.clock.now();
    const event = world.event({ type: 'Update', resource: 'GLACIER_VAULT_LOCK', properties, old: properties, physicalId: 'my-id' });
    const response = await world.clock.run(world.start(event, 60 * SECOND));
    expect(response).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'my-id',
      Reason: expect.stringContaining('Deploy again') as string,
    });
    expect(world.clock.now() - start).toBe(55 * SECOND);
  });

  test('retries end with it', async () => {
    world.glacier.faults.push({
      operation: 'GetVaultLock',
      when: 'before',
      error: awsError('ThrottlingException', 'Rate exceeded'),
      times: Infinity,
    });
    const start = world.clock.now();
    const response = await world.clock.run(world.start(world.event({ type: 'Create', resource: 'GLACIER_VAULT_LOCK', properties })));
    expect(response).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('GetVaultLock on vault ledger: ThrottlingException') as string,
    });
    expect(world.clock.now() - start).toBe(295 * SECOND);
  });

  test('a function that is given less than the margin still answers', async () => {
    const response = await world.clock.run(world.start(world.event({ type: 'Create', resource: 'GLACIER_VAULT_LOCK', properties }), 100));
    expect(response.Status).toBe('FAILED');
    expect(world.glacier.writes).toEqual([]);
  });
});

describe('failures are told in words', () => {
  test('an unknown resource type', async () => {
    const event = { ...world.event({ type: 'Create', resource: 'GLACIER_VAULT', properties }), ResourceType: 'Custom::Other' };
    expect((await world.deliver(event))[0]).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Custom::Other') as string });
  });

  test('an unknown request type and a broken stack id', async () => {
    const event = world.event({ type: 'Create', resource: 'GLACIER_VAULT', properties });
    expect((await world.deliver({ ...event, RequestType: 'Read' }))[0]).toMatchObject({ Status: 'FAILED' });
    expect((await world.deliver({ ...event, StackId: 'nonsense' }))[0]).toMatchObject({ Status: 'FAILED' });
  });

  test('a programming error: its name, no stack trace, and the id that the resource has', async () => {
    world.glacier.getVaultLock = async () => undefined as never;
    const { Reason, Status, PhysicalResourceId } = await world.ask({ type: 'Create', resource: 'GLACIER_VAULT_LOCK', properties });
    expect(Status).toBe('FAILED');
    expect(Reason).not.toMatch(/\bat .*:\d+/);
    expect(PhysicalResourceId).toBe(`${ARN('ledger')}/lock-policy`);
  });

  test('Glacier’s own reason, with the action (checklist line 9)', async () => {
    world.glacier.faults.push({ operation: 'InitiateVaultLock', when: 'before', error: awsError('LimitExceededException', 'too many') });
    const { Reason } = await world.ask({ type: 'Create', resource: 'GLACIER_VAULT_LOCK', properties });
    expect(Reason).toBe('glacier:InitiateVaultLock on vault ledger failed: LimitExceededException: too many');
  });

  test('a policy that Glacier calls invalid for ever', async () => {
    const error = awsError('InvalidParameterValueException', 'The specified vault lock policy is invalid. Provide a valid policy.');
    world.glacier.faults.push({ operation: 'InitiateVaultLock', when: 'before', error, times: Infinity });
    const { Reason } = await world.ask({ type: 'Create', resource: 'GLACIER_VAULT_LOCK', properties });
    expect(Reason).toContain('a principal that does not exist');
    expect(world.parameters.record('ledger')).toBeUndefined();
  });

  test('a policy that is invalid only until its new principal is known', async () => {
    world.glacier.faults.push({
      operation: 'InitiateVaultLock',
      when: 'before',
      error: awsError('InvalidParameterValueException'),
      times: 3,
    });
    expect(await world.ask({ type: 'Create', resource: 'GLACIER_VAULT_LOCK', properties })).toMatchObject({ Status: 'SUCCESS' });
  });
});

test('no log line and no answer holds a ResponseURL, a policy or a lock id (checklist line 11, trap 6)', async () => {
  const answers: unknown[] = [];
  const ask = async (type: 'Create' | 'Update' | 'Delete', stage: object, old: object = properties) => {
    if (type !== 'Create') world.stacks.stack = { status: 'UPDATE_IN_PROGRESS' };
    answers.push(await world.ask({ type, resource: 'GLACIER_VAULT_LOCK', properties: { ...properties, ...stage }, old }));
    return answers.at(-1) as { Data?: { Acknowledgement?: string } };
  };
  world.glacier.faults.push({
    operation: 'InitiateVaultLock',
    when: 'after',
    error: awsError('ServiceUnavailableException', 'later', 500),
  });
  const { Data } = await ask('Create', {});
  await ask('Update', { Policy: retain('ledger', 1) });
  await ask('Update', {});
  world.clock.advance(HOUR);
  await ask('Update', { Stage: 'complete', Acknowledge: Data?.Acknowledgement });
  await ask('Update', { Policy: retain('ledger', 1) });
  await ask('Delete', {});

  const told = [...world.logs, ...answers.map((answer) => JSON.stringify(answer))].join('\n');
  expect(world.glacier.lockOf('ledger')?.locked).toBe(true);
  expect(told).toContain('InitiateVaultLock');
  for (const secret of ['very-secret', 'response-bucket', 'Statement', 'ArchiveAgeInDays', '-secret', 'lockId']) {
    expect(told).not.toContain(secret);
  }
  for (const line of world.logs) expect(() => JSON.parse(line) as unknown).not.toThrow();
});

test('the answer is sent once, to the URL of the event', async () => {
  const event = world.event({ type: 'Delete', resource: 'GLACIER_VAULT', properties: {} });
  const urls: string[] = [];
  await world.clock.run(
    serve(event, {
      resources: {},
      clock: world.clock,
      log: () => undefined,
      random: () => 0,
      put: async (url) => urls.push(url) && 200,
      remainingMs: 60_000,
    }),
  );
  expect(urls).toEqual([event.ResponseURL]);
});
