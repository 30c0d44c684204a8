/** A piece of a `Fn::Sub` string: text as it stands, or the name inside `${…}`. */
export type SubPiece = { readonly text: string } | { readonly name: string };

/** Splits a `Fn::Sub` string; `${!x}` stays the text `${x}`. */
export function subPieces(template: string): SubPiece[] {
  const pieces: SubPiece[] = [];
  let end = 0;
  for (const match of template.matchAll(/\$\{([^}]*)\}/g)) {
    if (match.index > end) pieces.push({ text: template.slice(end, match.index) });
    const name = match[1]!.trim();
    pieces.push(name.startsWith('!') ? { text: `\${${match[1]!.replace('!', '')}}` } : { name });
    end = match.index + match[0].length;
  }
  if (end < template.length) pieces.push({ text: template.slice(end) });
  return pieces;
}
