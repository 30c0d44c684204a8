/** Decides what policies mean for every request at once, instead of one. Exact or `unknown`, never by sampling. */
export { explore } from './explore';
export * from './question';
export { deniesDeletionBefore, retentionOf, type Retention } from './retention';
