export * from './backup';
export * from './checks';
export * from './glacier';
export * from './provider';
