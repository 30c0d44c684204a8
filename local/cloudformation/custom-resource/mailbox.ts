/** Where the answers of custom resources arrive. Only the first one to a request counts. */
export class Mailbox {
  private readonly waiting = new Map<string, (body: Buffer) => void>();
  private readonly closed = new Set<string>();

  /** Calls `take` with the answer to `key`; the returned function stops waiting for it. */
  wait(key: string, take: (body: Buffer) => void): () => void {
    const close = () => {
      this.waiting.delete(key);
      this.closed.add(key);
    };
    this.waiting.set(key, (body) => {
      close();
      take(body);
    });
    return close;
  }

  /**
   * Takes what was put to a response URL.
   * @param key the URL's path, percent-encoded or not.
   * @returns false when no request of this key was ever sent. A late or repeated answer is taken and forgotten, as S3 does it.
   */
  receive(key: string, body: Buffer): boolean {
    const plain = decoded(key);
    const take = this.waiting.get(plain);
    take?.(body);
    return take !== undefined || this.closed.has(plain);
  }
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
