import type { Accuse } from './catalogue';
import type { Evidence } from './evidence';
import { sent } from './evidence';
import type { CallRecord } from '../world/api';
import type { Answer, Run } from '../world/runs';

const TAKING_AWAY = [
  ...['glacier:DeleteVault', 'glacier:AbortVaultLock'],
  ...['backup:DeleteBackupVaultLockConfiguration', 'backup:DeleteBackupVaultAccessPolicy'],
];
/** The stack has what it was answered for, and is not giving it up. */
const KEEPING = /^(CREATE|UPDATE)_(IN_PROGRESS|COMPLETE|FAILED|COMPLETE_CLEANUP_IN_PROGRESS)$/;

/** What one delivery of an event has been answered for, another must not take away. */
export class AnsweredLaws {
  /** ResponseURL -> the first answer, which alone counts. */
  private readonly first = new Map<string, Answer>();

  constructor(
    private readonly evidence: Evidence,
    private readonly accuse: Accuse,
  ) {}

  ended({ event, answers: [body] }: Run): void {
    const { ResponseURL } = event;
    if (body !== undefined && !this.first.has(ResponseURL)) this.first.set(ResponseURL, JSON.parse(body) as Answer);
  }

  judge({ operation, on, by, error }: CallRecord): void {
    const { evidence } = this;
    if (error !== undefined || !TAKING_AWAY.includes(operation) || by.event.RequestType === 'Delete') return;
    // To abort was what it was answered for.
    if (sent(by).Stage === 'abort') return;
    const isCurrent = evidence.world.operationsOn(by.event.StackId) === evidence.sendingOf(by).operation;
    const isKeeping = KEEPING.test(evidence.statusOf(by.event.StackId));
    if (this.first.get(by.event.ResponseURL)?.Status !== 'SUCCESS' || !isCurrent || !isKeeping) return;
    const what = `${by.event.RequestType} of ${by.event.LogicalResourceId}`;
    this.accuse('answerStands', `the ${what} has been answered with SUCCESS, and another delivery of it calls ${operation} on ${on}`);
  }
}
