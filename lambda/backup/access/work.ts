import { AccessVerdict, decideAccess } from './decide';
import { contested, isUnknownPrincipal, notWaitedFor, refusalText, unknownPrincipal, unreadable } from './messages';
import { AccessPolicy, AccessStatement, readAccessPolicy } from './statements';
import { Call, CallFailed, Calls, Rounds } from '../../aws/calls';
import { Invocation } from '../../cloudformation/invocation';
import { readUntil } from '../../cloudformation/read-until';
import { Refusal } from '../../cloudformation/refusal';
import { isOver, Standing } from '../../cloudformation/stack-phase';
import { BackupVault, NEWS_PATIENCE_MS } from '../vault';

/** A role of the same deployment may take so long to be known as a principal. */
const PRINCIPAL_PATIENCE_MS = 60_000;
/** Whoever read the policy before this write, and is about to write it without it, has done so by then. */
const SETTLE_MS = 3_000;
/** More writers at one policy than anybody has. */
const MAX_WRITES = 10;

interface View {
  /** `undefined`: there is no policy. */
  readonly text?: string;
  readonly verdict: AccessVerdict;
}

type Write = Extract<AccessVerdict, { do: 'put' | 'deletePolicy' }>;

/**
 * Reads, merges, writes and reads back, and again until the policy stays as it is meant to be. A Put replaces the whole policy, and AWS
 * Backup does not tell whether somebody has written in between: so each attempt begins with reading.
 */
export class AccessWork {
  private readonly rounds: Rounds;
  /** Answered ones. */
  private writes = 0;
  private tried = false;
  private phase?: Standing;

  /** @param askPhase absent: what is to be done is wanted whatever the stack does */
  constructor(
    calls: Calls,
    private readonly invocation: Invocation,
    private readonly vault: BackupVault,
    private readonly askPhase?: () => Promise<Standing | undefined>,
  ) {
    this.rounds = new Rounds(calls, invocation);
  }

  /** Whether the policy may be another one than before. */
  get hasWritten(): boolean {
    return this.tried;
  }

  /** @returns the Sids of statements of `old` that were left because somebody has changed them */
  async converge(desired: readonly AccessStatement[], old: readonly AccessStatement[]): Promise<readonly string[]> {
    let settled = true;
    let asked = false;
    let view = await this.look(desired, old);
    for (;;) {
      const { verdict } = view;
      if (verdict.do === 'refuse') throw new Refusal(refusalText(verdict.why, this.vault.place, verdict.sids));
      if (verdict.do === 'nothing') {
        if (settled) return verdict.left;
        await this.invocation.pause(SETTLE_MS);
        settled = true;
        view = await this.look(desired, old);
        continue;
      }
      if (!asked) {
        if (isOver(await this.assertStillWanted())) throw new Refusal(notWaitedFor(this.vault.place));
        // Asking may have taken long, and what others have written meanwhile must not be written over.
        asked = true;
        view = await this.look(desired, old);
        continue;
      }
      [asked, settled] = [false, false];
      const written = await this.write(verdict, [...desired, ...old]);
      view = written ? await this.readBack(desired, old, view.text) : await this.look(desired, old);
    }
  }

  /** Asked before every write, and once more when it is done: a Delete that found nothing yet shows in the stack's status. */
  async assertStillWanted(): Promise<Standing | undefined> {
    const phase = await this.askPhase?.();
    // The Update of a rollback finds it under way from the start.
    const turned = this.phase === 'forward' && phase === 'rollback';
    this.phase ??= phase;
    if (phase === 'over' || phase === 'deletion' || turned) throw new Refusal(notWaitedFor(this.vault.place));
    return phase;
  }

  /** Whether one of the statements is in the policy, in whatever form. */
  async shows(statements: readonly AccessStatement[]): Promise<boolean> {
    const policy = this.parse(await this.vault.accessPolicy());
    return policy?.statements.some(({ sid }) => statements.some((statement) => statement.sid === sid)) ?? false;
  }

  private async look(desired: readonly AccessStatement[], old: readonly AccessStatement[]): Promise<View> {
    const text = await this.vault.accessPolicy();
    const verdict = decideAccess({ desired, old, observed: this.parse(text) });
    const { do: decided, ...more } = verdict;
    const named = { left: 'left' in more ? more.left : undefined, refused: 'sids' in more ? more.sids : undefined };
    this.invocation.log({ vault: this.vault.name, statements: desired.map(({ sid }) => sid), decided, ...named });
    return { text, verdict };
  }

  /** A read that shows the policy as it was before lags behind; any other is somebody's. */
  private async readBack(desired: readonly AccessStatement[], old: readonly AccessStatement[], before?: string): Promise<View> {
    const news = ({ text, verdict }: View) => verdict.do === 'nothing' || text !== before;
    return readUntil(async () => this.look(desired, old), news, this.invocation);
  }

  /** @returns whether AWS Backup has answered that it is done */
  private async write(verdict: Write, statements: readonly AccessStatement[]): Promise<boolean> {
    const { backup, name, place } = this.vault;
    const put = verdict.do === 'put';
    if (this.writes >= MAX_WRITES) throw new Refusal(contested(place));
    this.tried = true;
    const call = this.vault.call(put ? 'PutBackupVaultAccessPolicy' : 'DeleteBackupVaultAccessPolicy', 'once');
    try {
      await this.rounds.make(call, async () => (put ? backup.putAccessPolicy(name, verdict.policy) : backup.deleteAccessPolicy(name)));
      this.writes++;
      return true;
    } catch (error) {
      const sids = [...new Set(statements.map(({ sid }) => sid))];
      await this.nextRound(call, error, sids);
      return false;
    }
  }

  private async nextRound(call: Call, error: unknown, sids: readonly string[]): Promise<void> {
    const unknown = isUnknownPrincipal(error);
    const patience = error instanceof CallFailed && error.kind === 'notFound' ? NEWS_PATIENCE_MS : 0;
    try {
      await this.rounds.next(call, error, unknown ? PRINCIPAL_PATIENCE_MS : patience);
    } catch (final) {
      throw unknown && final === error ? new Refusal(unknownPrincipal(this.vault.place, sids, PRINCIPAL_PATIENCE_MS)) : final;
    }
  }

  private parse(text: string | undefined): AccessPolicy | undefined {
    if (!text) return undefined;
    try {
      return readAccessPolicy(text);
    } catch (error) {
      throw new Refusal(unreadable(this.vault.place, (error as Error).message));
    }
  }
}
