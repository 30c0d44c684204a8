import { Annotations } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';

export interface Warning {
  /** What `Annotations.acknowledgeWarning` takes, without the library's prefix. */
  readonly id: string;
  readonly message: string;
}

export function addWarnings(construct: IConstruct, warnings: readonly Warning[]): void {
  for (const warning of unacknowledged(construct, warnings)) addWarning(construct, warning);
}

/** Those that nobody has acknowledged, on the construct or above; also for what is an error otherwise. */
export function unacknowledged(construct: IConstruct, warnings: readonly Warning[]): readonly Warning[] {
  if (warnings.length === 0) return warnings;
  // The CDK tells only by leaving a warning out: 2.240, the oldest that users may have, only one of something inside of what is acknowledged.
  const probe = new Construct(construct, 'AcknowledgementProbe');
  for (const warning of warnings) addWarning(probe, warning);
  const standing = probe.node.metadata.map(({ data }) => String(data));
  construct.node.tryRemoveChild(probe.node.id);
  return warnings.filter(({ id, message }) =>
    standing.some((text) => text.includes(message) && text.includes(`[ack: cdk-vault-lock:${id}]`)),
  );
}

function addWarning(construct: IConstruct, { id, message }: Warning): void {
  Annotations.of(construct).addWarningV2(`cdk-vault-lock:${id}`, message);
}
