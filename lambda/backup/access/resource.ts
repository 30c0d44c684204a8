import { Refusal } from '../../cloudformation/refusal';
import { Resource } from '../../cloudformation/serve';
import { Services } from '../services';

/** `Custom::BackupVaultAccess`. Its physical id is `<vault ARN>/access-policy/<logical id>`. */
export function accessResource(_services: Services): Resource {
  return {
    physicalIdOf: () => undefined,
    handle: async () => {
      throw new Refusal('not served yet');
    },
  };
}
