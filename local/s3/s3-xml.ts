import { escapeXml } from '../protocol/xml';

/** XML as S3 writes it: members in order, lists as repeated elements, absent members left out. */
export type XmlValue = string | number | boolean | undefined | XmlElement | readonly XmlElement[];
export type XmlElement = { readonly [name: string]: XmlValue };

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

export function xmlDocument(root: string, content: XmlElement, namespace = NAMESPACE): string {
  const xmlns = namespace === '' ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${xmlns}>${members(content)}</${root}>`;
}

export function errorDocument(code: string, message: string, resource: string, requestId: string): string {
  return xmlDocument('Error', { Code: code, Message: message, Resource: resource, RequestId: requestId }, '');
}

/** The texts of all `<name>…</name>` elements of a request body, in order; S3's request bodies are flat enough for this. */
export function elementTexts(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`, 'g'))].map((match) => unescapeXml(match[1] ?? ''));
}

/** The contents of all `<name>…</name>` elements, which do not nest in themselves. */
export function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, 'gs'))].map((match) => match[1] ?? '');
}

function members(content: XmlElement): string {
  return Object.entries(content)
    .map(([name, value]) => element(name, value))
    .join('');
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (isList(value)) return value.map((item) => element(name, item)).join('');
  return `<${name}>${typeof value === 'object' ? members(value) : escapeXml(String(value))}</${name}>`;
}

function isList(value: XmlValue): value is readonly XmlElement[] {
  return Array.isArray(value);
}

function unescapeXml(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(#x[0-9a-f]+|#[0-9]+|[a-z]+);/gi, (whole: string, name: string) => {
    if (name.startsWith('#')) return String.fromCodePoint(/^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10));
    return named[name] ?? whole;
  });
}
