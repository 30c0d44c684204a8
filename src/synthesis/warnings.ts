import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

export interface Warning {
  /** What `Annotations.acknowledgeWarning` takes, without the library's prefix. */
  readonly id: string;
  readonly message: string;
}

export function addWarnings(construct: IConstruct, warnings: readonly Warning[]): void {
  for (const { id, message } of warnings) {
    Annotations.of(construct).addWarningV2(`cdk-vault-lock:${id}`, message);
  }
}

/** Adds the warnings, and gives back those that nobody has acknowledged: for what is an error otherwise. */
export function unacknowledged(construct: IConstruct, warnings: readonly Warning[]): Warning[] {
  addWarnings(construct, warnings);
  const standing = construct.node.metadata.map(({ data }) => String(data));
  return warnings.filter(({ id, message }) =>
    standing.some((text) => text.includes(message) && text.includes(`[ack: cdk-vault-lock:${id}]`)),
  );
}
