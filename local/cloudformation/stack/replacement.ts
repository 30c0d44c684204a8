/**
 * Properties of which CloudFormation says "update requires: replacement", for the types that the endpoint knows. Only change sets use
 * this; what a deployment replaces is decided by the type.
 */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  'AWS::Backup::BackupVault': ['BackupVaultName', 'EncryptionKeyArn'],
  'AWS::ECR::Repository': ['RepositoryName'],
  'AWS::IAM::ManagedPolicy': ['ManagedPolicyName', 'Path', 'Description'],
  'AWS::IAM::Role': ['RoleName', 'Path'],
  'AWS::KMS::Alias': ['AliasName'],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType'],
  'AWS::Lambda::LayerVersion': ['CompatibleRuntimes', 'Content', 'Description', 'LayerName', 'LicenseInfo'],
  'AWS::Lambda::Permission': ['Action', 'EventSourceToken', 'FunctionName', 'Principal', 'PrincipalOrgID', 'SourceAccount', 'SourceArn'],
  'AWS::Lambda::Version': ['CodeSha256', 'Description', 'FunctionName'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::S3::BucketPolicy': ['Bucket'],
  'AWS::SNS::Subscription': ['Endpoint', 'Protocol', 'TopicArn'],
  'AWS::SNS::Topic': ['FifoTopic', 'TopicName'],
  'AWS::SSM::Parameter': ['Name'],
};

export function requiresRecreation(type: string, property: string): 'Never' | 'Conditionally' | 'Always' {
  // A provider decides by the physical id that it answers.
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') return 'Conditionally';
  return REPLACING[type]?.includes(property) ? 'Always' : 'Never';
}
