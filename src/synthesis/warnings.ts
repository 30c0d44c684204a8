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
