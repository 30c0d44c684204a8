import { Clock } from './clock';
import { Envelope } from './request';

export interface Answer {
  readonly status: 'SUCCESS' | 'FAILED';
  readonly physicalId: string;
  readonly reason?: string;
  readonly data?: { readonly [name: string]: string };
}

/** Sends the body to the pre-signed URL. Resolves to the HTTP status, rejects when there was none. */
export type Put = (url: string, body: string) => Promise<number>;

/** CloudFormation refuses a longer response, and the reason for the failure is lost with it. */
export const MAX_BODY_BYTES = 4096;
const MAX_REASON_BYTES = 1024;
const ATTEMPTS = 5;

export function responseBody(envelope: Envelope, answer: Answer): string {
  const { StackId, RequestId, LogicalResourceId } = envelope;
  const body = (reason: string | undefined, data = answer.data) =>
    JSON.stringify({
      Status: answer.status,
      Reason: reason,
      PhysicalResourceId: answer.physicalId,
      StackId,
      RequestId,
      LogicalResourceId,
      Data: data,
    });
  for (let room = MAX_REASON_BYTES; room >= 64; room /= 2) {
    const text = body(answer.reason && truncate(answer.reason, room));
    if (Buffer.byteLength(text) <= MAX_BODY_BYTES) return text;
  }
  // Only names beyond every limit of AWS get here; an answer without its data still ends the wait.
  return body(undefined, undefined);
}

/** At most so many UTF-8 bytes, cut between characters. */
export function truncate(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes - 3;
  while (end > 0 && bytes.readUInt8(end) >= 0x80 && bytes.readUInt8(end) < 0xc0) end--;
  return `${bytes.toString('utf8', 0, end)}…`;
}

/** @throws Error, without the URL, when nobody took the answer */
export async function send(put: Put, url: string, body: string, clock: Clock, random: () => number): Promise<void> {
  let problem = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await clock.sleep(100 * 2 ** attempt * (0.5 + random() / 2));
    try {
      const status = await put(url, body);
      if (status < 400) return;
      problem = `HTTP ${status}`;
    } catch (error) {
      problem = (error as NodeJS.ErrnoException).code ?? 'no answer';
    }
  }
  throw new Error(`the response could not be delivered to CloudFormation in ${ATTEMPTS} attempts: ${problem}`);
}
