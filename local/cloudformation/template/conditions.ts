import { truthWith } from './condition-functions';
import { resolve } from './intrinsics';
import { validationError } from './model';
import type { Template } from './model';
import type { Values } from './values';

const truth = truthWith(resolve);

/** A lookup that evaluates the Conditions section on demand and once each. */
export function conditionLookup(template: Template, values: () => Values): (name: string) => boolean {
  const known = new Map<string, boolean>();
  const busy = new Set<string>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const declared = template.Conditions?.[name];
    if (declared === undefined) {
      throw validationError(`Template format error: Unresolved condition dependency ${name} in the Conditions block of the template`);
    }
    if (busy.has(name)) throw validationError(`Template format error: Circular dependency between conditions: [${[...busy].join(', ')}]`);
    busy.add(name);
    const value = truth(declared, values());
    busy.delete(name);
    known.set(name, value);
    return value;
  };
}

/** Checks the Rules section, e.g. CDK's CheckBootstrapVersion. */
export function checkRules(template: Template, values: Values): void {
  for (const rule of Object.values(template.Rules ?? {})) {
    if (rule.RuleCondition !== undefined && !truth(rule.RuleCondition, values)) continue;
    const failed = rule.Assertions.filter(({ Assert: assertion }) => !truth(assertion, values));
    if (failed.length > 0) {
      const reasons = failed.map(({ AssertDescription: description }) => description ?? 'Assertion failed');
      throw validationError(`Template validation error: Rule assertion failed: ${reasons.join('; ')}`);
    }
  }
}
