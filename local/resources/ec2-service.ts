import { toXml } from '../protocol/xml';
import { DroppedConnection } from '../server/operation-gate';
import { AwsError, AwsRequest, AwsResponse, AwsService } from '../server/service';
import { World } from '../server/world';

const XMLNS = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const AVAILABILITY_ZONES = 'DescribeAvailabilityZones';
const ZONES = ['a', 'b', 'c'];

/** EC2 as far as the CDK CLI asks it when an app has a `Vpc`: which availability zones the region has. */
export function createEc2Service(world: World): AwsService {
  return {
    names: ['ec2'],
    operations: [AVAILABILITY_ZONES],
    handle: async (request) => {
      try {
        const parameters = new URLSearchParams(request.body.toString('utf8'));
        const action = parameters.get('Action') ?? request.query.get('Action') ?? '';
        if (action !== AVAILABILITY_ZONES) {
          throw new AwsError('InvalidAction', `ec2 ${action} is not implemented by the local endpoint, which knows ${AVAILABILITY_ZONES}.`);
        }
        return await world.gate.run(request, action, () => describeAvailabilityZones(request));
      } catch (error) {
        if (error instanceof DroppedConnection || !(error instanceof AwsError)) throw error;
        return refusal(error, request.requestId);
      }
    },
  };
}

function describeAvailabilityZones({ region, requestId }: AwsRequest): AwsResponse {
  const zone = (letter: string, index: number) =>
    toXml('item', {
      groupName: `${region}-zg-1`,
      networkBorderGroup: region,
      optInStatus: 'opt-in-not-required',
      regionName: region,
      zoneId: `local-az${index + 1}`,
      zoneName: `${region}${letter}`,
      zoneState: 'available',
      zoneType: 'availability-zone',
    });
  const zones = `<availabilityZoneInfo>${ZONES.map(zone).join('')}</availabilityZoneInfo>`;
  const name = `${AVAILABILITY_ZONES}Response`;
  return xml(200, `<${name} xmlns="${XMLNS}">${toXml('requestId', requestId)}${zones}</${name}>`);
}

function refusal(error: AwsError, requestId: string): AwsResponse {
  const content = toXml('Error', { Code: error.code, Message: error.message });
  return xml(error.status, `<Response><Errors>${content}</Errors>${toXml('RequestID', requestId)}</Response>`);
}

function xml(status: number, body: string): AwsResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}` };
}
