export * from './guarantee';
export * from './lock-policy';
export * from './vault';
export * from './vault-interface';
export * from './vault-lock';
export * from './vault-lock-stage';
