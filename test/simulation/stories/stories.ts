import { ACCESS_STORIES } from './access-stories';
import { BACKUP_LOCK_STORIES } from './backup-lock-stories';
import type { BugStory } from './compose';
import { GLACIER_LOCK_STORIES } from './glacier-lock-stories';
import { VAULT_STORIES } from './vault-stories';

/** What the simulation found in the handlers, each as the smallest program that showed it. docs/simulation.md tells them. */
export const STORIES: readonly BugStory[] = [...VAULT_STORIES, ...GLACIER_LOCK_STORIES, ...BACKUP_LOCK_STORIES, ...ACCESS_STORIES];
