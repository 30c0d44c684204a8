import { Annotations as Notes } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GlacierVault, GlacierVaultLock, VaultLockPolicy } from '../../src';
import { findHoles, type Finding, type FindingsInput } from '../../src/policy/findings';
import { aStack, ONE_YEAR, OTHER_ACCOUNT, synthesis } from '../construct-fixtures/stacks';

jest.mock('../../src/policy/findings', () => ({ findHoles: jest.fn() }));

const finder = jest.mocked(findHoles);

function found(kind: FindingsInput['kind'], ...findings: Partial<Finding>[]) {
  finder.mockImplementation((input) =>
    input.kind !== kind
      ? []
      : findings.map((finding) => ({ id: 'typo-key', severity: 'warning', statement: 0, message: 'M.', remedy: 'R.', ...finding })),
  );
}

const statement = (props: Partial<iam.PolicyStatementProps> = {}) =>
  new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.StarPrincipal()], actions: ['glacier:DeleteArchive'], ...props });

function locked(lock: iam.PolicyStatement[], access: iam.PolicyStatement[] = []) {
  const stack = aStack();
  const vault = new GlacierVault(stack, 'Ledger', { vaultName: 'ledger' });
  access.forEach((each) => vault.addToAccessPolicy(each));
  const policy = VaultLockPolicy.fromDocument(new iam.PolicyDocument({ statements: lock }));
  return { stack, lock: new GlacierVaultLock(stack, 'Lock', { vault, policy }) };
}

function warnings({ stack }: ReturnType<typeof locked>): string[] {
  return Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ id, entry }) => `${id}: ${String(entry.data)}`);
}

test('a hole in a lock policy is a warning of the lock, under the id of the finding', () => {
  found('lock', { message: 'Statement[0] ("Keep") asks for a key that nobody knows.', remedy: 'Write it in the right way.' });

  expect(warnings(locked([statement()]))).toEqual([
    '/Archive/Lock: `policy`: Statement[0] ("Keep") asks for a key that nobody knows. Write it in the right way. [ack: cdk-vault-lock:typo-key]',
  ]);
  expect(finder).toHaveBeenLastCalledWith(
    expect.objectContaining({
      kind: 'lock',
      vaultArn: 'arn:aws:glacier:eu-west-1:111111111111:vaults/ledger',
      retention: { days: 'forever', proven: true, unknown: [] },
    }),
  );
});

test('a hole in an access policy is a warning of the vault', () => {
  found('access', { id: 'if-exists', severity: 'error' });

  expect(warnings(locked([statement()], [statement()]))).toEqual([
    '/Archive/Ledger: `accessPolicy`: M. R. [ack: cdk-vault-lock:if-exists]',
  ]);
});

test('it can be acknowledged', () => {
  found('lock', {});
  const app = locked([statement()]);
  Notes.of(app.lock).acknowledgeWarning('cdk-vault-lock:typo-key', 'meant so');

  expect(warnings(app)).toEqual([]);
});

test('what has been warned about all along keeps its id, and is said once', () => {
  found('lock', { id: 'owner-only-principal' }, { id: 'owner-only-principal', statement: 1 });
  const ownerOnly = statement({ principals: [new iam.AccountRootPrincipal()] });
  const partnerOnly = statement({ principals: [new iam.ArnPrincipal(`arn:aws:iam::${OTHER_ACCOUNT}:role/partner`)] });

  expect(warnings(locked([ownerOnly, partnerOnly]))).toEqual([
    expect.stringMatching(
      /Statement\[0\] denies principals of the named accounts only.*\[ack: cdk-vault-lock:lockPolicySparesOtherAccounts\]$/,
    ),
    '/Archive/Lock: `policy`: M. R. [ack: cdk-vault-lock:lockPolicySparesOtherAccounts]',
  ]);
});

test('a policy with errors has these and no more', () => {
  found('lock', { id: 'no-principal', severity: 'error' });
  const app = locked([statement({ principals: [] })]);

  expect(synthesis(app.stack)).toThrow(/Statement\[0\] has no principal/);
  expect(app.lock.node.metadata.filter(({ type }) => type === 'aws:cdk:warning')).toEqual([]);
});

test('a mere retention is not looked at for holes', () => {
  finder.mockClear();
  const stack = aStack();
  new GlacierVaultLock(stack, 'Lock', { vault: new GlacierVault(stack, 'Ledger'), policy: ONE_YEAR });

  expect(synthesis(stack)).not.toThrow();
  expect(finder).not.toHaveBeenCalled();
});
