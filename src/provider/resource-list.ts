/** A role takes 10,240 characters of inline policies in all; beyond either limit a permission names every vault. */
const MAX_ARNS = 40;
const MAX_CHARACTERS = 6_000;

/** The ARNs, or what means all of them if they would not fit into a role. */
export function resourceList(arns: readonly string[], all: readonly string[]): string[] {
  const fits = arns.length <= MAX_ARNS && arns.join('').length <= MAX_CHARACTERS;
  return [...(fits ? arns : all)];
}
