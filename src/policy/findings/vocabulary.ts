/** The names that may stand in a policy of a vault: actions and condition keys. */

/** Actions that a vault's policy can be about. Service Authorization Reference, "Amazon S3 Glacier". */
const GLACIER_ACTIONS = [
  'AbortMultipartUpload',
  'AbortVaultLock',
  'AddTagsToVault',
  'CompleteMultipartUpload',
  'CompleteVaultLock',
  'DeleteArchive',
  'DeleteVault',
  'DeleteVaultAccessPolicy',
  'DeleteVaultNotifications',
  'DescribeJob',
  'DescribeVault',
  'GetJobOutput',
  'GetVaultAccessPolicy',
  'GetVaultLock',
  'GetVaultNotifications',
  'InitiateJob',
  'InitiateMultipartUpload',
  'InitiateVaultLock',
  'ListJobs',
  'ListMultipartUploads',
  'ListParts',
  'ListTagsForVault',
  'RemoveTagsFromVault',
  'SetVaultAccessPolicy',
  'SetVaultNotifications',
  'UploadArchive',
  'UploadMultipartPart',
].map((name) => `glacier:${name}`);

/**
 * Actions on a backup vault and on what is in it, and those whose names could be taken for a slip in one of these. Service Authorization
 * Reference, "AWS Backup".
 */
const BACKUP_ACTIONS = [
  'AssociateBackupVaultMpaApprovalTeam',
  'CopyFromBackupVault',
  'CopyIntoBackupVault',
  'CreateBackupAccessPoint',
  'CreateBackupVault',
  'CreateLogicallyAirGappedBackupVault',
  'CreateRestoreAccessBackupVault',
  'DeleteBackupVault',
  'DeleteBackupVaultAccessPolicy',
  'DeleteBackupVaultLockConfiguration',
  'DeleteBackupVaultNotifications',
  'DeleteBackupVaultSharingPolicy',
  'DeleteRecoveryPoint',
  'DescribeBackupVault',
  'DescribeRecoveryPoint',
  'DisassociateBackupVaultMpaApprovalTeam',
  'DisassociateRecoveryPoint',
  'DisassociateRecoveryPointFromParent',
  'GetBackupVaultAccessPolicy',
  'GetBackupVaultNotifications',
  'GetBackupVaultSharingPolicy',
  'GetRecoveryPointIndexDetails',
  'GetRecoveryPointRestoreMetadata',
  'ListIndexedRecoveryPoints',
  'ListProtectedResourcesByBackupVault',
  'ListRecoveryPointsByBackupVault',
  'ListTags',
  'PutBackupVaultAccessPolicy',
  'PutBackupVaultLockConfiguration',
  'PutBackupVaultNotifications',
  'PutBackupVaultSharingPolicy',
  'RevokeRestoreAccessBackupVault',
  'SearchRecoveryPoint',
  'StartBackupJob',
  'StartCopyJob',
  'StartReportJob',
  'StartRestoreJob',
  'StartScanJob',
  'StopBackupJob',
  'TagResource',
  'UntagResource',
  'UpdateRecoveryPointIndexSettings',
  'UpdateRecoveryPointLifecycle',
].map((name) => `backup:${name}`);

export function actionsOf(service: Service): readonly string[] {
  return service === 'glacier' ? GLACIER_ACTIONS : BACKUP_ACTIONS;
}

export type Service = 'glacier' | 'backup';

const GLACIER_KEYS = ['glacier:ArchiveAgeInDays'];
/** Service Authorization Reference, "AWS Backup". */
const BACKUP_KEYS = [
  'ChangeableForDays',
  'CopyTargetOrgPaths',
  'CopyTargets',
  'FrameworkArns',
  'Index',
  'MaxRetentionDays',
  'MinRetentionDays',
  'MpaApprovalTeamArn',
].map((name) => `backup:${name}`);

/** IAM user guide, "AWS global condition context keys", those of other services included that come with every call of a session. */
const GLOBAL_KEYS = [
  'aws:AssumedRoot',
  'aws:CalledVia',
  'aws:CalledViaAWSMCP',
  'aws:CalledViaFirst',
  'aws:CalledViaLast',
  'aws:ChatbotSourceArn',
  'aws:CurrentTime',
  'aws:Ec2InstanceSourcePrivateIPv4',
  'aws:Ec2InstanceSourceVpc',
  'aws:EpochTime',
  'aws:FederatedProvider',
  'aws:IsMcpServiceAction',
  'aws:MultiFactorAuthAge',
  'aws:MultiFactorAuthPresent',
  'aws:PrincipalAccount',
  'aws:PrincipalArn',
  'aws:PrincipalIsAWSService',
  'aws:PrincipalOrgID',
  'aws:PrincipalOrgPaths',
  'aws:PrincipalServiceName',
  'aws:PrincipalServiceNamesList',
  'aws:PrincipalType',
  'aws:Referer',
  'aws:RequestedRegion',
  'aws:ResourceAccount',
  'aws:ResourceOrgID',
  'aws:ResourceOrgPaths',
  'aws:SecureTransport',
  'aws:SignInSessionArn',
  'aws:SourceAccount',
  'aws:SourceArn',
  'aws:SourceIdentity',
  'aws:SourceIp',
  'aws:SourceOrgID',
  'aws:SourceOrgPaths',
  'aws:SourceOwner',
  'aws:SourceVpc',
  'aws:SourceVpcArn',
  'aws:SourceVpce',
  'aws:TagKeys',
  'aws:TokenIssueTime',
  'aws:UserAgent',
  'aws:userid',
  'aws:username',
  'aws:ViaAWSMCPService',
  'aws:ViaAWSService',
  'aws:VpceAccount',
  'aws:VpceOrgID',
  'aws:VpceOrgPaths',
  'aws:VpcSourceIp',
  'codebuild:BuildArn',
  'codebuild:ProjectArn',
  'ec2:RoleDelivery',
  'ec2:SourceInstanceArn',
  'glue:CredentialIssuingService',
  'glue:RoleAssumedBy',
  'identitystore:UserId',
  'lambda:SourceFunctionArn',
  'ssm:SourceInstanceArn',
];

/** Keys that go on with the name of a tag. */
export const TAG_PREFIX = 'glacier:ResourceTag/';
const GLOBAL_TAG_PREFIXES = ['aws:PrincipalTag/', 'aws:RequestTag/'];
/** Glacier has a key of its own for it. */
const RESOURCE_TAG_PREFIX = 'aws:ResourceTag/';

export function conditionKeysOf(service: Service): { readonly keys: readonly string[]; readonly tagPrefixes: readonly string[] } {
  return service === 'glacier'
    ? { keys: [...GLACIER_KEYS, ...GLOBAL_KEYS], tagPrefixes: [TAG_PREFIX, ...GLOBAL_TAG_PREFIXES] }
    : { keys: [...BACKUP_KEYS, ...GLOBAL_KEYS], tagPrefixes: [...GLOBAL_TAG_PREFIXES, RESOURCE_TAG_PREFIX] };
}
