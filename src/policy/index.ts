/**
 * What a policy document means: model, canonical form, evaluation, proof, findings. Pure; imports nothing of the project, of CDK or of
 * the SDK.
 */
export * from './canonical';
export * from './evaluation';
export * from './findings';
export * from './fingerprint';
export * from './model';
export * from './parse';
export * from './proof';
export * from './statement-name';
