import * as fs from 'node:fs';
import * as path from 'node:path';
import { testWorld } from './test-world';
import { createBackup } from '../../local/backup';
import { createCloudFormation } from '../../local/cloudformation';
import { createIam } from '../../local/iam';
import { resourceTypes } from '../../local/resources';

test('docs/local-endpoint.md lists exactly the resource types that the endpoint can make', () => {
  const world = testWorld();
  const { accountId, state, clock } = world;
  const cloudFormation = createCloudFormation({
    world,
    types: () => new Map(),
    invoker: { invoke: async () => ({ payload: '', logTail: '' }) },
    readTemplate: () => '',
    ssmValue: () => undefined,
  });
  const iam = createIam({ accountId, state, clock, delay: () => 0 });
  const { resourceTypes: backupTypes } = createBackup(world);
  const known = [resourceTypes(world), iam.resourceTypes, backupTypes, cloudFormation.resourceTypes].flatMap((types) => [...types.keys()]);

  const page = fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'local-endpoint.md'), 'utf8');
  const documented = [...page.slice(page.indexOf('## Resource types')).matchAll(/`(AWS::[\w:]+)`/g)].map((match) => match[1]!);
  expect([...documented].sort()).toEqual([...known].sort());
});
