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

/** Custom resources are documented as updated without interruption; that a provider may answer another id is known only afterwards. */
export function requiresRecreation(type: string, property: string): 'Never' | 'Always' {
  return REPLACING[type]?.includes(property) ? 'Always' : 'Never';
}
