import { messageFilter } from './filter-pattern';
import { logGroupArn, LogEvent, LogStore, LogStream } from './log-store';
import { optionalNumber, optionalString, requiredString, stringList } from '../protocol/json-input';
import { createJsonService, JsonInput, JsonOperation } from '../protocol/json-protocol';
import { AwsError, AwsRequest, AwsService } from '../server/service';
import { World } from '../server/world';

/** CloudWatch Logs: the handlers' console output, read by the CDK CLI when a deployment has failed. */
export function createLogsService(world: World, store: LogStore = new LogStore(world)): AwsService {
  const operations = authorised(world, { ...groupOperations(store), ...eventOperations(store) });
  return createJsonService({ names: ['logs'], targetPrefix: 'Logs_20140328', world, operations });
}

function authorised(world: World, operations: Record<string, JsonOperation>): Record<string, JsonOperation> {
  const guard =
    (name: string, operation: JsonOperation): JsonOperation =>
    (input, request) => {
      if (request.caller.roleArn !== undefined) {
        const group = optionalString(input, 'logGroupName') ?? '*';
        world.iam.authorise({
          caller: request.caller,
          action: `logs:${name}`,
          resource: logGroupArn(group, request.region, request.caller.accountId),
        });
      }
      return operation(input, request);
    };
  return Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, guard(name, operation)]));
}

function groupOperations(store: LogStore): Record<string, JsonOperation> {
  return {
    CreateLogGroup: (input, request) => {
      const name = groupName(input);
      store.create(request.region, name);
      if (isTags(input.tags)) store.setTags(request.region, name, input.tags);
    },
    DeleteLogGroup: (input, request) => store.delete(request.region, groupName(input)),
    PutRetentionPolicy: (input, request) => store.setRetention(request.region, groupName(input), optionalNumber(input, 'retentionInDays')),
    DeleteRetentionPolicy: (input, request) => store.setRetention(request.region, groupName(input), undefined),
    DescribeLogGroups: (input, request) => {
      const prefix = optionalString(input, 'logGroupNamePrefix') ?? '';
      const part = optionalString(input, 'logGroupNamePattern') ?? '';
      const names = store.names(request.region).filter((name) => name.startsWith(prefix) && name.includes(part));
      return { logGroups: names.map((name) => describeGroup(store, name, request)) };
    },
    TagResource: (input, request) => {
      const name = groupOfArn(input);
      const tags = isTags(input.tags) ? input.tags : {};
      store.setTags(request.region, name, { ...store.get(request.region, name).tags, ...tags });
    },
    UntagResource: (input, request) => {
      const name = groupOfArn(input);
      const kept = Object.entries(store.get(request.region, name).tags ?? {}).filter(
        ([key]) => !stringList(input, 'tagKeys').includes(key),
      );
      store.setTags(request.region, name, Object.fromEntries(kept));
    },
    ListTagsForResource: (input, request) => ({ tags: store.get(request.region, groupOfArn(input)).tags ?? {} }),
  };
}

function eventOperations(store: LogStore): Record<string, JsonOperation> {
  return {
    CreateLogStream: (input, request) => {
      store.createStream(request.region, groupName(input), requiredString(input, 'logStreamName'));
    },
    DescribeLogStreams: (input, request) => {
      const name = groupName(input);
      const prefix = optionalString(input, 'logStreamNamePrefix') ?? '';
      const streams = Object.entries(store.get(request.region, name).streams).filter(([stream]) => stream.startsWith(prefix));
      const described = streams.map(([stream, content]) => describeStream(name, stream, content, request));
      if (optionalString(input, 'orderBy') === 'LastEventTime') {
        described.sort((a, b) => (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0));
      }
      if (input.descending === true) described.reverse();
      return { logStreams: described.slice(0, optionalNumber(input, 'limit') ?? 50) };
    },
    PutLogEvents: (input, request) => {
      const name = groupName(input);
      const stream = requiredString(input, 'logStreamName');
      streamOf(store, request.region, name, stream);
      const events = Array.isArray(input.logEvents) ? (input.logEvents as JsonInput[]) : [];
      for (const event of events) {
        store.append(request.region, name, stream, optionalNumber(event, 'timestamp') ?? 0, requiredString(event, 'message'));
      }
      return { nextSequenceToken: '0' };
    },
    GetLogEvents: (input, request) => {
      const stream = streamOf(store, request.region, groupName(input), requiredString(input, 'logStreamName'));
      const events = stream.events.filter(inPeriod(input)).slice(-(optionalNumber(input, 'limit') ?? 10_000));
      return { events: events.map(outputEvent), nextForwardToken: 'f/0', nextBackwardToken: 'b/0' };
    },
    FilterLogEvents: (input, request) => {
      const matches = messageFilter(optionalString(input, 'filterPattern'));
      const names = stringList(input, 'logStreamNames');
      const prefix = optionalString(input, 'logStreamNamePrefix') ?? '';
      const found = Object.entries(store.get(request.region, groupName(input)).streams)
        .filter(([stream]) => stream.startsWith(prefix) && (names.length === 0 || names.includes(stream)))
        .flatMap(([logStreamName, stream]) => stream.events.map((event) => ({ logStreamName, event })))
        .filter(({ event }) => inPeriod(input)(event) && matches(event.message))
        .sort((a, b) => a.event.timestamp - b.event.timestamp)
        .slice(0, optionalNumber(input, 'limit') ?? 10_000);
      return {
        events: found.map(({ logStreamName, event }) => ({ logStreamName, eventId: event.eventId, ...outputEvent(event) })),
        searchedLogStreams: [],
      };
    },
  };
}

function groupName(input: JsonInput): string {
  return optionalString(input, 'logGroupName') ?? lastGroupOf(requiredString(input, 'logGroupIdentifier'));
}

function groupOfArn(input: JsonInput): string {
  return lastGroupOf(requiredString(input, 'resourceArn'));
}

function lastGroupOf(nameOrArn: string): string {
  return nameOrArn.replace(/^arn:[^:]+:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
}

function streamOf(store: LogStore, region: string, group: string, stream: string): LogStream {
  const found = store.get(region, group).streams[stream];
  if (found === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
  return found;
}

function inPeriod(input: JsonInput): (event: LogEvent) => boolean {
  const start = optionalNumber(input, 'startTime') ?? 0;
  const end = optionalNumber(input, 'endTime') ?? Number.MAX_SAFE_INTEGER;
  return (event) => event.timestamp >= start && event.timestamp <= end;
}

function outputEvent(event: LogEvent) {
  return { timestamp: event.timestamp, message: event.message, ingestionTime: event.timestamp };
}

function describeGroup(store: LogStore, name: string, request: AwsRequest) {
  const group = store.get(request.region, name);
  const arn = logGroupArn(name, request.region, request.caller.accountId);
  return {
    logGroupName: name,
    creationTime: group.creationTime,
    retentionInDays: group.retentionInDays,
    metricFilterCount: 0,
    arn,
    logGroupArn: arn.replace(/:\*$/, ''),
    storedBytes: 0,
    logGroupClass: 'STANDARD',
  };
}

function describeStream(group: string, stream: string, content: LogStream, request: AwsRequest) {
  const groupArn = logGroupArn(group, request.region, request.caller.accountId).replace(/\*$/, '');
  return {
    logStreamName: stream,
    creationTime: content.creationTime,
    firstEventTimestamp: content.events[0]?.timestamp,
    lastEventTimestamp: content.events.at(-1)?.timestamp,
    arn: `${groupArn}log-stream:${stream}`,
    storedBytes: 0,
  };
}

function isTags(value: unknown): value is { [key: string]: string } {
  return typeof value === 'object' && value !== null && Object.values(value).every((item) => typeof item === 'string');
}
