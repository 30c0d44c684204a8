import { isAlias, isMap as isYamlMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { Json } from '../resource-type';
import { isMap, validationError } from './model';
import type { Template } from './model';
import { checkStructure } from './structure';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const MAX_TEMPLATE_BYTES = 1024 * 1024;

/**
 * Reads a JSON or YAML template and checks its structure.
 * @throws AwsError `ValidationError` in CloudFormation's words.
 */
export function parseTemplate(body: string): Template {
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_TEMPLATE_BYTES) throw validationError(`Template may not exceed ${MAX_TEMPLATE_BYTES} bytes in size.`);
  const document = /^\s*\{/.test(body) ? fromJsonOrYaml(body) : fromYaml(body);
  if (!isMap(document)) throw validationError('Template format error: unsupported structure.');
  checkStructure(document);
  return document as unknown as Template;
}

function fromJsonOrYaml(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch (error) {
    // A YAML flow mapping starts with a brace as well.
    try {
      return fromYaml(body);
    } catch {
      throw validationError(`Template format error: JSON not well-formed. (${(error as Error).message})`);
    }
  }
}

function fromYaml(body: string): Json {
  const document = parseDocument(body, { logLevel: 'silent', uniqueKeys: true });
  const problem = document.errors[0];
  if (problem) {
    const at = problem.linePos?.[0];
    throw validationError(`Template format error: YAML not well-formed.${at ? ` (line ${at.line}, column ${at.col})` : ''}`);
  }
  return toJson(document.contents, document);
}

function toJson(node: unknown, document: Document): Json {
  if (isAlias(node)) return toJson(node.resolve(document), document);
  const tag = (node as { tag?: string } | null)?.tag;
  const plain = withoutTag(node, document);
  return tag?.startsWith('!') ? longForm(tag.slice(1), plain) : plain;
}

function withoutTag(node: unknown, document: Document): Json {
  if (isYamlMap(node)) {
    return Object.fromEntries(node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), toJson(value, document)]));
  }
  if (isSeq(node)) return node.items.map((item) => toJson(item, document));
  return isScalar(node) ? ((node.value ?? null) as Json) : null;
}

/** `!Sub x` is short for `{"Fn::Sub": "x"}`. */
function longForm(name: string, value: Json): Json {
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (name !== 'GetAtt' || typeof value !== 'string') return { [`Fn::${name}`]: value };
  const dot = value.indexOf('.');
  return { 'Fn::GetAtt': [value.slice(0, dot), value.slice(dot + 1)] };
}
