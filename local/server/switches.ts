/** One switch: a choice between behaviours that AWS does not document, or a setting of the endpoint. */
export interface SwitchDefinition {
  /** The settings that there are; a `number` stands for any whole number from `least`. */
  readonly values: readonly string[] | 'number';
  /** @default 0 */
  readonly least?: number;
  readonly default: string;
  readonly doc: string;
}

export type SwitchDefinitions = Readonly<Record<string, SwitchDefinition>>;

/** How the endpoint answers, whatever the service. */
export const SERVER_SWITCHES = {
  'server.requestsPerSecond': {
    values: 'number',
    default: '0',
    doc: 'How many requests per second each operation of a service takes, for all callers of an account and region together; more are refused as that service refuses them. 0: no limit.',
  },
} as const satisfies SwitchDefinitions;

/** @throws Error for a switch that does not exist, or has no such setting */
export function checkSwitches(switches: Readonly<Record<string, string>>, definitions: SwitchDefinitions): void {
  for (const [name, value] of Object.entries(switches)) {
    const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (!definition) throw new Error(`\`${name}\` must be one of the switches ${Object.keys(definitions).join(', ')}.`);
    if (isSetting(definition, value)) continue;
    throw new Error(`\`${name}\` must be ${allowed(definition)}, but is ${JSON.stringify(value)}. Leave it out for ${definition.default}.`);
  }
}

function isSetting({ values, least = 0 }: SwitchDefinition, value: string): boolean {
  return values === 'number' ? /^\d+$/.test(value) && Number(value) >= least : values.includes(value);
}

function allowed({ values, least = 0 }: SwitchDefinition): string {
  return values === 'number' ? `a whole number from ${least}` : values.join(' or ');
}
