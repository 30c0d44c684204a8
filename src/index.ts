export * from './backup';
export * from './glacier';
export * from './provider';
