import { App, Duration, Stack, type Environment } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { VaultLockPolicy } from '../../src';

export const ENV = { account: '111111111111', region: 'eu-west-1' };
export const OTHER_ACCOUNT = '222222222222';
export const ONE_YEAR = VaultLockPolicy.retain(Duration.days(365));

/** A stack of a known account and region, or, with `{}`, of whatever it is deployed to. */
export function aStack(env: Environment = ENV, app = new App(), id = 'Archive'): Stack {
  return new Stack(app, id, { env });
}

/** The only resource of a type, with everything that stands in the template. */
export function resourceOf(stack: Stack, type: string) {
  const resources = Object.values(Template.fromStack(stack).findResources(type));
  expect(resources).toHaveLength(1);
  return resources[0] as { readonly Properties: Record<string, unknown>; readonly [key: string]: unknown };
}

type ServedType = 'Custom::GlacierVault' | 'Custom::GlacierVaultLock' | 'Custom::BackupVaultLock' | 'Custom::BackupVaultAccess';

export function propertiesOf(stack: Stack, type: ServedType) {
  return resourceOf(stack, type).Properties;
}

/** As of the first deployment; a stack that is deployed anew has another one. */
export const STACK_UUID = '5b1a9c10-1f2e-11f0-9c3d-0a1b2c3d4e5f';
const STACK_ID = `arn:aws:cloudformation:${ENV.region}:${ENV.account}:stack/Archive/${STACK_UUID}`;

/** What CloudFormation sends to the handler: the text of a property when deployed to `ENV`. */
export function deployedText(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, argument]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]];
  const pseudo: Record<string, string> = {
    'AWS::Partition': 'aws',
    'AWS::Region': ENV.region,
    'AWS::AccountId': ENV.account,
    'AWS::StackId': STACK_ID,
  };
  switch (name) {
    case 'Ref':
      return pseudo[argument as string] ?? `<${argument as string}>`;
    case 'Fn::GetAtt':
      return `<${(argument as string[]).join('.')}>`;
    case 'Fn::Join':
      return deployedList((argument as [string, unknown])[1]).join((argument as [string, unknown])[0]);
    case 'Fn::Select':
      return deployedList((argument as [number, unknown])[1])[(argument as [number, unknown])[0]] ?? '';
    case 'Fn::Sub':
      return (argument as string).replace(/\$\{(AWS::\w+)\}/g, (_, variable: string) => pseudo[variable] ?? '').replace(/\$\{!/g, '${');
    default:
      throw new Error(`the fixture does not know ${name}`);
  }
}

function deployedList(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(deployedText);
  const [separator, text] = (value as { 'Fn::Split': [string, unknown] })['Fn::Split'];
  return deployedText(text).split(separator);
}

export interface PolicyText {
  readonly Version: string;
  readonly Statement: Record<string, unknown>[];
}

export function deployedPolicy(value: unknown): PolicyText {
  return JSON.parse(deployedText(value)) as PolicyText;
}

/** Ids of the library's own warnings. */
export function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .flatMap(({ entry }) => /\[ack: (cdk-vault-lock:[\w-]+)\]/.exec(String(entry.data))?.[1] ?? []);
}

export function synthesis(stack: Stack): () => Template {
  return () => Template.fromStack(stack);
}
