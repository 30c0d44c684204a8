export { createGlacierService } from './service';
export type { GlacierOptions, RecordedMessage } from './service';
export type { Publish } from './glacier';
export { glacierState } from './report';
export type { VaultReport } from './report';
export { GLACIER_SWITCHES } from './switches';
export type { GlacierSwitch } from './switches';
