import * as fs from 'node:fs';
import * as path from 'node:path';
import { CLOUDFORMATION_SWITCHES } from '../../local/cloudformation/switches';
import { LAMBDA_SWITCHES } from '../../local/lambda/switches';
import { SERVER_SWITCHES } from '../../local/server/switches';

test('docs/local-endpoint.md names exactly the switches that belong to no vault service, each with its default', () => {
  const page = fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'local-endpoint.md'), 'utf8');
  const [, list = ''] = /^Switches besides those of Glacier and AWS Backup: (.+)$/m.exec(page) ?? [];
  const documented = [...list.matchAll(/`(\w+\.\w+)` \(`?([^`;:)]+)/g)].map(([, name, setting]) => [name, setting]);
  const known = Object.entries({ ...LAMBDA_SWITCHES, ...CLOUDFORMATION_SWITCHES, ...SERVER_SWITCHES });
  expect(documented).toEqual(known.map(([name, definition]) => [name, definition.default]));
});
