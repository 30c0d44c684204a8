// Whatever the shell of the person who runs the tests is set up for, no test may reach it.
for (const name of Object.keys(process.env)) {
  if (name.startsWith('AWS_')) delete process.env[name];
}
process.env.AWS_EC2_METADATA_DISABLED = 'true';
process.env.AWS_CONFIG_FILE = '/dev/null';
process.env.AWS_SHARED_CREDENTIALS_FILE = '/dev/null';
// CloudFormation's validation costs seconds a file; test/provider/validated-synth.test.ts turns it on.
process.env.CDK_VALIDATION = 'false';
// The SDK says on every start that releases of 2027 want a newer Node; the version here is pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
