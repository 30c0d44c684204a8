import { DeleteBackupVaultLockConfigurationCommand } from '@aws-sdk/client-backup';
import { CfnOutput, CfnParameter, Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import type { CfnResource, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import { compliance, existingVault, failsAfter, locked, marker as markerIn, recoveryPoint } from './backup-lock-stack';
import { native, own } from './native-comparison-account';
import type { Account, Build } from './native-comparison-account';
import { BackupLockMode, BackupLockRemoval } from '../../src';
import type { BackupVaultLock } from '../../src';

/** What a step ends in; two, where AWS does not document what it does: one for each setting of the situation's switch. */
export type Cell = string | readonly [string, string];

type Step = (account: Account) => Promise<string | void>;

export interface Situation {
  readonly title: string;
  readonly text: string;
  /** Where it is known from what the native property does. */
  readonly basis: string;
  /** A switch of the local endpoint, and its settings. */
  readonly unknown?: readonly [name: string, first: string, second: string];
  readonly rows: readonly { readonly step: string; readonly native: Cell; readonly own: Cell }[];
  /** Played in an account of their own each. Steps that end in something fill the rows, those that end in nothing lead to them. */
  readonly native: readonly (readonly Step[])[];
  readonly own: readonly (readonly Step[])[];
}

const deploy =
  (build: Build): Step =>
  async (account) =>
    account.deploy(build);
const destroy =
  (build: Build): Step =>
  async (account) =>
    account.destroy(build);
/** On the way to the step that counts; it has to end well. */
const first =
  (build: Build): Step =>
  async (account) => {
    const end = await account.deploy(build);
    if (!/^(CREATE|UPDATE)_COMPLETE/.test(end)) throw new Error(`${end}: ${account.output}`);
  };
const days =
  (count: number): Step =>
  async (account) =>
    account.days(count);
/** @returns `words`, if the last deployment told what matches */
const told =
  (pattern: RegExp, words: string): Step =>
  async (account) =>
    account.told(pattern, words);
const quietly =
  (step: Step): Step =>
  async (account) =>
    void (await step(account));
const leaveOut: Step = async () => '-';

const somebodyMakesTheVault: Step = async ({ client }) => void (await existingVault(client));
const somebodyRemovesTheLock: Step = async ({ client }) =>
  void (await client.send(new DeleteBackupVaultLockConfigurationCommand({ BackupVaultName: 'prod' })));
const backUp: Step = async ({ client }) => void (await recoveryPoint(client, 'prod', { DeleteAfterDays: 35 }));

const DATED = { changeableFor: 3 };
const dated = (coolingOffDays = 3) => ({ mode: compliance(coolingOffDays) });
const DESTROY = { removalPolicy: RemovalPolicy.DESTROY };
const failsLast = (stack: Stack, lock?: BackupVaultLock) => failsAfter(lock ?? stack.node.findChild('Vault'));
const acknowledging = (acknowledge: string) => ({ mode: BackupLockMode.compliance({ coolingOff: Duration.days(3), acknowledge }) });
const acknowledgedByParameter: Build = (stack) =>
  own(acknowledging(new CfnParameter(stack, 'Approval', { default: 'not yet' }).valueAsString))(stack);
const marker = (value: string) => (stack: Stack) => markerIn(value)(stack);
const nativeDate = (stack: Stack) => {
  const { logicalId } = stack.node.findChild('Vault').node.defaultChild as CfnResource;
  new CfnOutput(stack, 'LockDate', { value: Fn.getAtt(logicalId, 'LockDate').toString() });
};
const ownDate = (stack: Stack, lock?: BackupVaultLock) => void new CfnOutput(stack, 'LockDate', { value: lock?.lockDate ?? '' });
const onlyMaximum: Build = (stack) =>
  void new backup.CfnBackupVault(stack, 'Vault', {
    backupVaultName: 'prod',
    lockConfiguration: { maxRetentionDays: 35 } as unknown as backup.CfnBackupVault.LockConfigurationTypeProperty,
  });

export const SITUATIONS: readonly Situation[] = [
  {
    title: '1. The vault is not of this stack',
    text: 'It was made by hand, by another team, by AWS Control Tower.',
    basis:
      'Documented: the type creates a vault, and CreateBackupVault refuses a name that is taken. What the CDK imports by name (`fromBackupVaultName`) has no lock. A vault ' +
      'can be taken over whole by a resource import of CloudFormation, which the endpoint does not have.',
    rows: [{ step: 'lock it', native: 'ROLLBACK_COMPLETE; no lock', own: 'CREATE_COMPLETE; governance, 7..35' }],
    native: [[somebodyMakesTheVault, deploy(native({}))]],
    own: [[somebodyMakesTheVault, deploy(locked())]],
  },
  {
    title: '2. From reversible to permanent',
    text: 'The vault has a lock in governance mode. Somebody adds the one number that makes it permanent, three days from now.',
    basis: 'Documented is that `ChangeableForDays` decides. **Inferred**: that a Put with it also promotes a lock that is there.',
    rows: [
      {
        step: '`changeableFor`; `compliance()` with the acknowledgement of something else',
        native: 'UPDATE_COMPLETE; permanent in 3 days, 7..35',
        own: 'refused at synth; governance, 7..35',
      },
      {
        step: 'an acknowledgement that comes as a parameter, and is not given yet',
        native: '-',
        own: 'UPDATE_ROLLBACK_COMPLETE; governance, 7..35',
      },
      {
        step: 'what the deployment in governance mode printed',
        native: '-',
        own: 'UPDATE_COMPLETE; permanent in 3 days, 7..35',
      },
    ],
    native: [[first(native({})), deploy(native(DATED)), leaveOut, leaveOut]],
    own: [
      [first(own({})), deploy(own(acknowledging(`prod sha256:${'0'.repeat(64)}`))), deploy(acknowledgedByParameter), deploy(own(dated()))],
    ],
  },
  {
    title: '3. The lock disappears from the template',
    text: 'The property, or the construct, is deleted; the vault stays in the stack.',
    basis:
      '**Inferred** from the permissions in the published schema of the type: its update may call DeleteBackupVaultLockConfiguration, and nothing else would need that. After the ' +
      'lock date that call fails, which is documented; that the rollback fails, too, is inferred.',
    rows: [
      { step: 'in governance mode', native: 'UPDATE_COMPLETE; no lock', own: 'UPDATE_COMPLETE; governance, 7..35' },
      { step: 'in governance mode, with `onRemoval: REMOVE`', native: '-', own: 'UPDATE_COMPLETE; no lock' },
      { step: 'before the lock date', native: 'UPDATE_COMPLETE; no lock', own: 'UPDATE_COMPLETE; permanent in 3 days, 7..35' },
      { step: 'after the lock date', native: 'UPDATE_ROLLBACK_FAILED; permanent, 7..35', own: 'UPDATE_COMPLETE; permanent, 7..35' },
    ],
    native: [
      [first(native({})), deploy(native(undefined)), leaveOut],
      [first(native(DATED)), deploy(native(undefined)), first(native(DATED)), days(4), deploy(native(undefined))],
    ],
    own: [
      [first(own({})), deploy(own(undefined)), first(own({ onRemoval: BackupLockRemoval.REMOVE })), deploy(own(undefined))],
      [first(own(dated())), deploy(own(undefined)), first(own(dated())), days(4), deploy(own(undefined))],
    ],
  },
  {
    title: '4. An update that has nothing to do with the lock',
    text: 'The lock date was set a day ago, seven days ahead; now a tag of the vault changes. A week later it changes again.',
    basis:
      '**Not documented**: whether the update of the type puts a lock again that has not changed. First: it does not; second: it does.',
    unknown: ['backup.nativeRePutsLock', 'no', 'yes'],
    rows: [
      {
        step: 'before the lock date',
        native: ['UPDATE_COMPLETE; permanent in 6 days, 7..35', 'UPDATE_COMPLETE; permanent in 7 days, 7..35'],
        own: 'UPDATE_COMPLETE; permanent in 6 days, 7..35',
      },
      {
        step: 'after the lock date',
        native: ['UPDATE_COMPLETE; permanent, 7..35', 'UPDATE_ROLLBACK_FAILED; permanent, 7..35'],
        own: 'UPDATE_COMPLETE; permanent, 7..35',
      },
    ],
    native: [
      [
        first(native({ changeableFor: 7 })),
        days(1),
        deploy(native({ changeableFor: 7 }, { department: 'a' })),
        days(7),
        deploy(native({ changeableFor: 7 }, { department: 'b' })),
      ],
    ],
    own: [[first(own(dated(7))), days(1), deploy(own(dated(7), { department: 'a' })), days(7), deploy(own(dated(7), { department: 'b' }))]],
  },
  {
    title: '5. A deployment sets the lock date, fails elsewhere, and is taken back',
    text: 'Nobody has seen a deployment succeed that makes the lock permanent. Three days later, is it?',
    basis:
      '**Inferred**: CloudFormation takes a promotion back by a Put without `ChangeableForDays`. **Not documented** is what that does to the lock date; first: it stays, second: it goes. ' +
      'That a creation which fails leaves the vault behind follows from `RemovalPolicy.RETAIN`, the default of the CDK; that the lock stays on it is inferred.',
    unknown: ['backup.putInGrace', 'keepLockDate', 'clearLockDate'],
    rows: [
      {
        step: 'a promotion',
        native: ['UPDATE_ROLLBACK_COMPLETE; permanent in 3 days, 7..35', 'UPDATE_ROLLBACK_COMPLETE; governance, 7..35'],
        own: ['UPDATE_ROLLBACK_COMPLETE; permanent in 36500 days, 7..35', 'UPDATE_ROLLBACK_COMPLETE; governance, 7..35'],
      },
      {
        step: 'the creation of vault and lock',
        native: 'ROLLBACK_COMPLETE; permanent in 3 days, 7..35',
        own: 'ROLLBACK_COMPLETE; no lock',
      },
    ],
    native: [[first(native({})), deploy(native(DATED, {}, failsLast))], [deploy(native(DATED, {}, failsLast))]],
    own: [[first(own({})), deploy(own(dated(), {}, failsLast))], [deploy(own(dated(), {}, failsLast))]],
  },
  {
    title: '6. A bound is changed after the lock date',
    text: 'Nobody can do that. What becomes of the stack, and can the template be put right?',
    basis:
      'Documented: the lock cannot be changed. **Inferred**: the rollback puts the old lock again. **Not documented** is whether a Put of what is there is refused (first) or accepted (second).',
    unknown: ['backup.identicalPutWhenImmutable', 'refuse', 'accept'],
    rows: [
      {
        step: 'a shorter minimum',
        native: ['UPDATE_ROLLBACK_FAILED; permanent, 7..35', 'UPDATE_ROLLBACK_COMPLETE; permanent, 7..35'],
        own: 'UPDATE_ROLLBACK_COMPLETE; permanent, 7..35',
      },
      {
        step: 'what the deployment tells',
        native: 'what AWS Backup says',
        own: '`… is permanent since <lock date> (minimum 7 days, maximum 35 days)`, and what to write into the template',
      },
      {
        step: 'the template as it was, and another resource',
        native: ['UPDATE_ROLLBACK_FAILED; permanent, 7..35', 'UPDATE_COMPLETE; permanent, 7..35'],
        own: 'UPDATE_COMPLETE; permanent, 7..35',
      },
    ],
    native: [
      [
        first(native(DATED)),
        days(4),
        deploy(native({ ...DATED, min: 5 })),
        told(/Service: Backup, Status Code: 400|UPDATE_ROLLBACK_COMPLETE/, 'what AWS Backup says'),
        deploy(native(DATED, {}, marker('a'))),
      ],
    ],
    own: [
      [
        first(own(dated())),
        days(4),
        deploy(own({ mode: compliance(3, { minDays: 5 }), minRetention: Duration.days(5) })),
        told(
          /is permanent since \d{4}-\d\d-\d\dT\S+Z \(minimum 7 days, maximum 35 days\).* Put what is in force into the template/,
          '`… is permanent since <lock date> (minimum 7 days, maximum 35 days)`, and what to write into the template',
        ),
        deploy(own(dated(), {}, marker('a'))),
      ],
    ],
  },
  {
    title: '7. The stack is destroyed after the lock date, with backups in the vault',
    text: 'The backups in it have a month to go, and nobody can delete them before.',
    basis:
      'Documented: a vault with recovery points cannot be deleted, and CDK vaults are retained by default. **Inferred** from the permissions in the schema: the delete of the type deletes the vault and does nothing to its lock or its recovery points.',
    rows: [
      { step: 'the vault is retained, the default', native: 'DELETE_COMPLETE; permanent, 7..35', own: 'DELETE_COMPLETE; permanent, 7..35' },
      {
        step: 'the vault has `RemovalPolicy.DESTROY`',
        native: 'DELETE_FAILED; permanent, 7..35',
        own: 'DELETE_FAILED; permanent, 7..35',
      },
      { step: 'the vault is not of this stack', native: '-', own: 'DELETE_COMPLETE; permanent, 7..35' },
    ],
    native: [
      [first(native(DATED)), backUp, days(4), destroy(native(DATED))],
      [first(native(DATED, DESTROY)), backUp, days(4), destroy(native(DATED, DESTROY)), leaveOut],
    ],
    own: [
      [first(own(dated())), backUp, days(4), destroy(own(dated()))],
      [first(own(dated(), DESTROY)), backUp, days(4), destroy(own(dated(), DESTROY))],
      [somebodyMakesTheVault, first(locked(dated())), backUp, days(4), destroy(locked(dated()))],
    ],
  },
  {
    title: '8. Somebody has removed the lock by hand',
    text: 'Governance mode, and whoever may has removed the lock in the console. Deployments compare templates, not the vault.',
    basis: '**Inferred**, except for the re-put, which is **not documented** (as in 4): first without, second with it.',
    unknown: ['backup.nativeRePutsLock', 'no', 'yes'],
    rows: [
      { step: 'the same template again', native: 'CREATE_COMPLETE; no lock', own: 'CREATE_COMPLETE; no lock' },
      {
        step: 'a tag of the vault changes',
        native: ['UPDATE_COMPLETE; no lock', 'UPDATE_COMPLETE; governance, 7..35'],
        own: 'UPDATE_COMPLETE; no lock',
      },
      { step: 'anything about the lock changes', native: 'UPDATE_COMPLETE; governance, 7..60', own: 'UPDATE_COMPLETE; governance, 7..60' },
    ],
    native: [
      [first(native({})), somebodyRemovesTheLock, deploy(native({})), deploy(native({}, { department: 'a' })), deploy(native({ max: 60 }))],
    ],
    own: [
      [
        first(own({})),
        somebodyRemovesTheLock,
        deploy(own({})),
        deploy(own({}, { department: 'a' })),
        deploy(own({ maxRetention: Duration.days(60) })),
      ],
    ],
  },
  {
    title: 'Beside these: what can be said at all',
    text: '',
    basis:
      'Measured with the CDK: `BackupVault` wants a maximum above the minimum. Documented: the type requires `MinRetentionDays`, which the API does not, and has no attribute but name and ARN; ' +
      '`ChangeableForDays` can never be read back, so drift detection does not see the lock date either.',
    rows: [
      { step: '`minRetention` = `maxRetention`', native: 'refused at synth; no vault', own: 'CREATE_COMPLETE; governance, 7..7' },
      { step: 'a maximum only', native: 'refused at synth; no vault', own: 'CREATE_COMPLETE; governance, none..35' },
      { step: 'the lock date as an output', native: 'there is no such attribute', own: '`LockDate = <lock date>`' },
    ],
    native: [
      [deploy(native({ max: 7 })), deploy(onlyMaximum)],
      [
        quietly(deploy(native({}, {}, nativeDate))),
        told(/LockDate does not exist in schema for AWS::Backup::BackupVault/, 'there is no such attribute'),
      ],
    ],
    own: [
      [deploy(own({ maxRetention: Duration.days(7) }))],
      [deploy(own({ minRetention: undefined }))],
      [first(own(dated(), {}, ownDate)), told(/LockDate = \d{4}-\d\d-\d\dT\S+Z/, '`LockDate = <lock date>`')],
    ],
  },
];
