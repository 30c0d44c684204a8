import { randomUUID } from 'node:crypto';
import { partitionOf } from '../server/partition';
import { AwsError } from '../server/service';
import { World } from '../server/world';

export interface LogEvent {
  readonly eventId: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

export interface LogStream {
  readonly creationTime: number;
  readonly events: LogEvent[];
}

export interface LogGroup {
  readonly creationTime: number;
  retentionInDays?: number;
  tags?: { [key: string]: string };
  readonly streams: { [stream: string]: LogStream };
}

/** Where a running function's lines go. The group and the stream are made when the first line arrives. */
export interface LogSink {
  append(group: string, stream: string, timestamp: number, message: string): void;
}

/** The logs are for diagnosis, not an archive: what is older than these bounds is dropped. */
const MAX_EVENTS_PER_STREAM = 2000;
const MAX_STREAMS_PER_GROUP = 100;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

type LogSlice = { [region: string]: { [group: string]: LogGroup } };

/** The log groups of all regions, in the state slice `logs`. */
export class LogStore {
  constructor(private readonly world: World) {}

  sink(region: string): LogSink {
    return { append: (group, stream, timestamp, message) => this.append(region, group, stream, timestamp, message) };
  }

  find(region: string, name: string): LogGroup | undefined {
    return this.groups(region)[name];
  }

  get(region: string, name: string): LogGroup {
    const group = this.find(region, name);
    if (group === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return group;
  }

  names(region: string): string[] {
    return Object.keys(this.groups(region)).sort();
  }

  create(region: string, name: string): LogGroup {
    checkName(name);
    const groups = this.groups(region);
    if (groups[name] !== undefined) throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    const group: LogGroup = { creationTime: this.world.clock.now(), streams: {} };
    groups[name] = group;
    this.world.state.changed();
    return group;
  }

  delete(region: string, name: string): void {
    this.get(region, name);
    delete this.groups(region)[name];
    this.world.state.changed();
  }

  setRetention(region: string, name: string, days: number | undefined): void {
    const group = this.get(region, name);
    if (days !== undefined && !RETENTION_DAYS.includes(days)) {
      throw new AwsError(
        'InvalidParameterException',
        `1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`,
      );
    }
    group.retentionInDays = days;
    this.world.state.changed();
  }

  setTags(region: string, name: string, tags: { [key: string]: string }): void {
    this.get(region, name).tags = tags;
    this.world.state.changed();
  }

  createStream(region: string, name: string, stream: string): LogStream {
    const group = this.get(region, name);
    if (group.streams[stream] !== undefined) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
    }
    return this.addStream(group, stream);
  }

  append(region: string, name: string, streamName: string, timestamp: number, message: string): void {
    const group = this.find(region, name) ?? this.create(region, name);
    const stream = group.streams[streamName] ?? this.addStream(group, streamName);
    stream.events.push({ eventId: randomUUID(), timestamp, message });
    if (stream.events.length > MAX_EVENTS_PER_STREAM) stream.events.splice(0, stream.events.length - MAX_EVENTS_PER_STREAM);
    this.world.state.changed();
  }

  private addStream(group: LogGroup, name: string): LogStream {
    const stream: LogStream = { creationTime: this.world.clock.now(), events: [] };
    group.streams[name] = stream;
    const names = Object.keys(group.streams);
    names.slice(0, Math.max(0, names.length - MAX_STREAMS_PER_GROUP)).forEach((old) => delete group.streams[old]);
    this.world.state.changed();
    return stream;
  }

  private groups(region: string): { [group: string]: LogGroup } {
    const regions = this.world.state.slice<LogSlice>('logs', () => ({}));
    return (regions[region] ??= {});
  }
}

export function logGroupArn(name: string, region: string, accountId: string): string {
  return `arn:${partitionOf(region)}:logs:${region}:${accountId}:log-group:${name}:*`;
}

function checkName(name: string): void {
  if (/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) return;
  throw new AwsError(
    'InvalidParameterException',
    `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
  );
}
