/**
 * What the bundler puts in place of parts of the AWS SDK that functions which call Glacier or AWS Backup cannot use: esbuild's
 * `alias` option, paths from the root of the project. They take more than a third off a bundle. An SDK upgrade that needs more of
 * such a part fails at build time, with the name of the missing export.
 */
export const STAND_INS: { readonly [module: string]: string } = {
  '@aws-sdk/credential-provider-node': './lambda/aws/environment-credentials.ts',
  '@aws-sdk/core/client': './lambda/aws/plain-client.ts',
  '@smithy/core/config': './lambda/aws/environment-config.ts',
  '@smithy/core/retry': './lambda/aws/single-attempt.ts',
  '@smithy/core/event-streams': './lambda/aws/no-event-streams.ts',
};
