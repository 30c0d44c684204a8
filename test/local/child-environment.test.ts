import { childEnvironment } from '../../local/child-environment';

describe('the environment of a command that runs against the local endpoint', () => {
  const parent = {
    PATH: '/bin',
    HOME: '/home/dev',
    AWS_PROFILE: 'production',
    AWS_ACCESS_KEY_ID: 'AKIAREAL',
    AWS_SESSION_TOKEN: 'real',
    AWS_ENDPOINT_URL_S3: 'https://s3.amazonaws.com',
    AWS_ROLE_ARN: 'arn:aws:iam::1:role/real',
    AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/token',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.2/',
    AWS_USE_FIPS_ENDPOINT: 'true',
    aws_profile: 'production',
    AWS_REGION: 'eu-central-1',
  };
  const child = childEnvironment(parent, 'http://127.0.0.1:4566', '123456789012');

  test('keeps what is not about AWS', () => {
    expect(child).toMatchObject({ PATH: '/bin', HOME: '/home/dev' });
  });

  test('has nothing left that leads to a real account', () => {
    expect(Object.values(child).join('\n')).not.toMatch(/real|production|169\.254|amazonaws/i);
    expect(child).toMatchObject({
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    expect(Object.keys(child)).not.toContain('AWS_USE_FIPS_ENDPOINT');
  });

  test('keeps the region that the user works in', () => {
    expect(child).toMatchObject({ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' });
  });

  test('has a key id of its own for each partition, because the CDK CLI caches the partition with the account', () => {
    const regions = ['us-east-1', 'cn-north-1', 'us-gov-west-1', 'us-iso-east-1', 'us-isob-east-1', 'eusc-de-east-1'];
    const keyIds = regions.map(
      (region) => childEnvironment({ AWS_REGION: region }, 'http://127.0.0.1:1', '123456789012').AWS_ACCESS_KEY_ID,
    );
    expect(new Set(keyIds).size).toBe(regions.length);
    for (const keyId of keyIds) expect(keyId).toMatch(/^AKIA[A-Z0-9]{16}$/);
  });

  test('has one key id per account, because the CDK CLI caches the account by it', () => {
    expect(childEnvironment({}, 'http://127.0.0.1:1', '999999999999').AWS_ACCESS_KEY_ID).not.toBe(child.AWS_ACCESS_KEY_ID);
  });
});
