import { ARN } from './world';

export function retain(vaultName: string, days: number): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'retain',
        Effect: 'Deny',
        Principal: '*',
        Action: ['glacier:DeleteArchive'],
        Resource: [ARN(vaultName)],
        Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDays': String(days) } },
      },
    ],
  });
}

export { normalised } from './rewritten-policy';

export function allowUpload(vaultName: string, account = '999999999999'): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: ['glacier:UploadArchive'], Resource: ARN(vaultName) }],
  });
}
