import { createHash, randomUUID } from 'node:crypto';
import { partitionOf } from '../server/partition';
import { AwsError } from '../server/service';
import { World } from '../server/world';

export type FunctionCode =
  | { readonly kind: 'zip'; readonly blob: string; readonly sha256: string; readonly size: number }
  | { readonly kind: 'inline'; readonly text: string; readonly sha256: string; readonly size: number }
  | { readonly kind: 'image'; readonly uri: string; readonly sha256: string; readonly size: number };

/** What one version of a function is made of. */
export interface FunctionConfiguration {
  readonly name: string;
  /** Without a version. */
  readonly arn: string;
  readonly region: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly runtime?: string;
  readonly handler?: string;
  readonly roleArn: string;
  readonly description: string;
  /** Seconds. */
  readonly timeout: number;
  /** MB */
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly code: FunctionCode;
  /** ARNs of layer versions. */
  readonly layers: readonly string[];
  readonly logGroup: string;
  readonly architectures: readonly string[];
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  readonly revisionId: string;
}

export interface InvokeConfig {
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeInSeconds?: number;
}

export interface FunctionRecord {
  configuration: FunctionConfiguration;
  reservedConcurrency?: number;
  tags: Readonly<Record<string, string>>;
  readonly versions: { [version: string]: FunctionConfiguration };
  readonly aliases: { [alias: string]: string };
  /** By qualifier. */
  readonly invokeConfigs: { [qualifier: string]: InvokeConfig };
  /** The statements of the function's resource policy, by id. */
  readonly statements: { [statementId: string]: object };
}

export interface ResolvedFunction {
  readonly record: FunctionRecord;
  readonly configuration: FunctionConfiguration;
  /** As asked for; `$LATEST` by default. */
  readonly qualifier: string;
  /** With the qualifier if one was asked for. */
  readonly invokedArn: string;
}

interface LambdaSlice {
  readonly functions: { [region: string]: { [name: string]: FunctionRecord } };
  readonly layers: { [layerVersionArn: string]: { readonly blob: string; readonly sha256: string } };
  readonly nextLayerVersion: { [layerArn: string]: number };
}

const FUNCTION_REFERENCE =
  /^(?:arn:[^:]+:lambda:(?<region>[^:]+):(?<account>\d{12}):function:|(?<partialAccount>\d{12}):function:|function:)?(?<name>[A-Za-z0-9-_]+)(?::(?<qualifier>\$LATEST|[A-Za-z0-9-_]+))?$/;

/** Functions, their versions and layers in the state slice `lambda`; code lies in the blob store. */
export class FunctionStore {
  constructor(private readonly world: World) {}

  find(name: string, region: string): FunctionRecord | undefined {
    return this.functions(region)[name];
  }

  names(region: string): string[] {
    return Object.keys(this.functions(region)).sort();
  }

  put(record: FunctionRecord): void {
    this.functions(record.configuration.region)[record.configuration.name] = record;
    this.changed();
  }

  delete(name: string, region: string): void {
    delete this.functions(region)[name];
    this.changed();
  }

  /** The function behind a name, a full or a partial ARN, each with or without a version or an alias. */
  resolve(reference: string, region: string, qualifier?: string): ResolvedFunction {
    const parts = FUNCTION_REFERENCE.exec(reference)?.groups;
    if (parts?.name === undefined) {
      throw new AwsError(
        'ValidationException',
        `Value '${reference}' at 'functionName' failed to satisfy constraint: it is neither a function's name nor its ARN.`,
      );
    }
    const record = this.find(parts.name, parts.region ?? region);
    const asked = qualifier ?? parts.qualifier;
    if (record === undefined) throw notFound(this.arn(parts.name, parts.region ?? region), asked);
    const configuration = versionOf(record, asked ?? '$LATEST');
    if (configuration === undefined) throw notFound(record.configuration.arn, asked);
    const invokedArn = asked === undefined ? record.configuration.arn : `${record.configuration.arn}:${asked}`;
    return { record, configuration, qualifier: asked ?? '$LATEST', invokedArn };
  }

  publishVersion(record: FunctionRecord): FunctionConfiguration {
    const version = String(Math.max(0, ...Object.keys(record.versions).map(Number)) + 1);
    const published = { ...record.configuration, version, revisionId: randomUUID() };
    record.versions[version] = published;
    this.changed();
    return published;
  }

  addLayerVersion(name: string, region: string, content: Buffer): string {
    const slice = this.slice();
    const layerArn = `arn:${partitionOf(region)}:lambda:${region}:${this.world.accountId}:layer:${name}`;
    const version = slice.nextLayerVersion[layerArn] ?? 1;
    slice.nextLayerVersion[layerArn] = version + 1;
    slice.layers[`${layerArn}:${version}`] = this.storeZip(content);
    this.changed();
    return `${layerArn}:${version}`;
  }

  deleteLayerVersion(arn: string): void {
    delete this.slice().layers[arn];
    this.changed();
  }

  layerVersion(arn: string): { readonly blob: string; readonly sha256: string } {
    const layer = this.slice().layers[arn];
    if (layer === undefined) throw new AwsError('ResourceNotFoundException', `Layer version ${arn} does not exist.`, 404);
    return layer;
  }

  /** Keeps a zip under the name of its content, so that the same code is kept once. */
  storeZip(content: Buffer): { blob: string; sha256: string; size: number } {
    const sha256 = this.sha256(content);
    const blob = `lambda-${Buffer.from(sha256, 'base64').toString('hex')}`;
    this.world.state.blobs.put(blob, content);
    return { blob, sha256, size: content.length };
  }

  /** `CodeSha256`, in base64. */
  sha256(content: Buffer): string {
    return createHash('sha256').update(content).digest('base64');
  }

  readZip(blob: string): Buffer {
    const content = this.world.state.blobs.get(blob);
    if (content === undefined) throw new AwsError('CodeArtifactNotFound', `The state folder has lost the code ${blob}.`, 500);
    return content;
  }

  arn(name: string, region: string): string {
    return `arn:${partitionOf(region)}:lambda:${region}:${this.world.accountId}:function:${name}`;
  }

  /** Call after changing a record in place. */
  changed(): void {
    this.world.state.changed();
  }

  private functions(region: string): { [name: string]: FunctionRecord } {
    return (this.slice().functions[region] ??= {});
  }

  private slice(): LambdaSlice {
    return this.world.state.slice<LambdaSlice>('lambda', () => ({ functions: {}, layers: {}, nextLayerVersion: {} }));
  }
}

export function resourcePolicy(record: FunctionRecord): string | undefined {
  const statements = Object.values(record.statements);
  return statements.length === 0 ? undefined : JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
}

function versionOf(record: FunctionRecord, qualifier: string): FunctionConfiguration | undefined {
  if (qualifier === '$LATEST') return record.configuration;
  return record.versions[record.aliases[qualifier] ?? qualifier];
}

function notFound(arn: string, qualifier: string | undefined): AwsError {
  return new AwsError('ResourceNotFoundException', `Function not found: ${arn}${qualifier === undefined ? '' : `:${qualifier}`}`, 404);
}
