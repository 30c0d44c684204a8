import { createEc2Service } from '../../../local/resources';
import { testWorld } from '../test-world';
import { awsRequest } from './aws-request';

describe('EC2', () => {
  const call = async (body: string) => {
    const response = await createEc2Service(testWorld()).handle(awsRequest({ service: 'ec2', body: Buffer.from(body) }));
    return { status: response.status, body: String(response.body) };
  };

  test('knows three availability zones in whatever region is asked', async () => {
    const { status, body } = await call('Action=DescribeAvailabilityZones&Version=2016-11-15');
    expect(status).toBe(200);
    expect(body.match(/<zoneName>[^<]*/g)).toEqual(['<zoneName>eu-central-1a', '<zoneName>eu-central-1b', '<zoneName>eu-central-1c']);
  });

  test('refuses everything else at once, in its own form of errors', async () => {
    const { status, body } = await call('Action=DescribeVpcs&Version=2016-11-15');
    expect(status).toBe(400);
    expect(body).toContain('<Response><Errors><Error><Code>InvalidAction</Code><Message>ec2 DescribeVpcs is not implemented');
  });
});
