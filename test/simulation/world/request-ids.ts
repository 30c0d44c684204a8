import type { Answer, Event } from './runs';

interface Request {
  /** The one that the handlers see. */
  readonly shown: string;
  failed: boolean;
}

/** CloudFormation uses the RequestId again when a failed deployment is retried (aws/aws-cdk#35957); the engine makes a new one each time. */
export class RequestIds {
  /** By what is asked for. */
  private readonly last = new Map<string, Request>();
  /** By ResponseURL. */
  private readonly sent = new Map<string, { readonly id: string; readonly request: Request }>();

  /** The event as the handlers get it. */
  given(event: Event): Event {
    const { StackId, LogicalResourceId, RequestType, ResourceProperties, OldResourceProperties, RequestId: id } = event;
    const what = JSON.stringify([StackId, LogicalResourceId, RequestType, ResourceProperties, OldResourceProperties]);
    const before = this.last.get(what);
    const request = { shown: before?.failed ? before.shown : id, failed: false };
    this.last.set(what, request);
    this.sent.set(event.ResponseURL, { id, request });
    return request.shown === id ? event : { ...event, RequestId: request.shown };
  }

  /** The answer as the engine expects it. */
  takenBack({ ResponseURL }: Event, body: string): string {
    const sent = this.sent.get(ResponseURL);
    if (!sent) return body;
    const answer = JSON.parse(body) as Answer;
    sent.request.failed ||= answer.Status === 'FAILED';
    return sent.id === sent.request.shown ? body : JSON.stringify({ ...answer, RequestId: sent.id });
  }
}
