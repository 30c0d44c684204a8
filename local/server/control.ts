import type { VirtualClock } from './clock';
import { complaintAbout } from './fault-check';
import type { FaultTargets } from './fault-check';
import type { Fault, FaultGate } from './operation-gate';
import { json } from './service';
import type { AwsResponse } from './service';

/** What the control routes work on. */
export interface ControlledParts {
  readonly clock: VirtualClock;
  readonly gate: FaultGate;
  /** What faults may name. */
  readonly faultTargets: () => FaultTargets;
  /** The summary for `GET /_local/state`. */
  readonly summary: () => unknown;
  /** Takes a custom resource's answer; false when nobody waits for it. */
  readonly receiveResponse: (key: string, body: Buffer) => boolean;
  /** Told when the clock has been moved. */
  readonly advanced: () => void;
  /** Empties the endpoint: state, faults, clock. */
  readonly reset: () => void;
}

const RESPONSES = '/_local/responses/';
/** A thousand years; anything above is a slip of the keyboard, and dates stop at the year 275760. */
const LONGEST_ADVANCE_SECONDS = 1000 * 366 * 86_400;

/** The routes under `/_local`, which a test or a rehearsal steers the endpoint with. Documented in docs/local-endpoint.md. */
export class Control {
  constructor(private readonly parts: ControlledParts) {}

  async handle(method: string, url: string, body: Buffer): Promise<AwsResponse> {
    const path = url.split('?', 1)[0] ?? '';
    if (method === 'PUT' && path.startsWith(RESPONSES)) return this.receive(url, body);
    switch (`${method} ${path}`) {
      case 'GET /_local/health':
        return json(200, { status: 'ok' });
      case 'GET /_local/clock':
        return json(200, this.time());
      case 'POST /_local/clock':
        return this.advance(body);
      case 'GET /_local/faults':
        return json(200, { faults: this.parts.gate.pending });
      case 'POST /_local/faults':
        return this.setFaults(body);
      case 'GET /_local/calls':
        return json(200, { calls: this.parts.gate.calls });
      case 'GET /_local/state':
        return json(200, this.parts.summary());
      case 'POST /_local/reset':
        this.parts.reset();
        return json(200, { status: 'ok' });
      default:
        return refuse(404, `There is no route ${method} ${path}. See docs/local-endpoint.md.`);
    }
  }

  private receive(url: string, body: Buffer): AwsResponse {
    // S3 answers a late PUT to a pre-signed URL like any other, so nobody is told that nobody waits any more.
    this.parts.receiveResponse(url.slice(RESPONSES.length).split('?', 1)[0] ?? '', body);
    return { status: 200, body: '' };
  }

  private time() {
    return { now: new Date(this.parts.clock.now()).toISOString(), offsetSeconds: this.parts.clock.offset / 1000 };
  }

  private async advance(body: Buffer): Promise<AwsResponse> {
    const seconds = (parse(body) as { advanceSeconds?: unknown } | undefined)?.advanceSeconds;
    if (typeof seconds !== 'number' || !(seconds >= 0) || seconds > LONGEST_ADVANCE_SECONDS) {
      return refuse(400, '`advanceSeconds` must be a number of seconds, 0 or more (time does not run backwards).');
    }
    await this.parts.clock.advance(seconds * 1000);
    this.parts.advanced();
    return json(200, this.time());
  }

  private setFaults(body: Buffer): AwsResponse {
    const parsed = parse(body);
    const faults = Array.isArray(parsed) ? parsed : ((parsed as { faults?: unknown } | undefined)?.faults ?? undefined);
    const complaint = complaintAbout(faults, this.parts.faultTargets());
    if (complaint !== undefined) return refuse(400, complaint);
    this.parts.gate.setFaults(faults as Fault[]);
    return json(200, { faults: this.parts.gate.pending });
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function refuse(status: number, message: string): AwsResponse {
  return json(status, { message });
}
