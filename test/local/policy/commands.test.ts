import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { BACKUP_VAULT } from '../../policy/findings/written';
import { ACCOUNT, EVERYONE_ACCESS, LEGAL_HOLD, RETAIN_ONE_YEAR, VAULT } from '../../policy/published-policies';

const ROOT = path.join(__dirname, '../../..');
const BLOCKED = JSON.stringify({
  Statement: [
    { Effect: 'Deny', Principal: '*', Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'], Resource: '*' },
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 'backup:PutBackupVaultAccessPolicy',
      Resource: '*',
      Condition: { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/deploy` } },
    },
  ],
});
let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'policy-'));
  const files = { retain: RETAIN_ONE_YEAR, hold: LEGAL_HOLD, open: EVERYONE_ACCESS, broken: '{"Statement":', backup: BLOCKED };
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, `${name}.json`), text);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const file = (name: string) => path.join(folder, `${name}.json`);

function run(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'local/cli.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    input,
  });
  return { status, stdout, stderr };
}

describe('cdk-vault-lock check', () => {
  test('says in JSON what a policy retains', () => {
    const { status, stdout } = run(['check', file('retain'), '--vault-arn', VAULT, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, retention: { days: 365, proven: true }, unknown: [] });
    expect(status).toBe(0);
  });

  test('shows who can delete where nothing is retained', () => {
    const { stdout } = run(['check', file('hold'), '--vault-arn', VAULT]);
    expect(stdout).toContain('The policy does not keep everybody from deleting an archive.\n');
    expect(stdout).toContain('can call glacier:DeleteArchive on an archive of 0 days, without the tag LegalHold: Statement[1]');
  });

  test('speaks of recovery points, and only as long as the policy is there, where the vault is one of AWS Backup', () => {
    const { status, stdout } = run(['check', file('backup'), '--vault-arn', BACKUP_VAULT, '--kind', 'access']);
    expect(stdout).toBe('As long as this policy is in place, nobody can ever delete a recovery point.\n');
    expect(status).toBe(0);
  });

  test('does not take what is no policy', () => {
    const { status, stdout, stderr } = run(['check', file('broken'), '--vault-arn', VAULT, '--json']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('the policy is not JSON') as string });
    expect(JSON.parse(stdout)).toEqual({ valid: false, retention: { days: 0, proven: false }, findings: [], unknown: [] });
  });

  test.each<[args: string[], message: string]>([
    [['--vault-arn', VAULT], '`check` needs one policy file.'],
    [['nowhere.json', '--vault-arn', VAULT], 'cannot read nowhere.json: ENOENT'],
    [['x.json'], '`--vault-arn` is missing.'],
    [['x.json', '--vault-arn', 'ledger'], '`--vault-arn` must be the ARN of a Glacier vault or a backup vault'],
    [['x.json', '--vault-arn', VAULT.replace('vaults/', 'vault/')], '`--vault-arn` must be the ARN of a Glacier vault or a backup vault'],
    [['x.json', '--vault-arn', 'arn:aws:s3:::ledger'], '`--vault-arn` must be the ARN of a Glacier vault or a backup vault'],
    [['x.json', '--vault-arn', VAULT, '--kind', 'other'], '`--kind` must be lock or access, got: other'],
  ])('%j cannot be used', (args, message) => {
    const { status, stderr } = run(['check', ...args]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) as string });
  });
});

describe('cdk-vault-lock evaluate', () => {
  const ask = (principal: string, ...args: readonly string[]) =>
    run(['evaluate', '--vault-arn', VAULT, '--principal', principal, '--action', 'glacier:DeleteArchive', ...args]);
  const role = `arn:aws:iam::${ACCOUNT}:role/App`;

  test.each<[args: [string, ...string[]], expected: object]>([
    [[role, '--policy', 'retain', '--context', 'glacier:ArchiveAgeInDays=364'], { decision: 'explicitDeny', statement: 0 }],
    [[role, '--policy', 'retain', '--identity-allow', '--context', 'glacier:ArchiveAgeInDays=365'], { decision: 'allow', statement: null }],
    [
      ['anonymous', '--policy', 'retain', '--policy', 'open', '--context', 'a=b', 'glacier:ArchiveAgeInDays=365'],
      { decision: 'allow', statement: 0 },
    ],
    [['backup.amazonaws.com', '--policy', 'hold', '--context', 'glacier:ArchiveAgeInDays=1'], { decision: 'allow', statement: 1 }],
    [[role, '--policy', 'retain'], { decision: 'implicitDeny', statement: null }],
  ])('%j', (args, expected) => {
    const [principal, ...rest] = args.map((arg, index) => (args[index - 1] === '--policy' ? file(arg) : arg));
    const { status, stdout } = ask(principal!, ...rest);
    expect({ status, answer: JSON.parse(stdout) as unknown }).toEqual({ status: 0, answer: expected });
  });

  test('a principal that is none, and a policy that is none', () => {
    expect(ask('somebody', '--policy', file('retain'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('`--principal` must be') as string,
    });
    expect(ask('anonymous', '--policy', file('broken'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is not JSON') as string,
    });
  });

  test('answers a line of a batch each, and says in the end whether all could be used', () => {
    const request = {
      policies: [JSON.parse(RETAIN_ONE_YEAR) as object, EVERYONE_ACCESS],
      vaultArn: VAULT,
      principal: 'anonymous',
      action: 'glacier:DeleteArchive',
      identityAllow: false,
    };
    const young = JSON.stringify({ ...request, context: { 'glacier:ArchiveAgeInDays': 10 } });
    const old = JSON.stringify({ ...request, context: { 'glacier:ArchiveAgeInDays': '400', 'aws:TagKeys': ['a', 'b'] } });
    const { status, stdout } = run(['evaluate', '--batch'], `${young}\n${old}\nnonsense\n`);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { decision: 'explicitDeny', statement: 0 },
      { decision: 'allow', statement: 0 },
      { decision: 'unknown', statement: null, error: 'the line is not a JSON object' },
    ]);
    expect(status).toBe(2);
  });
});
