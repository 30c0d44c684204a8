import { serviceError, signedPost } from './signed-request';
import { Parameters } from '../glacier/services';

export function ssmParameters(): Parameters {
  return {
    get: async (name) => {
      try {
        const { Parameter } = await call('GetParameter', { Name: name, WithDecryption: true });
        const { Value = '', Version = 0 } = Parameter as { Value?: string; Version?: number };
        return { value: Value, version: Version };
      } catch (error) {
        if ((error as Error).name === 'ParameterNotFound') return undefined;
        throw error;
      }
    },
    put: async (name, value, overwrite) => {
      const { Version } = await call('PutParameter', { Name: name, Type: 'SecureString', Value: value, Overwrite: overwrite });
      return Version as number;
    },
    delete: async (name) => void (await call('DeleteParameter', { Name: name })),
  };
}

async function call(operation: string, input: object): Promise<{ readonly [member: string]: unknown }> {
  const { status, body } = await signedPost({
    service: 'ssm',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonSSM.${operation}` },
    body: JSON.stringify(input),
  });
  const answer = JSON.parse(body || '{}') as { [member: string]: unknown };
  if (status < 300) return answer;
  const type = String(answer.__type ?? 'Unknown');
  throw serviceError(type.slice(type.indexOf('#') + 1), String(answer.message ?? answer.Message ?? ''), status);
}
