import * as fs from 'node:fs';
import * as path from 'node:path';
import { decideLock, LockSituation, LockVerdict } from '../../lambda/glacier/lock/decide';

const PAGE = path.resolve(__dirname, '..', '..', 'docs', 'glacier-lock-states.md');

const STATES: readonly (readonly [string, Partial<LockSituation>])[] = [
  ['no lock', { lock: 'None', hold: 'foreign' }],
  ['no lock, and the template before has another policy or *abort*', { lock: 'None', hold: 'foreign', keptByRollback: false }],
  ['being worked on by an invocation that may still run', { lock: 'None', hold: 'busy' }],
  ['in progress, ours, same policy', { lock: 'InProgress', hold: 'known', samePolicy: true }],
  ['in progress, ours, started by this same event', { lock: 'InProgress', hold: 'known', samePolicy: true, startedByThisRequest: true }],
  ['in progress, ours, other policy', { lock: 'InProgress', hold: 'known', samePolicy: false }],
  ['in progress, ours, lock id lost', { lock: 'InProgress', hold: 'lost', samePolicy: true }],
  ['in progress, not ours', { lock: 'InProgress', hold: 'foreign', samePolicy: true }],
  ['Locked, same policy', { lock: 'Locked', hold: 'foreign', samePolicy: true }],
  ['Locked, other policy', { lock: 'Locked', hold: 'foreign', samePolicy: false }],
];

const STAGES: readonly (readonly [string, Partial<LockSituation>])[] = [
  ['*initiate*', { stage: 'initiate' }],
  ['*complete*, acknowledged', { stage: 'complete', acknowledged: true }],
  ['*complete*, not acknowledged', { stage: 'complete', acknowledged: false }],
  ['*completeOnceAcknowledged*, acknowledged', { stage: 'completeOnceAcknowledged', acknowledged: true, meantToComplete: true }],
  ['*completeOnceAcknowledged*, an acknowledgement that does not match', { stage: 'completeOnceAcknowledged', meantToComplete: true }],
  ['*completeOnceAcknowledged*, not yet', { stage: 'completeOnceAcknowledged' }],
  ['*abort*', { stage: 'abort' }],
];

function inWords(situation: LockSituation): string {
  const verdict: LockVerdict = decideLock(situation);
  switch (verdict.do) {
    case 'nothing':
      return 'nothing to do';
    case 'wait':
      return 'wait, look again';
    case 'askPhase':
      return asked(situation);
    case 'initiate': {
      const how = verdict.abortFirst ? 'abort, initiate' : 'initiate';
      return verdict.failing ? `${how}, FAILED: test again` : how;
    }
    case 'refuse':
      return `FAILED (${verdict.why})`;
    case 'forget':
      return 'leave it, SUCCESS';
    default:
      return verdict.do;
  }
}

/** What it comes to when the stack does what the request belongs to, and when it has gone on since. */
function asked(situation: LockSituation): string {
  const wanted = inWords({ ...situation, phase: situation.request === 'Delete' ? 'deletion' : 'forward' });
  return wanted === 'complete'
    ? '**complete**, if the stack carries out this deployment; else FAILED'
    : `${wanted}; if the stack has gone on since: ${inWords({ ...situation, phase: 'superseded' })}`;
}

function table(request: LockSituation['request'], stages: typeof STAGES): string {
  const base = { request, acknowledged: false, meantToComplete: false, samePolicy: false, startedByThisRequest: false };
  const kept = { keptByRollback: request === 'Update' };
  const rows = STATES.map(([state, observed]) => [
    state,
    ...stages.map(([, desired]) =>
      inWords({ stage: 'initiate', lock: 'None', hold: 'foreign', ...base, ...kept, ...desired, ...observed }),
    ),
  ]);
  const head = [`${request}, observed`, ...stages.map(([title]) => title)];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function page(): string {
  return `# What a lock's handler decides

Every row is what \`decideLock\` (\`lambda/glacier/lock/decide.ts\`) answers; a test holds this page against it (\`UPDATE_DOCS=1 npx jest test/lambda/lock-states-page\` writes it anew).
A FAILED update of a stack that rolls back becomes SUCCESS and touches nothing; the attributes then say what is there ([decision 4](decisions/0004-how-a-rollback-is-recognised.md)).
An update to another vault name counts as Create for the new vault. Nothing but **complete** is irreversible.

${table('Create', STAGES)}

${table('Update', STAGES)}

${table('Delete', [['whatever the stage', {}]])}
`;
}

test('docs/glacier-lock-states.md says what the handler decides', () => {
  if (process.env.UPDATE_DOCS) fs.writeFileSync(PAGE, page());
  expect(fs.readFileSync(PAGE, 'utf8')).toBe(page());
});

test('completing takes an acknowledgement in every state there is', () => {
  const stages = STAGES.filter(([title]) => !/, acknowledged$/.test(title));
  for (const request of ['Create', 'Update', 'Delete'] as const) expect(table(request, stages)).not.toContain('**complete**');
});
