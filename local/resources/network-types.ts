import { createHash, randomBytes } from 'node:crypto';
import { requiredText, textProperty } from './properties';
import { recordedType, RecordedTypeProps } from './recorded-type';
import { ResourceType, ResourceTypes } from '../cloudformation/resource-type';

/** EC2's network types, only recorded. */
export function networkTypes(): ResourceTypes {
  return new Map([
    ['AWS::EC2::VPC', vpc()],
    ['AWS::EC2::Subnet', subnet()],
    ['AWS::EC2::RouteTable', identified('rtb', { attributes: ({ name }) => ({ RouteTableId: name }), replaceOn: ['VpcId'] })],
    [
      'AWS::EC2::SubnetRouteTableAssociation',
      identified('rtbassoc', { attributes: ({ name }) => ({ Id: name }), replaceOn: ['SubnetId'] }),
    ],
    ['AWS::EC2::Route', route()],
    ['AWS::EC2::InternetGateway', identified('igw', { attributes: ({ name }) => ({ InternetGatewayId: name }) })],
    ['AWS::EC2::VPCGatewayAttachment', gatewayAttachment()],
    [
      'AWS::EC2::NatGateway',
      identified('nat', { attributes: ({ name }) => ({ NatGatewayId: name }), replaceOn: ['SubnetId', 'AllocationId'] }),
    ],
    ['AWS::EC2::EIP', elasticIp()],
    ['AWS::EC2::SecurityGroup', securityGroup()],
    ['AWS::EC2::SecurityGroupIngress', identified('sgr', { attributes: ({ name }) => ({ Id: name }), replaceOn: ['*'] })],
    ['AWS::EC2::SecurityGroupEgress', identified('sgr', { attributes: ({ name }) => ({ Id: name }), replaceOn: ['*'] })],
    ['AWS::EC2::VPCEndpoint', vpcEndpoint()],
  ]);
}

function identified(prefix: string, props: Omit<RecordedTypeProps, 'generate'> = {}): ResourceType {
  return recordedType({ ...props, generate: () => `${prefix}-0${hex(randomBytes(9).toString('hex'))}` });
}

function vpc(): ResourceType {
  return identified('vpc', {
    attributes: ({ name, properties }) => ({
      VpcId: name,
      CidrBlock: textProperty(properties, 'CidrBlock') ?? '',
      CidrBlockAssociations: [`vpc-cidr-assoc-0${derived(name, 'cidr')}`],
      DefaultNetworkAcl: `acl-0${derived(name, 'acl')}`,
      DefaultSecurityGroup: `sg-0${derived(name, 'sg')}`,
      Ipv6CidrBlocks: [],
    }),
    replaceOn: ['CidrBlock'],
  });
}

function subnet(): ResourceType {
  return identified('subnet', {
    attributes: ({ name, properties, scope }) => ({
      SubnetId: name,
      AvailabilityZone: textProperty(properties, 'AvailabilityZone') ?? `${scope.region}a`,
      AvailabilityZoneId: 'use1-az1',
      CidrBlock: textProperty(properties, 'CidrBlock') ?? '',
      VpcId: requiredText(properties, 'VpcId'),
      Ipv6CidrBlocks: [],
      NetworkAclAssociationId: `aclassoc-0${derived(name, 'acl')}`,
    }),
    replaceOn: ['CidrBlock', 'VpcId', 'AvailabilityZone'],
  });
}

function route(): ResourceType {
  return recordedType({
    generate: (_scope, properties) =>
      `${requiredText(properties, 'RouteTableId')}|${textProperty(properties, 'DestinationCidrBlock') ?? textProperty(properties, 'DestinationIpv6CidrBlock') ?? ''}`,
    attributes: ({ properties }) => ({ CidrBlock: textProperty(properties, 'DestinationCidrBlock') ?? '' }),
    replaceOn: ['RouteTableId', 'DestinationCidrBlock', 'DestinationIpv6CidrBlock'],
  });
}

function gatewayAttachment(): ResourceType {
  return recordedType({
    generate: (_scope, properties) => {
      const kind = textProperty(properties, 'InternetGatewayId') === undefined ? 'VGW' : 'IGW';
      return `${kind}|${requiredText(properties, 'VpcId')}`;
    },
    attributes: ({ properties }) => ({ AttachmentType: textProperty(properties, 'InternetGatewayId') === undefined ? 'VGW' : 'IGW' }),
    replaceOn: ['VpcId'],
  });
}

/** Addresses from 203.0.113.0/24, which belongs to documentation (RFC 5737). */
function elasticIp(): ResourceType {
  return recordedType({
    generate: () => `203.0.113.${1 + ((randomBytes(1)[0] ?? 0) % 254)}`,
    attributes: ({ name }) => ({ PublicIp: name, AllocationId: `eipalloc-0${derived(name, 'eip')}` }),
    replaceOn: ['Domain'],
  });
}

function securityGroup(): ResourceType {
  return identified('sg', {
    attributes: ({ name, properties }) => ({ GroupId: name, Id: name, VpcId: textProperty(properties, 'VpcId') ?? '' }),
    replaceOn: ['GroupName', 'GroupDescription', 'VpcId'],
  });
}

function vpcEndpoint(): ResourceType {
  return identified('vpce', {
    attributes: ({ name, scope }) => ({
      Id: name,
      CreationTimestamp: new Date(scope.world.clock.now()).toISOString(),
      DnsEntries: [],
      NetworkInterfaceIds: [],
    }),
    replaceOn: ['ServiceName', 'VpcId', 'VpcEndpointType'],
  });
}

/** The same for the same resource at every call. */
function derived(id: string, what: string): string {
  return hex(createHash('sha256').update(`${id} ${what}`).digest('hex'));
}

function hex(text: string): string {
  return text.slice(0, 16);
}
