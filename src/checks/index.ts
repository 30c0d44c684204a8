export * from './expect-vault-lock';
export * from './required-lock-mode';
export * from './vault-lock-assertions';
export * from './vault-lock-checks';
