export * from './glacier-provider';
export * from './provider-options';
