/** Decides what policies mean for every request at once, instead of one. Exact or `unknown`, never by sampling. */
export { explore } from './explore';
export * from './question';
export { recoveryPointRetentionOf } from './recovery-points';
export { deniesDeletionBefore, retentionOf, type Retention } from './retention';
