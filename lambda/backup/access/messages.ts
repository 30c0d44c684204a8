import { CallFailed } from '../../aws/calls';
import { Place } from '../place';

export function missingVault({ vaultName, arn }: Place): string {
  const [, , , region, account] = arn.split(':');
  return (
    `there is no backup vault ${vaultName} in region ${region} of account ${account}. Make it first, or name the one that you mean in ` +
    '`vault`; a vault of another account needs `role`.'
  );
}

export function refusalText(why: 'taken' | 'variables', { vaultName }: Place, sids: readonly string[]): string {
  const which = listed(sids);
  switch (why) {
    case 'taken':
      return (
        `the access policy of backup vault ${vaultName} has other ${which} already, which this resource did not write. Give yours another ` +
        '`sid`, or take those out of the policy first if they are to be replaced.'
      );
    case 'variables':
      return (
        `the access policy of backup vault ${vaultName} has no \`Version\` "2012-10-17", so the variables (\${…}) of ${which} would be plain text. ` +
        'Give the policy that version, which may change what its other statements mean, or write the statements without variables.'
      );
  }
}

export function unreadable({ vaultName }: Place, problem: string): string {
  return `the access policy of backup vault ${vaultName} cannot be merged with: ${problem}. Put it right, or remove it, and deploy again.`;
}

export function contested({ vaultName }: Place): string {
  return (
    `the access policy of backup vault ${vaultName} does not stay as it was written: something else writes it, too, without keeping what is ` +
    'there. Let one of the two manage it.'
  );
}

export function notWaitedFor({ vaultName }: Place): string {
  return (
    `the access policy of backup vault ${vaultName} is not changed: the stack is no longer waiting for it, the request came too late or ` +
    'its deployment was taken back.'
  );
}

/** Names no principal: the statement that names it may be anybody's. */
export function unknownPrincipal({ vaultName }: Place, sids: readonly string[], patienceMs: number): string {
  return (
    `AWS Backup does not take the access policy of vault ${vaultName}: for ${patienceMs / 1000} seconds a principal in it was not valid. ` +
    `It is named by ${listed(sids)}, or by a statement that was there before. Does the role or user exist? One that was deleted stands in an ` +
    'older statement as an id like AROA…; take that statement out.'
  );
}

export function isUnknownPrincipal(error: unknown): boolean {
  return error instanceof CallFailed && error.name === 'InvalidParameterValueException' && /principal/i.test(error.message);
}

/** What a Delete that ends without removing them leaves to be done by hand. */
export function staying({ vaultName, region }: Place, sids: readonly string[], problem: string): string {
  return (
    `${listed(sids)} may still be in the access policy of backup vault ${vaultName} (${region}): ${problem} To remove by hand: get the policy ` +
    `(aws backup get-backup-vault-access-policy --backup-vault-name ${vaultName}), take them out, and put the rest; if nothing is left, ` +
    'delete-backup-vault-access-policy. Where a statement denies putting the policy, only a principal that it exempts can.'
  );
}

export function changedByOthers({ vaultName }: Place, sids: readonly string[]): string {
  return `${listed(sids)} in the access policy of backup vault ${vaultName}: left as found, because somebody has changed it since`;
}

function listed(sids: readonly string[]): string {
  return `${sids.length === 1 ? 'statement' : 'statements'} ${sids.map((sid) => `"${sid}"`).join(', ')}`;
}

export function superseded({ vaultName }: Place): string {
  return `the access policy of backup vault ${vaultName} is left as it is: the request came too late, the stack has gone on without it`;
}
