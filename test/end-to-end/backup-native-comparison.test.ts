import * as fs from 'node:fs';
import * as path from 'node:path';
import { Account } from './native-comparison-account';
import { SITUATIONS } from './native-comparison-table';
import type { Cell, Situation } from './native-comparison-table';
import { describeStories } from './stories';

const PAGE = path.resolve(__dirname, '..', '..', 'docs', 'backup-native-comparison.md');

const INTRODUCTION = `# The native lock property and BackupVaultLock, side by side

CloudFormation has a lock for backup vaults of its own: \`LockConfiguration\` of \`AWS::Backup::BackupVault\`, in the CDK \`lockConfiguration\` of \`BackupVault\`. This page says what that does and
what \`BackupVaultLock\` does in the same eight situations. Every line is played by a test (\`test/end-to-end/backup-native-comparison.test.ts\`): the real CDK CLI deploys both to
[the local endpoint](local-backup.md), and the page is made from the table that the test holds against what happened.

A cell says what the stack ended in, and the lock of the vault then: its mode, or when it becomes permanent, and the bounds in days. *permanent in 36500 days* is a lock whose date AWS
Backup would not give up (see [backup-lock-states.md](backup-lock-states.md)). Two results in a cell are for the two things that AWS may do, where it does not say which.

**Nothing here was measured on AWS.** The right column is this library's own code. The left one is the endpoint's model of the type, and as good as what is known about it: each situation says
what is documented, what is inferred from the type's published schema and permissions, and what is not known.
`;

const CONCLUSION = `## When the native property is enough

Where the vault is made by the same stack, the lock is to stay in governance mode, and whoever may change the template may also unlock the vault: then \`lockConfiguration\` does the same with
no Lambda function, and its lock goes away with the property as one would expect (situation 3). Also where the vault is locked for ever by a template that nobody will touch again, if it is made
by a deployment with nothing else in it (situations 4 to 6), and the number of days is reviewed by somebody who knows what it does (situation 2).

Neither sees a lock that was removed by hand until something about it changes (situation 8), and neither makes a vault with backups in it deletable (situation 7). One vault takes one of the two:
a \`BackupVaultLock\` on a vault that has a \`lockConfiguration\` is refused at synth.
`;

function pageOf(situations: readonly Situation[]): string {
  return `${[INTRODUCTION, ...situations.map(sectionOf), CONCLUSION].join('\n')}`;
}

function sectionOf({ title, text, basis, rows }: Situation): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const inWords = (cell: Cell) => (typeof cell === 'string' ? cell : cell.join('; **or** '));
  const table = [
    line(['', '`lockConfiguration`', '`BackupVaultLock`']),
    line(['---', '---', '---']),
    ...rows.map(({ step, native, own }) => line([step, inWords(native), inWords(own)])),
  ];
  return [`## ${title}`, ...(text ? [text] : []), table.join('\n'), `*The left column.* ${basis}`].join('\n\n') + '\n';
}

/** Each story in an account of its own. @returns the cells of one column */
async function play(stories: Situation['native'], setting: Readonly<Record<string, string>>): Promise<string[]> {
  const cells: string[] = [];
  for (const steps of stories) {
    await Account.use(setting, async (account) => {
      for (const step of steps) {
        const cell = await step(account);
        if (cell !== undefined) cells.push(cell);
      }
    });
  }
  return cells;
}

test('docs/backup-native-comparison.md is the table that is played here (UPDATE_DOCS=1 writes it)', () => {
  if (process.env.UPDATE_DOCS) fs.writeFileSync(PAGE, pageOf(SITUATIONS));
  expect(fs.readFileSync(PAGE, 'utf8')).toBe(pageOf(SITUATIONS));
});

/** Of one column, once for each setting that makes a difference in it. */
async function expectColumn({ rows, unknown, ...stories }: Situation, column: 'native' | 'own'): Promise<void> {
  const settings = unknown ? unknown.slice(1).map((value) => ({ [unknown[0]]: value })) : [{}];
  const cells = rows.map((row) => row[column]);
  const played = cells.some((cell) => typeof cell !== 'string') ? settings : settings.slice(0, 1);
  for (const [index, setting] of played.entries()) {
    const expected = cells.map((cell) => (typeof cell === 'string' ? cell : cell[index]));
    expect(await play(stories[column], setting)).toEqual(expected);
  }
}

describeStories(
  'the native lock property and BackupVaultLock in the same situations',
  Object.fromEntries(
    SITUATIONS.flatMap((situation) => [
      [`${situation.title}: lockConfiguration`, async () => expectColumn(situation, 'native')],
      [`${situation.title}: BackupVaultLock`, async () => expectColumn(situation, 'own')],
    ]),
  ),
);
