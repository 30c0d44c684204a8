/**
 * A mode that the lock of a backup vault has to have.
 *
 * Not a `BackupLockMode`: compliance mode takes an acknowledgement there, and that is about one lock.
 */
export enum RequiredLockMode {
  /** The lock can be changed and taken away, so that nothing becomes permanent by mistake. */
  GOVERNANCE = 'governance',
  /** The lock has a lock date, from which on nobody can change or remove it. */
  COMPLIANCE = 'compliance',
}
