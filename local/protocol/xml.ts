const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

/** Characters that XML 1.0 cannot carry at all; a log line or a policy may hold them. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);
}

/** A map in awsQuery's form: `<entry><key/><value/></entry>`; a plain object is written as a structure. */
export class XmlMap {
  constructor(readonly entries: Readonly<Record<string, string>>) {}
}

/** One element. Lists get `<member>` children, dates ISO form; undefined and null are left out. */
export function toXml(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  return `<${name}>${contentOf(value)}</${name}>`;
}

function contentOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof XmlMap) {
    return Object.entries(value.entries)
      .map(([key, entry]) => `<entry>${toXml('key', key)}${toXml('value', entry)}</entry>`)
      .join('');
  }
  if (Array.isArray(value)) return value.map((member) => toXml('member', member)).join('');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, member]) => toXml(name, member))
      .join('');
  }
  return escapeXml(String(value));
}
