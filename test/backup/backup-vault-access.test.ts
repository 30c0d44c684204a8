import { App, CfnParameter, Fn, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BackupProvider, BackupVaultAccess, type BackupVaultAccessProps } from '../../src';
import { evaluate, parsePolicy } from '../../src/policy';
import { ACCESS, existingVault } from '../construct-fixtures/backup';
import { aStack, deployedText, ENV, OTHER_ACCOUNT, propertiesOf, resourceOf, STACK_UUID, synthesis } from '../construct-fixtures/stacks';

const partner = new iam.AccountPrincipal(OTHER_ACCOUNT);
const copies = (props: Partial<iam.PolicyStatementProps> = {}) =>
  new iam.PolicyStatement({ sid: 'Copies', actions: ['backup:CopyIntoBackupVault'], principals: [partner], ...props });

function accessWith(...statements: iam.PolicyStatement[]) {
  const stack = aStack();
  return { stack, access: new BackupVaultAccess(stack, 'Access', { vault: existingVault(stack), statements }) };
}

function statementsIn(stack: ReturnType<typeof aStack>) {
  return JSON.parse(deployedText(propertiesOf(stack, ACCESS).Statements)) as Record<string, unknown>[];
}

describe('access to a vault', () => {
  test('is one resource that waits for the permission to change the policy, and so goes before it', () => {
    const { stack } = accessWith(copies());

    expect(propertiesOf(stack, ACCESS)).toEqual({
      ServiceToken: { 'Fn::GetAtt': ['CdkVaultLockBackupHandler', 'Arn'] },
      ServiceTimeout: 900,
      VaultName: 'prod',
      Statements: expect.anything() as unknown,
    });
    expect(resourceOf(stack, ACCESS)).toMatchObject({
      DependsOn: ['CdkVaultLockBackupAccessPoliciesPermission', 'CdkVaultLockBackupDelivery'],
      DeletionPolicy: 'Delete',
    });
  });

  test('is a list of statements, for all recovery points unless they say otherwise', () => {
    const point = 'arn:aws:ec2:eu-west-1::snapshot/*';
    const { stack, access } = accessWith(copies());
    access.addStatements(copies({ sid: 'Snapshots', actions: ['backup:StartRestoreJob'], resources: [point] }));

    const principal = { AWS: 'arn:aws:iam::222222222222:root' };
    expect(statementsIn(stack)).toEqual([
      { Sid: 'Copies', Effect: 'Allow', Principal: principal, Action: 'backup:CopyIntoBackupVault', Resource: '*' },
      { Sid: 'Snapshots', Effect: 'Allow', Principal: principal, Action: 'backup:StartRestoreJob', Resource: point },
    ]);
  });

  test('may get principals after a statement was added, and values at deployment', () => {
    const { stack, access } = accessWith();
    const statement = new iam.PolicyStatement({ sid: 'Later', actions: ['backup:CopyIntoBackupVault'] });
    access.addStatements(statement);
    statement.addArnPrincipal(new CfnParameter(stack, 'Partner').valueAsString);

    expect(statementsIn(stack)).toMatchObject([{ Principal: { AWS: '<Partner>' } }]);
  });

  test('names statements without a sid by the deployed stack, which no other shares, the path of the construct and their place', () => {
    const sids = (id: string) => {
      const stack = aStack(ENV, undefined, id);
      const statements = [copies({ sid: undefined }), copies(), copies({ sid: undefined })];
      new BackupVaultAccess(stack, 'Access', { vault: existingVault(stack), statements });
      return statementsIn(stack).map(({ Sid }) => Sid as string);
    };

    const uuid = STACK_UUID.replace(/-/g, '');
    expect(sids('Archive')).toEqual([`CdkVaultLock${uuid}944cc9a2240e1`, 'Copies', `CdkVaultLock${uuid}944cc9a2240e3`]);
    expect(sids('Other')[0]).toMatch(/^CdkVaultLock[0-9a-f]{44}1$/);
    expect(sids('Other')[0]).not.toBe(sids('Archive')[0]);
  });

  test('keeps what it was given apart from the list that the caller has', () => {
    const statements = [copies()];
    const { stack } = accessWith(...statements);
    statements.push(copies({ sid: 'TooLate' }));
    expect(statementsIn(stack)).toHaveLength(1);
  });

  test('is always removed with its construct', () => {
    const { access } = accessWith(copies());
    expect(() => access.applyRemovalPolicy(RemovalPolicy.DESTROY)).not.toThrow();
    expect(() => access.applyRemovalPolicy(RemovalPolicy.RETAIN)).toThrow(/takes RemovalPolicy.DESTROY only, got: 'retain'/);
  });
});

describe('a statement is refused', () => {
  const refusal = (...statements: iam.PolicyStatement[]) => expect(synthesis(accessWith(...statements).stack)).toThrow;

  test('with the sid of another one', () => {
    refusal(
      copies(),
      copies({ actions: ['backup:StartRestoreJob'] }),
    )(
      '`statements`: Statement[1] ("Copies") has the `sid` of another one, and the vault\'s policy tells statements apart by that. Give it another.',
    );
  });

  test.each(['backup:*', 'backup:Copy*', '*'])('with the action %s', (action) => {
    refusal(copies({ actions: ['backup:StartRestoreJob', action] }))(
      `\`statements\`: Statement[0] ("Copies") names the action '${action}': access policies of AWS Backup take no wildcards in actions. List the actions that you mean.`,
    );
    refusal(copies({ actions: undefined, notActions: [action] }))(/take no wildcards in actions/);
  });

  test('without principal or action', () => {
    refusal(copies({ principals: undefined }))(/Statement\[0\] \("Copies"\) has no principal.*`new StarPrincipal\(\)` means everyone/);
    refusal(copies({ actions: undefined }))(/has no action. Add `actions`/);
  });

  test('when there is none at all', () => {
    refusal()('`statements` must not be empty, got none. Add one, e.g. with `addStatements()`, or drop the BackupVaultAccess.');
  });

  test.each(['Copies of partner', 'copies-1', 'copies_1'])('with the sid %j, which IAM does not take', (sid) => {
    refusal(copies({ sid }))(
      `\`statements\`: Statement[0] ("${sid}") has a \`sid\` with other characters than letters and digits, which IAM does not take. Choose another, or leave it out.`,
    );
  });

  test.each<[string, Partial<iam.PolicyStatementProps>]>([
    ['everyone', { principals: [new iam.StarPrincipal()] }],
    ['every AWS principal', { principals: [new iam.AnyPrincipal()] }],
    ['everyone among others', { principals: [new iam.AnyPrincipal(), new iam.AccountPrincipal(OTHER_ACCOUNT)] }],
    ['everyone, in other letters', { principals: [new iam.StarPrincipal()], actions: ['Backup:putBackupVaultAccessPolicy'] }],
    [
      'everyone, by naming other actions',
      { principals: [new iam.StarPrincipal()], actions: undefined, notActions: ['backup:StartRestoreJob'] },
    ],
  ])('that denies changing the policy to %s: nobody could take it out again', (_, props) => {
    refusal(copies({ effect: iam.Effect.DENY, actions: ['backup:PutBackupVaultAccessPolicy'], ...props }))(
      'Statement[0] ("Copies") denies backup:PutBackupVaultAccessPolicy to everyone, the library\'s function included: nobody could change or remove it again. ' +
        'Add a condition that exempts the role of the function, as `blockRecoveryPointDeletion()` does.',
    );
  });

  test.each<[string, Partial<iam.PolicyStatementProps>]>([
    ['with a condition', { conditions: { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/writer' } } }],
    ['for another account', { principals: [partner] }],
    ['of another action', { actions: ['backup:StartRestoreJob'] }],
    ['of all actions but this', { actions: undefined, notActions: ['backup:PutBackupVaultAccessPolicy'] }],
    ['of all actions but one that is not known yet', { actions: undefined, notActions: [Fn.importValue('Spared')] }],
    ['that allows it', { effect: iam.Effect.ALLOW }],
  ])('but not a Deny %s', (_, props) => {
    const denial = { effect: iam.Effect.DENY, principals: [new iam.StarPrincipal()], actions: ['backup:PutBackupVaultAccessPolicy'] };
    expect(synthesis(accessWith(copies({ ...denial, ...props })).stack)).not.toThrow();
  });

  test('but not for what is known at deployment only', () => {
    const { stack, access } = accessWith();
    access.addStatements(copies({ actions: [new CfnParameter(stack, 'Action').valueAsString] }));
    access.addStatements(copies({ sid: `Of${new CfnParameter(stack, 'Sid').valueAsString}` }));
    access.addStatements(copies({ sid: 'Other', actions: [Lazy.string({ produce: () => 'backup:StartRestoreJob' })] }));
    expect(synthesis(stack)).not.toThrow();
  });
});

describe('the vault', () => {
  const message = (path: string) => `\`vault\` must be a vault that this app does not define, but 'prod' is defined by '${path}'`;

  test('must not be one of this app', () => {
    const stack = aStack();
    const vault = new backup.BackupVault(stack, 'Vault', { backupVaultName: 'prod' });
    expect(() => new BackupVaultAccess(stack, 'Access', { vault })).toThrow(message('Archive/Vault/Resource'));

    const resource = new backup.CfnBackupVault(stack, 'Resource', { backupVaultName: 'prod' });
    const same = backup.BackupVault.fromBackupVaultName(stack, 'Same', resource.ref);
    expect(() => new BackupVaultAccess(stack, 'Other', { vault: same })).toThrow(message('Archive/Resource'));
  });

  test('must not be one of this app that is meant by name', () => {
    const app = new App();
    const stack = aStack(ENV, app, 'Access');
    new BackupVaultAccess(stack, 'Access', { vault: existingVault(stack), statements: [copies()] });
    new backup.BackupVault(aStack(ENV, app), 'Vault', { backupVaultName: 'prod' });

    expect(() => app.synth()).toThrow(message('Archive/Vault/Resource'));
  });

  test('can have one construct with statements', () => {
    const { stack, access } = accessWith(copies());
    const again = (props: Partial<BackupVaultAccessProps> = {}) =>
      new BackupVaultAccess(stack, 'Again', { vault: backup.BackupVault.fromBackupVaultName(stack, 'Imported', 'prod'), ...props });

    expect(again).toThrow(
      `\`vault\` must have one BackupVaultAccess, but 'prod' already has '${access.node.path}'. Add the statements there, with \`addStatements()\`.`,
    );
  });

  test('must have a name that an access policy can be put on', () => {
    const stack = aStack();
    expect(() => new BackupVaultAccess(stack, 'Access', { vault: existingVault(stack, 'aws/efs/automatic-backup-vault') })).toThrow(
      /`vault` must have a name of 2 to 50 characters/,
    );
  });
});

describe('blockRecoveryPointDeletion', () => {
  test('has the form that AWS Config asks for, and spares the role that writes it', () => {
    const { stack, access } = accessWith();
    access.blockRecoveryPointDeletion();

    expect(statementsIn(stack)).toEqual([
      {
        Sid: expect.stringMatching(/^CdkVaultLock[0-9a-f]{44}BlockDeletion$/) as unknown,
        Effect: 'Deny',
        Principal: '*',
        Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle', 'backup:PutBackupVaultAccessPolicy'],
        Resource: '*',
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': ['<CdkVaultLockBackupRole.Arn>'] } },
      },
    ]);
  });

  test('spares the role that is assumed, or that the function was given', () => {
    const stack = aStack();
    const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111111111111:role/writer');
    new BackupVaultAccess(stack, 'Access', { vault: existingVault(stack), role }).blockRecoveryPointDeletion();
    expect(statementsIn(stack)).toMatchObject([{ Condition: { ArnNotEquals: { 'aws:PrincipalArn': [role.roleArn] } } }]);

    const configured = aStack();
    BackupProvider.configure(configured, { role: iam.Role.fromRoleArn(configured, 'Role', 'arn:aws:iam::111111111111:role/own') });
    new BackupVaultAccess(configured, 'Access', { vault: existingVault(configured) }).blockRecoveryPointDeletion();
    expect(statementsIn(configured)).toMatchObject([
      { Condition: { ArnNotEquals: { 'aws:PrincipalArn': ['arn:aws:iam::111111111111:role/own'] } } },
    ]);
  });

  test('denies an administrator, but neither the writer nor who is exempt', () => {
    const stack = aStack();
    const roleOf = (name: string) => `arn:aws:iam::111111111111:role/${name}`;
    const role = iam.Role.fromRoleArn(stack, 'Writer', roleOf('writer'));
    const officer = iam.Role.fromRoleArn(stack, 'Officer', roleOf('path/officer'));
    new BackupVaultAccess(stack, 'Access', { vault: existingVault(stack), role }).blockRecoveryPointDeletion({ exempt: [officer] });
    const policy = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statementsIn(stack) }));

    const decided = (name: string, action: string) =>
      evaluate(
        {
          action: `backup:${action}`,
          resource: 'arn:aws:backup:eu-west-1:111111111111:recovery-point:1',
          principal: { kind: 'aws', arn: roleOf(name), accountId: ENV.account },
          resourceAccount: ENV.account,
          context: {},
        },
        { identity: 'administrator', resource: [policy] },
      ).decision;

    for (const action of ['DeleteRecoveryPoint', 'UpdateRecoveryPointLifecycle', 'PutBackupVaultAccessPolicy']) {
      expect([action, ...['admin', 'writer', 'path/officer'].map((name) => decided(name, action))]).toEqual([
        action,
        'explicitDeny',
        'allow',
        'allow',
      ]);
    }
    expect(decided('admin', 'StartRestoreJob')).toBe('allow');
  });

  test('is said once', () => {
    const { access } = accessWith();
    access.blockRecoveryPointDeletion();
    expect(() => access.blockRecoveryPointDeletion()).toThrow(
      "`blockRecoveryPointDeletion` must be called once, but was called before for 'prod'. Name all roles in one `exempt`.",
    );
  });
});
