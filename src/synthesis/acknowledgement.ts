export interface Acknowledgement {
  readonly vaultName: string;
  readonly fingerprint: string;
}

/** How the acknowledgements of one kind of lock look, and what errors say about them. */
export interface AcknowledgementKind {
  /** What the names of such vaults match, as the source of a regular expression. */
  readonly vaultName: string;
  /** What a lock is about, besides account and region. */
  readonly subject: string;
  /** How to come by the right acknowledgement. */
  readonly wayOut: string;
}

/** `<vault name> <fingerprint>`, as an earlier deployment of a lock prints it. */
export class AcknowledgementFormat {
  private readonly pattern: RegExp;

  constructor(private readonly kind: AcknowledgementKind) {
    this.pattern = new RegExp(`^(${kind.vaultName}) (sha256:[0-9a-f]{64})$`);
  }

  /**
   * Copied by people: what stands around it does not count, for the handler neither.
   *
   * @throws if the text is no acknowledgement at all
   */
  public parse(text: string): Acknowledgement {
    const [, vaultName, fingerprint] = this.pattern.exec(String(text).trim()) ?? [];
    if (vaultName === undefined || fingerprint === undefined) {
      throw new Error(`\`acknowledge\` must be '<vault name> sha256:<64 hex digits>', got: '${text}'. ${this.kind.wayOut}`);
    }
    return { vaultName, fingerprint };
  }

  /**
   * Holds an acknowledgement against the lock that it would make permanent. What is right is never said: it can only be copied from a
   * deployment of exactly that lock.
   *
   * @param lock what is known of the lock; a part that is not known is left to the handler
   */
  public errors({ vaultName, fingerprint }: Acknowledgement, lock: Partial<Acknowledgement>): string[] {
    const { subject, wayOut } = this.kind;
    if (lock.vaultName !== undefined && lock.vaultName !== vaultName) {
      return [`\`acknowledge\` names the vault '${vaultName}', but this lock is for '${lock.vaultName}'. ${wayOut}`];
    }
    if (lock.fingerprint !== undefined && lock.fingerprint !== fingerprint) {
      return [
        `\`acknowledge\` is for another ${subject}, account or region than what would become permanent here, got: '${vaultName} ${fingerprint}'. ${wayOut}`,
      ];
    }
    return [];
  }
}
