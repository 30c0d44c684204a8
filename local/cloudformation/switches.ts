import type { SwitchDefinition } from '../server/switches';

/** Behaviour of CloudFormation that AWS does not document. */
export const CLOUDFORMATION_SWITCHES = {
  'cloudformation.rollbackOrder': {
    values: ['backward', 'forward'],
    default: 'backward',
    doc: 'Whether a rollback updates dependants before what they depend on, or after it.',
  },
} as const satisfies Readonly<Record<string, SwitchDefinition>>;
