import { ResourceFailure } from './engine-type';
import type { EngineResourceType } from './engine-type';

/** Types that exist only inside CloudFormation and need nothing but a name. */
export const PLAIN_TYPES: ReadonlyMap<string, EngineResourceType> = new Map([
  ['AWS::CDK::Metadata', nameOnly()],
  ['AWS::CloudFormation::WaitConditionHandle', nameOnly()],
  ['AWS::CloudFormation::WaitCondition', waitCondition()],
]);

function nameOnly(): EngineResourceType {
  return {
    create: async (_properties, scope) => ({ physicalId: scope.generateName() }),
    update: async (physicalId) => ({ physicalId }),
    delete: async () => {},
  };
}

/** Only the form that CDK uses to tie things together, with nothing to wait for. */
function waitCondition(): EngineResourceType {
  return {
    ...nameOnly(),
    create: async (properties, scope) => {
      if (Number(properties.Count ?? 1) !== 0 && properties.Handle !== undefined) {
        throw new ResourceFailure(
          `AWS::CloudFormation::WaitCondition with \`Count\` ${JSON.stringify(properties.Count ?? 1)} is not supported by the local endpoint: nothing here sends signals. Use 0.`,
          undefined,
          true,
        );
      }
      return { physicalId: scope.generateName(), attributes: { Data: '{}' } };
    },
  };
}
