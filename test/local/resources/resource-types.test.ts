import type { Properties, ResourceResult, ResourceType } from '../../../local/cloudformation/resource-type';
import { FunctionStore } from '../../../local/lambda/function-store';
import { LogStore } from '../../../local/logs/log-store';
import { resourceTypes } from '../../../local/resources';
import { BucketStore } from '../../../local/s3/bucket-store';
import { ParameterStore } from '../../../local/ssm/parameter-store';
import { testWorld, TestWorld } from '../test-world';
import { resourceScope } from './resource-scope';

describe('a resource type', () => {
  let world: TestWorld;
  beforeEach(() => (world = testWorld()));

  const type = (name: string): ResourceType => {
    const found = resourceTypes(world).get(name);
    if (found === undefined) throw new Error(`no type ${name}`);
    return found;
  };
  const create = (name: string, properties: Properties = {}, logicalId = 'Res'): Promise<ResourceResult> =>
    type(name).create(properties, resourceScope(world, logicalId, name));
  const update = (name: string, physicalId: string, properties: Properties, previous: Properties): Promise<ResourceResult> =>
    type(name).update(physicalId, properties, previous, resourceScope(world, 'New', name));
  const remove = (name: string, physicalId: string, properties: Properties = {}): Promise<void> =>
    type(name).delete(physicalId, properties, resourceScope(world, 'Res', name));

  test.each<[string, Properties, string]>([
    [
      'AWS::Lambda::Function',
      {
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: 'arn:aws-cn:iam::123456789012:role/worker',
        Code: { ZipFile: 'exports.handler = async () => 1;' },
      },
      'arn:aws-cn:lambda:cn-north-1:123456789012:function:Demo-Res-1',
    ],
    ['AWS::Logs::LogGroup', {}, 'arn:aws-cn:logs:cn-north-1:123456789012:log-group:Demo-Res-1:*'],
    ['AWS::S3::Bucket', { BucketName: 'ledger' }, 'arn:aws-cn:s3:::ledger'],
  ])('%s in China has an ARN of China', async (name, properties, arn) => {
    const scope = { ...resourceScope(world, 'Res', name), region: 'cn-north-1', partition: 'aws-cn' };
    expect((await type(name).create(properties, scope)).attributes).toMatchObject({ Arn: arn });
  });

  describe('AWS::Lambda::Function', () => {
    const properties = {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::123456789012:role/worker',
      Code: { ZipFile: 'exports.handler = async () => 1;' },
    };

    test('is named by CloudFormation, keeps its name on update and loses it on delete', async () => {
      const { physicalId, attributes } = await create('AWS::Lambda::Function', { ...properties, Timeout: '30' });
      expect([physicalId, attributes]).toEqual(['Demo-Res-1', { Arn: 'arn:aws:lambda:eu-central-1:123456789012:function:Demo-Res-1' }]);
      const changed = { ...properties, MemorySize: 256, Environment: { Variables: { COUNT: 5 } } };
      expect((await update('AWS::Lambda::Function', physicalId, changed, properties)).physicalId).toBe(physicalId);
      const functions = new FunctionStore(world);
      expect(functions.find(physicalId, 'eu-central-1')?.configuration).toMatchObject({
        memorySize: 256,
        timeout: 3,
        environment: { COUNT: '5' },
      });
      await remove('AWS::Lambda::Function', physicalId);
      expect(functions.find(physicalId, 'eu-central-1')).toBeUndefined();
    });

    test('is replaced when its name changes', async () => {
      await create('AWS::Lambda::Function', { ...properties, FunctionName: 'old' });
      const replaced = await update(
        'AWS::Lambda::Function',
        'old',
        { ...properties, FunctionName: 'new' },
        { ...properties, FunctionName: 'old' },
      );
      expect(replaced.physicalId).toBe('new');
      expect(new FunctionStore(world).names('eu-central-1')).toEqual(['new', 'old']);
    });

    test.each([
      ['a name that is taken', { FunctionName: 'taken' }, 'taken already exists'],
      ['code that is not in its bucket', { Code: { S3Bucket: 'cdk-x-assets-1', S3Key: 'k.zip' } }, 'S3 Error Code: NoSuchKey'],
      ['a timeout over 15 minutes', { Timeout: 901 }, '`Timeout` must be a whole number from 1 to 900, not 901'],
      ['a reserved variable', { Environment: { Variables: { AWS_REGION: 'x' } } }, 'Reserved keys used in this request: AWS_REGION'],
      ['no role', { Role: '' }, '`Role` is required'],
    ])('is refused with %s', async (_what, change, message) => {
      await create('AWS::Lambda::Function', { ...properties, FunctionName: 'taken' });
      await expect(create('AWS::Lambda::Function', { ...properties, ...change })).rejects.toThrow(message);
      expect(new FunctionStore(world).names('eu-central-1')).toEqual(['taken']);
    });

    test('brings along its permissions, retries and layers', async () => {
      await create('AWS::Lambda::Function', { ...properties, FunctionName: 'fn' });
      await create('AWS::Lambda::Permission', {
        FunctionName: 'fn',
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: 'arn:x',
      });
      const config = { FunctionName: 'fn', Qualifier: '$LATEST', MaximumRetryAttempts: 0 };
      await create('AWS::Lambda::EventInvokeConfig', config);
      const record = new FunctionStore(world).find('fn', 'eu-central-1');
      expect(Object.values(record?.statements ?? {})).toEqual([
        {
          Sid: 'Demo-Res-1',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
          Resource: 'arn:aws:lambda:eu-central-1:123456789012:function:fn',
          Condition: { ArnLike: { 'AWS:SourceArn': 'arn:x' } },
        },
      ]);
      expect(record?.invokeConfigs).toEqual({ $LATEST: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: undefined } });
      await expect(create('AWS::Lambda::EventInvokeConfig', config)).rejects.toThrow('already has an EventInvokeConfig');
      await remove('AWS::Lambda::Function', 'fn');
      await remove('AWS::Lambda::EventInvokeConfig', 'x', config);
      await remove('AWS::Lambda::Permission', 'Demo-Res-1', { FunctionName: 'fn' });
    });
  });

  test('AWS::Logs::LogGroup makes a group and will not take over one that is there', async () => {
    const named = { LogGroupName: '/aws/lambda/fn', RetentionInDays: '30' };
    const { physicalId, attributes } = await create('AWS::Logs::LogGroup', named);
    expect([physicalId, attributes?.Arn]).toEqual(['/aws/lambda/fn', 'arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/fn:*']);
    expect(new LogStore(world).get('eu-central-1', physicalId).retentionInDays).toBe(30);
    await expect(create('AWS::Logs::LogGroup', named)).rejects.toThrow('already exists');
    await remove('AWS::Logs::LogGroup', physicalId);
    await remove('AWS::Logs::LogGroup', physicalId);
    expect(new LogStore(world).names('eu-central-1')).toEqual([]);
  });

  test('AWS::S3::Bucket keeps what is in it', async () => {
    const { physicalId, attributes } = await create('AWS::S3::Bucket', { Tags: [{ Key: 'aws-cdk:auto-delete-objects', Value: 'true' }] });
    expect([physicalId, attributes?.Arn]).toEqual(['demo-res-1', 'arn:aws:s3:::demo-res-1']);
    const buckets = new BucketStore(world);
    const bucket = buckets.bucket('demo-res-1', 'eu-central-1');
    expect(bucket.tags).toEqual({ 'aws-cdk:auto-delete-objects': 'true' });
    buckets.putObject(bucket, 'k', Buffer.from('x'), { headers: {} });
    await expect(create('AWS::S3::Bucket', { BucketName: 'demo-res-1' })).rejects.toThrow('demo-res-1 already exists');
    await expect(remove('AWS::S3::Bucket', 'demo-res-1')).rejects.toThrow('The bucket you tried to delete is not empty');
    buckets.deleteObject(bucket, 'k');
    await remove('AWS::S3::Bucket', 'demo-res-1');
    expect(buckets.findBucket('demo-res-1')).toBeUndefined();
  });

  test('AWS::SSM::Parameter is a parameter that can be read, and refuses a name that is taken', async () => {
    const properties = { Name: '/ledger/arn', Type: 'String', Value: 'one' };
    expect(await create('AWS::SSM::Parameter', properties)).toEqual({
      physicalId: '/ledger/arn',
      attributes: { Type: 'String', Value: 'one' },
    });
    await expect(create('AWS::SSM::Parameter', properties)).rejects.toThrow('/ledger/arn already exists');
    await update('AWS::SSM::Parameter', '/ledger/arn', { ...properties, Value: 'two' }, properties);
    expect(new ParameterStore(world).get('/ledger/arn', 'eu-central-1')).toMatchObject({ value: 'two', version: 2 });
    await remove('AWS::SSM::Parameter', '/ledger/arn');
    expect(new ParameterStore(world).find('/ledger/arn', 'eu-central-1')).toBeUndefined();
  });

  test('the bootstrap version can be made by the bootstrap stack although it can be read before', async () => {
    const properties = { Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: '33' };
    expect((await create('AWS::SSM::Parameter', properties)).physicalId).toBe(properties.Name);
  });

  test.each<[string, Properties, string, string, string]>([
    ['AWS::SNS::Topic', {}, 'arn:aws:sns:eu-central-1:123456789012:Demo-Res-1', 'TopicName', 'Demo-Res-1'],
    [
      'AWS::SNS::Topic',
      { TopicName: 't' },
      'arn:aws:sns:eu-central-1:123456789012:t',
      'TopicArn',
      'arn:aws:sns:eu-central-1:123456789012:t',
    ],
    [
      'AWS::SQS::Queue',
      {},
      'https://sqs.eu-central-1.amazonaws.com/123456789012/Demo-Res-1',
      'Arn',
      'arn:aws:sqs:eu-central-1:123456789012:Demo-Res-1',
    ],
    ['AWS::ECR::Repository', { RepositoryName: 'r' }, 'r', 'RepositoryUri', '123456789012.dkr.ecr.eu-central-1.amazonaws.com/r'],
    ['AWS::Events::Rule', { EventBusName: 'bus' }, 'Demo-Res-1', 'Arn', 'arn:aws:events:eu-central-1:123456789012:rule/bus/Demo-Res-1'],
    ['AWS::DynamoDB::Table', { TableName: 't' }, 't', 'Arn', 'arn:aws:dynamodb:eu-central-1:123456789012:table/t'],
    ['AWS::CloudWatch::Alarm', {}, 'Demo-Res-1', 'Arn', 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:Demo-Res-1'],
    ['AWS::StepFunctions::StateMachine', { StateMachineName: 'm' }, 'arn:aws:states:eu-central-1:123456789012:stateMachine:m', 'Name', 'm'],
    ['AWS::KMS::Alias', { AliasName: 'alias/a' }, 'alias/a', 'none', ''],
  ])('%s with %j is %s', async (name, properties, physicalId, attribute, value) => {
    const result = await create(name, properties);
    expect(result.physicalId).toBe(physicalId);
    expect(result.attributes?.[attribute] ?? '').toBe(value);
  });

  test.each([
    ['AWS::EC2::VPC', {}, /^vpc-0[0-9a-f]{16}$/],
    ['AWS::EC2::Subnet', { VpcId: 'vpc-1' }, /^subnet-0[0-9a-f]{16}$/],
    ['AWS::EC2::SecurityGroup', {}, /^sg-0[0-9a-f]{16}$/],
    ['AWS::EC2::Route', { RouteTableId: 'rtb-1', DestinationCidrBlock: '0.0.0.0/0' }, /^rtb-1\|0\.0\.0\.0\/0$/],
    ['AWS::EC2::EIP', {}, /^203\.0\.113\.\d+$/],
    ['AWS::KMS::Key', {}, /^[0-9a-f-]{36}$/],
    ['AWS::SecretsManager::Secret', { Name: 's' }, /^arn:aws:secretsmanager:eu-central-1:123456789012:secret:s-[0-9a-f]{6}$/],
    ['AWS::SNS::Subscription', { TopicArn: 'arn:t' }, /^arn:t:[0-9a-f-]{36}$/],
  ])('%s has an id in AWS’s form', async (name, properties, form) => {
    expect((await create(name, properties)).physicalId).toMatch(form);
  });

  describe('that is only recorded', () => {
    test('keeps its identity and its attributes when it changes in place', async () => {
      const before = { CidrBlock: '10.0.0.0/16' };
      const made = await create('AWS::EC2::VPC', before);
      const after = { ...before, EnableDnsSupport: true };
      expect(await update('AWS::EC2::VPC', made.physicalId, after, before)).toEqual(made);
    });

    test('is replaced when something changes that cannot be changed', async () => {
      const made = await create('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' });
      const replaced = await update('AWS::EC2::VPC', made.physicalId, { CidrBlock: '10.1.0.0/16' }, { CidrBlock: '10.0.0.0/16' });
      expect(replaced.physicalId).not.toBe(made.physicalId);
    });

    test('cannot be replaced under a name that was given to it', async () => {
      const before = { QueueName: 'q', FifoQueue: false };
      const { physicalId } = await create('AWS::SQS::Queue', before);
      await expect(update('AWS::SQS::Queue', physicalId, { ...before, FifoQueue: true }, before)).rejects.toThrow(
        'CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename q and update the stack again.',
      );
    });

    test('has its name for itself', async () => {
      await create('AWS::SNS::Topic', { TopicName: 't' });
      await expect(create('AWS::SNS::Topic', { TopicName: 't' })).rejects.toThrow('t already exists');
      await remove('AWS::SNS::Topic', 'arn:aws:sns:eu-central-1:123456789012:t');
      await expect(create('AWS::SNS::Topic', { TopicName: 't' })).resolves.toBeDefined();
    });
  });

  test('every type of the bootstrap template that is not IAM’s is there', () => {
    const types = resourceTypes(world);
    for (const name of [
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::ECR::Repository',
      'AWS::SSM::Parameter',
      'AWS::KMS::Key',
      'AWS::KMS::Alias',
    ]) {
      expect([name, types.has(name)]).toEqual([name, true]);
    }
  });
});
