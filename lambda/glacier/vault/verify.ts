import { sameNotifications, VaultStep } from './decide';
import { VaultReader } from './observe';
import { samePolicy } from '../../../src/policy/canonical';
import { OWNER_TAG } from '../../../src/private/contract';
import { Invocation } from '../../cloudformation/invocation';
import { readUntil } from '../../cloudformation/read-until';
import { Refusal } from '../../cloudformation/refusal';

/** Reads back what was written. @throws Refusal naming the first thing that Glacier does not show as written */
export async function verifyVault(reader: VaultReader, steps: readonly VaultStep[], invocation: Invocation): Promise<void> {
  for (const step of steps) {
    if (!(await readUntil(async () => isAsWritten(reader, step), Boolean, invocation))) {
      throw new Refusal(`vault ${reader.vaultName}: ${FAILURES[step.do]}`);
    }
  }
}

async function isAsWritten(reader: VaultReader, step: VaultStep): Promise<boolean> {
  switch (step.do) {
    case 'createVault':
      return true; // The tags that follow prove it.
    case 'addTags': {
      const tags = (await reader.allTags()) ?? {};
      return Object.entries(step.tags).every(([key, value]) => tags[key] === value);
    }
    case 'removeTags': {
      const tags = (await reader.allTags()) ?? {};
      return step.keys.every((key) => !(key in tags));
    }
    case 'setAccessPolicy':
      return samePolicy((await reader.accessPolicy()) ?? '', step.policy);
    case 'deleteAccessPolicy':
      return (await reader.accessPolicy()) === undefined;
    case 'setNotifications':
      return sameNotifications(step.notifications, await reader.notifications());
    case 'deleteNotifications':
      return (await reader.notifications()) === undefined;
  }
}

const FAILURES: { readonly [step in VaultStep['do']]: string } = {
  createVault: 'it was created and cannot be found.',
  addTags: `its tags are not what was set. If ${OWNER_TAG} names another resource, two stacks use the same \`vaultName\`.`,
  removeTags: 'a tag that was removed is still there; something outside of this stack sets it.',
  setAccessPolicy:
    'GetVaultAccessPolicy returns another access policy than the one that was set. Something else sets it, or a principal in it does not exist.',
  deleteAccessPolicy: 'the access policy that was removed is still there; something outside of this stack sets it.',
  setNotifications: 'the notifications are not what was set; something outside of this stack sets them.',
  deleteNotifications: 'the notifications that were removed are still there; something outside of this stack sets them.',
};
