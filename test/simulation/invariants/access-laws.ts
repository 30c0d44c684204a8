import type { Accuse } from './catalogue';
import type { Evidence } from './evidence';
import { isForward, sent, sentBefore } from './evidence';
import { canonicalStatement } from '../../../src/policy/canonical';
import { parsePolicy } from '../../../src/policy/parse';
import type { CallRecord } from '../world/api';
import type { Run } from '../world/runs';
import { MINUTE, SECOND } from '../world/sim-clock';

/** AWS Backup offers no condition on a Put: who writes between another's reading and writing is written over. */
const RACE_MS = MINUTE;
/** So long a writer waits whether another, who had read before, writes without its statements. */
const SETTLE_MS = 3 * SECOND;
const PLACE = ['VaultName', 'VaultAccount', 'VaultRegion'];

interface Statement {
  readonly Sid?: string;
}

/** The same for all ways to write the same. */
function textOf(json: Statement): string {
  const [statement] = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: [json] })).statements;
  return `${json.Sid} ${statement ? canonicalStatement(statement) : JSON.stringify(json)}`;
}

const statementsOf = (policy: string | null | undefined): Statement[] =>
  (JSON.parse(policy ?? '{}') as { Statement?: Statement[] }).Statement ?? [];
const given = (properties: ReturnType<typeof sent>): Statement[] => JSON.parse(String(properties.Statements ?? '[]')) as Statement[];
const isWriting = (operation: string) => /:(Put|Delete)BackupVaultAccessPolicy$/.test(operation);

/** What must hold of every change of a backup vault's access policy. */
export class AccessLaws {
  /** Vault -> statement -> since when it stands there. */
  private readonly standing = new Map<string, ReadonlyMap<string, number>>();

  /** When a process read the policy of a vault last. */
  private readonly read = new WeakMap<Run, number>();
  private readonly raced = new Set<string>();

  constructor(
    private readonly evidence: Evidence,
    private readonly accuse: Accuse,
  ) {}

  /** Somebody took so long between reading and writing that another may have believed to be alone. */
  isRaced(on: string): boolean {
    return this.raced.has(on);
  }

  /** Before any call to a vault. */
  note(on: string): void {
    const before = this.standing.get(on);
    const now = this.evidence.world.clock.now();
    const statements = statementsOf(this.evidence.world.backupVaults[on]?.accessPolicy).map(textOf);
    this.standing.set(on, new Map(statements.map((text) => [text, before?.get(text) ?? now])));
  }

  judge({ operation, on, by, at, error }: CallRecord): void {
    if (/:GetBackupVaultAccessPolicy$/.test(operation)) this.read.set(by, at);
    if (error !== undefined || !isWriting(operation)) return;
    if (at - (this.read.get(by) ?? at) > SETTLE_MS) this.raced.add(on);
    const before = this.standing.get(on) ?? new Map<string, number>();
    this.note(on);
    const after = this.standing.get(on);
    const gone = [...before].filter(
      ([text, since]) => !after?.has(text) && at - since > RACE_MS && this.evidence.isUntouched(at - RACE_MS),
    );
    for (const [text] of gone) this.judgeLoss(on, by, text);
  }

  private judgeLoss(on: string, by: Run, text: string): void {
    const Sid = text.slice(0, text.indexOf(' '));
    const isInPlace = by.event.RequestType === 'Update' && PLACE.every((name) => sent(by)[name] === sentBefore(by)[name]);
    const [now, then] = [given(sent(by)), isInPlace ? given(sentBefore(by)) : []];
    const isNamed = (list: readonly Statement[]) => list.some((statement) => statement.Sid === Sid);
    const isWritten = [...now, ...then].some((statement) => textOf(statement) === text);
    if (!isNamed(now) && !isNamed(then)) {
      return this.accuse('foreignLocksStay', `statement ${Sid} of somebody else leaves the policy of ${on}`);
    }
    if (!isWritten && !(isNamed(now) && isNamed(then))) {
      return this.accuse('foreignLocksStay', `statement ${Sid} of ${on}, which somebody else has written, is gone`);
    }
    const isWanted = isInPlace && isForward(this.evidence.sendingOf(by).status) && this.evidence.forwardAgo(by) === 0;
    const isAskedFor = [now, then].every((list) => list.some((statement) => textOf(statement) === text));
    if (isWanted && isAskedFor) this.accuse('noGap', `an update takes statement ${Sid} out of the policy of ${on} for a moment`);
  }
}
