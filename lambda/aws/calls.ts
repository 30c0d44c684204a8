import { ErrorKind, kindOf, messageOf, nameOf } from './errors';
import { Invocation } from '../cloudformation/invocation';
import { Refusal } from '../cloudformation/refusal';

/** How a call is to be made. */
export interface Call {
  /** IAM action, e.g. `glacier:CreateVault`. */
  readonly action: string;
  /** What it acts on, for the reader of an error. */
  readonly on: string;
  /**
   * `patient` (default): a denial is retried for `DENIAL_PATIENCE_MS`, an unclear or throttled attempt is made again.
   * `once`: the caller looks at the state before it tries again; only throttling, which had no effect, is retried here.
   */
  readonly mode?: 'patient' | 'once';
  /** Asked before every attempt; what it throws ends the call. */
  readonly before?: () => Promise<void>;
  /** The service's own words are left out of the error, because the request carried a secret that they may repeat. */
  readonly quiet?: boolean;
}

/** A permission that the same deployment grants takes seconds to arrive everywhere. */
export const DENIAL_PATIENCE_MS = 60_000;
/** About 40 seconds in all. */
const UNCLEAR_ATTEMPTS = 10;

const PAUSES_MS: { readonly [kind in ErrorKind]?: readonly [first: number, longest: number] } = {
  denied: [1_000, 16_000],
  throttled: [1_000, 4_000],
};

/** Denied, and not only for the moment. */
export class Denied extends Error {
  constructor(action: string, on: string) {
    super(
      `${action} on ${on} was denied for ${DENIAL_PATIENCE_MS / 1000} seconds. The function's role lacks the permission, or a service control ` +
        'policy, a permissions boundary, the access policy or the lock policy of the vault denies it. Grant it and deploy again.',
    );
  }
}

/** The service said no for a reason that waiting does not change, or did not answer. `name` is the service's error code. */
export class CallFailed extends Error {
  readonly kind: ErrorKind;

  constructor({ action, on, quiet }: Call, cause: unknown) {
    const text = quiet || nameOf(cause) === 'SyntaxError' ? '' : messageOf(cause);
    super(`${action} on ${on} failed: ${nameOf(cause)}${text && `: ${text}`}`);
    this.name = nameOf(cause);
    this.kind = kindOf(cause);
  }
}

export class Calls {
  constructor(private readonly invocation: Invocation) {}

  async make<T>(call: Call, send: () => Promise<T>): Promise<T> {
    const { clock, log } = this.invocation;
    let unclear = 0;
    let deniedSince: number | undefined;
    for (let attempt = 0; ; attempt++) {
      await call.before?.();
      this.invocation.assertRunning();
      try {
        return await send();
      } catch (error) {
        const kind = kindOf(error);
        log({ call: call.action, on: call.on, attempt: attempt + 1, error: nameOf(error) });
        this.invocation.trouble = `${call.action} on ${call.on}: ${nameOf(error)}`;
        if (call.mode !== 'once' && kind === 'denied') {
          deniedSince ??= clock.now();
          if (clock.now() - deniedSince >= DENIAL_PATIENCE_MS) throw new Denied(call.action, call.on);
        } else if (kind !== 'throttled' && (call.mode === 'once' || kind !== 'unclear' || ++unclear >= UNCLEAR_ATTEMPTS)) {
          throw new CallFailed(call, error);
        }
        await this.pause(kind, attempt);
      }
    }
  }

  /**
   * 1, 2, 4, 8, 16, 16, … seconds for a denial, a tenth of that in the beginning for anything else; half of each at random, so that a
   * stack full of vaults spreads out.
   */
  async pause(kind: ErrorKind, attempt: number): Promise<void> {
    const [first, longest] = PAUSES_MS[kind] ?? [100, 16_000];
    await this.invocation.pause(Math.min(first * 2 ** Math.min(attempt, 10), longest) * (0.5 + this.invocation.random() / 2));
  }
}

/** `undefined` if the service says that there is no such thing. */
export async function orAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CallFailed && error.kind === 'notFound') return undefined;
    throw error;
  }
}

/** Told to a caller who never used Glacier before it closed. */
export const NO_LONGER_SUPPORTED =
  'Amazon Glacier (the vault service) refuses this account: since 2025-12-15 it serves only accounts that already keep data in vaults. ' +
  'New accounts: use Amazon S3 with Object Lock and the S3 Glacier storage classes, or AWS Backup with Vault Lock.';

/** The words in which an error may reach the person who deploys. Never a stack trace. */
export function explain(error: unknown): string {
  if (error instanceof CallFailed && error.kind === 'unsupported') return NO_LONGER_SUPPORTED;
  if (error instanceof Refusal || error instanceof Denied || error instanceof CallFailed) return error.message;
  return `unexpected ${nameOf(error)}${error instanceof SyntaxError ? '' : `: ${messageOf(error)}`}`;
}

/** Patience for calls that are made `once` and judged by the state of the world between two tries. */
export class Rounds {
  private readonly deniedSince = new Map<string, number>();
  private readonly failures = new Map<string, number>();

  constructor(
    private readonly calls: Calls,
    private readonly invocation: Invocation,
  ) {}

  /** Makes the call; what went wrong with it before does not count any more once it is answered. */
  async make<T>(call: Call, send: () => Promise<T>): Promise<T> {
    const result = await this.calls.make(call, send);
    this.deniedSince.delete(call.action);
    this.failures.delete(call.action);
    return result;
  }

  /**
   * Waits before the next look.
   *
   * @param patienceMs how long an answer that is neither a denial nor unclear may still turn out to be premature
   * @throws Denied, or the error itself, when it has been so for long enough to be believed
   */
  async next(call: Call, error: unknown, patienceMs = 0): Promise<void> {
    if (!(error instanceof CallFailed)) throw error;
    const round = (this.failures.get(call.action) ?? 0) + 1;
    this.failures.set(call.action, round);
    if (error.kind === 'unclear') {
      if (round >= UNCLEAR_ATTEMPTS) throw error;
    } else {
      const since = this.deniedSince.get(call.action) ?? this.invocation.clock.now();
      this.deniedSince.set(call.action, since);
      const denied = error.kind === 'denied';
      if (this.invocation.clock.now() - since >= (denied ? DENIAL_PATIENCE_MS : patienceMs)) {
        throw denied ? new Denied(call.action, call.on) : error;
      }
    }
    await this.calls.pause(error.kind, round - 1);
  }
}
