import { BACKUP_ACCESS_SCENARIOS } from './backup-access-scenarios';
import { BACKUP_LOCK_SCENARIOS } from './backup-lock-scenarios';
import { GLACIER_LOCK_SCENARIOS } from './glacier-lock-scenarios';
import { GLACIER_VAULT_SCENARIOS } from './glacier-vault-scenarios';
import type { Scenario } from './scenario';

/** Every lifecycle scenario. */
export const SCENARIOS: readonly Scenario[] = [
  ...GLACIER_VAULT_SCENARIOS,
  ...GLACIER_LOCK_SCENARIOS,
  ...BACKUP_LOCK_SCENARIOS,
  ...BACKUP_ACCESS_SCENARIOS,
];
