/**
 * One invocation of a custom resource handler from start to finish: load, one Glacier call, the answer to CloudFormation. Ours
 * against the one behind CDK's AwsCustomResource, which takes its SDK client from the Lambda runtime (here: from node_modules).
 */
import * as fs from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { ratioOfRuns } from './process';

const ROOT = path.resolve(__dirname, '..');
const OURS = path.join(ROOT, 'assets', 'lambda', 'glacier', 'index.js');
const PEER = path.join(
  ROOT,
  'node_modules/aws-cdk-lib/custom-resource-handlers/dist/custom-resources/aws-custom-resource-handler/index.js',
);

const STACK_ID = 'arn:aws:cloudformation:us-east-1:123456789012:stack/Bench/11111111-1111-1111-1111-111111111111';

export async function oneCallRatio(): Promise<number> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'one-call-'));
  const server = await stub();
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIABENCH',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
      AWS_LAMBDA_FUNCTION_NAME: 'bench',
      NODE_PATH: path.join(ROOT, 'node_modules'),
    };
    // A Delete of a vault that is gone: one DescribeVault.
    const ours = script(folder, 'ours.js', OURS, url, {
      RequestType: 'Delete',
      ResourceType: 'Custom::GlacierVault',
      PhysicalResourceId: 'ledger',
      ResourceProperties: { VaultName: 'ledger' },
    });
    const call = {
      service: 'Glacier',
      action: 'describeVault',
      parameters: { accountId: '-', vaultName: 'ledger' },
      apiVersion: '2012-06-01',
    };
    const peer = script(folder, 'peer.js', PEER, url, {
      RequestType: 'Create',
      ResourceType: 'Custom::AWS',
      ResourceProperties: {
        InstallLatestAwsSdk: 'false',
        Create: JSON.stringify({ ...call, physicalResourceId: { id: 'ledger' }, ignoreErrorCodesMatching: 'ResourceNotFoundException' }),
      },
    });
    return await ratioOfRuns({ args: [ours], env }, { args: [peer], env });
  } finally {
    server.closeAllConnections();
    server.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Answers every Glacier call with the recorded 404 and takes every response. */
async function stub(): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.url?.startsWith('/response')) return response.writeHead(200).end();
      const body =
        '{"code":"ResourceNotFoundException","message":"Vault not found for ARN: arn:aws:glacier:us-east-1:123456789012:vaults/ledger","type":"Client"}';
      return response.writeHead(404, { 'content-type': 'application/json' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** A process that handles one event and fails unless the answer was SUCCESS. Both handlers get the same redirect, https to the stub. */
function script(folder: string, name: string, bundle: string, url: string, event: object): string {
  const whole = {
    ResponseURL: 'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/response?Expires=1767225600',
    StackId: STACK_ID,
    RequestId: '22222222-2222-2222-2222-222222222222',
    LogicalResourceId: 'Vault',
    ...event,
  };
  const file = path.join(folder, name);
  fs.writeFileSync(
    file,
    `const http = require('node:http');
const https = require('node:https');
const { port } = new URL(${JSON.stringify(url)});
https.request = (first, second, third) => {
  const options = typeof first === 'object' && !(first instanceof URL) ? first : { path: new URL(first).pathname, ...(typeof second === 'object' ? second : {}) };
  const done = typeof second === 'function' ? second : third;
  const request = http.request({ ...options, hostname: '127.0.0.1', host: '127.0.0.1', port, protocol: 'http:', agent: undefined }, done);
  const end = request.end.bind(request);
  let body = '';
  const write = request.write.bind(request);
  request.write = (chunk, ...rest) => { body += chunk; return write(chunk, ...rest); };
  request.end = (chunk, ...rest) => {
    if (typeof chunk !== 'function' && chunk !== undefined) body += chunk;
    if (JSON.parse(body).Status !== 'SUCCESS') { console.error(body); process.exitCode = 1; }
    return end(chunk, ...rest);
  };
  return request;
};
console.log = () => {};
require(${JSON.stringify(bundle)})
  .handler(${JSON.stringify(whole)}, { getRemainingTimeInMillis: () => 60000, awsRequestId: 'bench', logStreamName: 'bench' })
  .then(() => process.exit(), (error) => { console.error(error); process.exit(1); });
`,
  );
  return file;
}
