export * from './glacier';
export * from './provider';
