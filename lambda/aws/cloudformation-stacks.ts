import { serviceError, signedPost } from './signed-request';
import { Stacks } from '../cloudformation/stack-phase';

/** `DescribeStacks`, of which two members matter: not worth an XML parser. */
export function cloudFormationStacks(): Stacks {
  return {
    describe: async (stackId) => {
      const { status, body } = await signedPost({
        service: 'cloudformation',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ Action: 'DescribeStacks', Version: '2010-05-15', StackName: stackId }).toString(),
      });
      if (status < 300) return { status: member(body, 'StackStatus') ?? '', lastUpdated: member(body, 'LastUpdatedTime') };
      const name = member(body, 'Code') ?? 'Unknown';
      const message = member(body, 'Message') ?? '';
      if (name === 'ValidationError' && /does not exist/.test(message)) return undefined;
      throw serviceError(name, message, status);
    },
  };
}

function member(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}
