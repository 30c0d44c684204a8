import * as fs from 'node:fs';
import * as path from 'node:path';
import { ASKED, Asked, Found, FOUND, Row, Switches, UNDOCUMENTED } from './backup-lock-table';

const PAGE = path.resolve(__dirname, '..', '..', 'docs', 'backup-lock-states.md');

const combinations: Partial<Switches>[] = Object.entries(UNDOCUMENTED).reduce<object[]>(
  (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
  [{}],
);
const keeps = { putWithoutChangeableDaysInGrace: 'keepsDate' } as const;
const clears = { putWithoutChangeableDaysInGrace: 'clearsDate' } as const;

async function cells(asked: Asked, found: Found, switches: Partial<Switches>): Promise<string[]> {
  const row = new Row(asked, found, switches);
  const { Status } = await row.deliver();
  const answer = Status === 'SUCCESS' ? 'SUCCESS' : `FAILED (${row.refusal})`;
  const after = row.lockInWords();
  if (asked.type === 'Delete') return [answer, after];
  const back = await row.rollBack();
  return [answer, after, back.Status === 'SUCCESS' ? row.lockInWords() : `**${back.Status}** ${row.lockInWords()}`];
}

/** A cell for both things that AWS may do with the date of a lock that is put without one. */
function both(kept: string, cleared: string): string {
  return kept === cleared ? kept : `${kept}; or ${cleared}`;
}

async function section(asked: Asked): Promise<string> {
  const head = ['found', 'answer', 'lock afterwards', ...(asked.type === 'Delete' ? [] : ['lock after a rollback'])];
  const rows = await Promise.all(
    FOUND.map(async (found) => {
      const [kept, cleared] = [await cells(asked, found, keeps), await cells(asked, found, clears)];
      return [found, ...kept.map((cell, index) => both(cell, cleared[index] ?? ''))];
    }),
  );
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return [
    `## ${asked.title[0]?.toUpperCase()}${asked.title.slice(1)}`,
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
  ].join('\n');
}

const INTRODUCTION = `# Locks of AWS Backup vaults: what happens when

Every line is played by a test with the handler itself (\`test/lambda/backup-lock-states.test.ts\`), which also writes this page; each of them with both
values of everything that AWS does not document. Where a cell has two results, the first is for an AWS Backup that keeps the lock date when a lock is put without one, the second for one that
clears it; nothing else that is undocumented makes a difference.

The template asks for a minimum of 7 and a maximum of 35 days and, for compliance, a cooling-off of 7 days, unless the title says otherwise. What is found was set by the template before
(on create: by somebody else), *other bounds* by somebody else; a lock in its cooling-off has 6 of 7 days left, an immutable one has been so for a day. *FAILED (why)* refers to the texts
in the README's questions. A rollback is CloudFormation's own: of a create it is a removal that leaves the vault as it was found, of an update an update back.

*permanent in 36500 days* is a lock whose date AWS Backup would not give up: it is moved as far away as it goes, because deleting the lock to get rid of the date would leave the vault unprotected for a moment.
`;

describe('every state of a lock × every request', () => {
  test('docs/backup-lock-states.md is what the handler does (UPDATE_DOCS=1 writes it)', async () => {
    const page = `${INTRODUCTION}\n${(await Promise.all(ASKED.map(section))).join('\n\n')}\n`;

    if (process.env.UPDATE_DOCS) fs.writeFileSync(PAGE, page);
    expect(fs.readFileSync(PAGE, 'utf8')).toBe(page);
  });

  describe.each(ASKED.map((asked) => [asked.title, asked] as const))('%s', (_title, asked) => {
    test.each(FOUND)('found: %s', async (found) => {
      for (const switches of combinations) {
        await expectLaws(asked, found, switches);
      }
      const { putWithoutChangeableDaysInGrace: _, ...others } = Object.fromEntries(
        Object.entries(UNDOCUMENTED).map(([name, values]) => [name, values[1]]),
      ) as unknown as Switches;
      for (const date of [keeps, clears]) {
        expect(await cells(asked, found, { ...others, ...date })).toEqual(await cells(asked, found, date));
      }
    });
  });
});

async function expectLaws(asked: Asked, found: Found, switches: Partial<Switches>): Promise<void> {
  const row = new Row(asked, found, switches);
  const before = row.lock;
  const { Status } = await row.deliver();
  const acknowledged = asked.template.Mode === 'compliance' && !/not acknowledged|stale/.test(asked.title);

  // Nothing becomes permanent that was not acknowledged; one that moves away does not.
  const dates = row.world.backup.lockPuts.flatMap(({ changeableForDays = [] }) => changeableForDays).filter((days) => days !== 36_500);
  expect(dates.every(() => acknowledged)).toBe(true);
  // No gap: an update never takes the lock away.
  if (asked.type !== 'Delete') expect(row.world.backup.count('DeleteBackupVaultLockConfiguration')).toBe(0);
  // A refused request leaves the lock as it was.
  if (Status === 'FAILED') expect(row.lock).toEqual(before);
  // A date that is there comes no closer, unless a promotion asks for its own.
  if (before?.lockDate && row.lock?.lockDate && !asked.title.startsWith('promotion')) {
    expect(row.lock.lockDate).toBeGreaterThanOrEqual(before.lockDate);
  }

  // The same event again changes nothing and is answered alike.
  const afterwards = row.lock;
  const writes = row.writes;
  expect((await row.deliver()).Status).toBe(Status);
  if (found !== 'no permission') expect(row.writes).toBe(writes);
  expect(row.lock).toEqual(afterwards);

  // Nobody waits for an event that comes hours late; it changes nothing.
  const late = new Row(asked, found, switches);
  if (asked.type !== 'Delete') {
    await late.deliverLate();
    expect(late.writes).toBe(0);
    expect(late.lock).toEqual(before);
  }

  // A rollback ends, and that of a create leaves what was found.
  if (asked.type !== 'Delete') {
    const back = await row.rollBack();
    expect(back.Status).toBe(
      asked.type === 'Create' && found === 'no permission' && asked.template.Mode === 'compliance' ? 'FAILED' : 'SUCCESS',
    );
    if (asked.type === 'Create') expect(lockWithout36500(row)).toEqual(before);
  }
}

/** A date that AWS Backup would not give up counts as none. */
function lockWithout36500({ lock }: Row) {
  if (!lock?.lockDate || lock.lockDate < Date.parse('2100-01-01')) return lock;
  const { lockDate: _, ...bounds } = lock;
  return bounds;
}
