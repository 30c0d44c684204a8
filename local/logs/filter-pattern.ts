import { AwsError } from '../server/service';

/** Judges a message by CloudWatch's term patterns: `a "b c"` all of them, `?a ?b` any of them, `-a` none of them. */
export function messageFilter(pattern: string | undefined): (message: string) => boolean {
  const text = pattern?.trim() ?? '';
  if (text === '') return () => true;
  if (/^[{[%]/.test(text)) {
    throw new AwsError(
      'InvalidParameterException',
      `\`filterPattern\` ${text} is not run by the local endpoint; it knows terms, "phrases", ?any and -none.`,
    );
  }
  const terms = (text.match(/[?-]?(?:"[^"]*"|[^\s"]+)/g) ?? []).map(parseTerm);
  const any = terms.filter((term) => term.sign === '?');
  return (message) =>
    terms.every((term) => term.sign !== '' || message.includes(term.text)) &&
    terms.every((term) => term.sign !== '-' || !message.includes(term.text)) &&
    (any.length === 0 || any.some((term) => message.includes(term.text)));
}

function parseTerm(term: string): { sign: string; text: string } {
  const sign = /^[?-]/.exec(term)?.[0] ?? '';
  const text = term.slice(sign.length);
  return { sign, text: text.startsWith('"') ? text.slice(1, -1) : text };
}
