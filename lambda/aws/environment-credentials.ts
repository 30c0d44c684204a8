/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundle. Lambda hands its role's credentials over in the environment;
 * the SDK's own chain (SSO, profiles, instance metadata, …) would be two fifths of the bundle and can never be used here.
 */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error('no credentials in the environment: the function has no role');
  }
  return { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken: AWS_SESSION_TOKEN };
};
