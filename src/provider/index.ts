export * from './backup-provider';
export * from './glacier-provider';
export * from './provider-options';
