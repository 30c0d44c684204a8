interface Waiting {
  readonly key: string;
  readonly limit: number;
  readonly start: (release: () => void) => void;
}

/** Limits how many invocations run at a time, in all and for one function; who has to wait is served in order of arrival. */
export class Slots {
  private total = 0;
  private readonly running = new Map<string, number>();
  private queue: Waiting[] = [];

  constructor(private readonly totalLimit: number) {}

  /** Resolves with the function that gives the slot back. */
  acquire(key: string, limit = Infinity): Promise<() => void> {
    return new Promise((start) => {
      this.queue.push({ key, limit, start });
      this.serve();
    });
  }

  /**
   * A slot at once or not at all. The total limit does not count: a synchronous invocation usually comes from a function that
   * holds a slot itself and waits for the answer.
   */
  tryAcquire(key: string, limit = Infinity): (() => void) | undefined {
    if ((this.running.get(key) ?? 0) >= limit) return undefined;
    return this.take(key, 0);
  }

  private serve(): void {
    this.queue = this.queue.filter(({ key, limit, start }) => {
      if (this.total >= this.totalLimit || (this.running.get(key) ?? 0) >= limit) return true;
      start(this.take(key, 1));
      return false;
    });
  }

  private take(key: string, weight: number): () => void {
    this.total += weight;
    this.running.set(key, (this.running.get(key) ?? 0) + 1);
    return () => {
      this.total -= weight;
      this.running.set(key, (this.running.get(key) ?? 1) - 1);
      this.serve();
    };
  }
}
