import type {
  DataRetrievalPolicy,
  GetDataRetrievalPolicyInput,
  ListProvisionedCapacityInput,
  PurchaseProvisionedCapacityInput,
  SetDataRetrievalPolicyInput,
} from '@aws-sdk/client-glacier';
import { invalidParameter, INVENTED, limitExceeded, missingParameter } from './errors';
import type { Glacier, Place } from './glacier';
import { newId } from './identifiers';
import { ANY_REGION, isoDate } from './state';
import type { CapacityUnit, RetrievalRule } from './state';
import type { AwsRequest } from '../server/service';

/** https://docs.aws.amazon.com/amazonglacier/latest/dev/api-PurchaseProvisionedCapacity.html */
const MAX_CAPACITY_UNITS = 2;

/** The settings of an account as a whole; no vault's policy can grant them. */
export function accountOperations(glacier: Glacier) {
  return {
    GetDataRetrievalPolicy(input: GetDataRetrievalPolicyInput, request: AwsRequest) {
      const { estate } = glacier.enter('GetDataRetrievalPolicy', input, request, 'policies/data-retrieval');
      const { bytesPerHour, strategy } = estate.retrievalRule;
      return { Policy: { Rules: [{ BytesPerHour: bytesPerHour, Strategy: strategy }] } };
    },

    SetDataRetrievalPolicy(input: SetDataRetrievalPolicyInput, request: AwsRequest) {
      const { estate } = glacier.enter('SetDataRetrievalPolicy', input, request, 'policies/data-retrieval');
      estate.retrievalRule = checkedRule(input.Policy);
      glacier.changed();
      return {};
    },

    ListProvisionedCapacity(input: ListProvisionedCapacityInput, request: AwsRequest) {
      const place = glacier.enter('ListProvisionedCapacity', input, request, 'provisioned-capacity');
      const units = currentUnits(glacier, place);
      return {
        ProvisionedCapacityList: units.map(({ id, start, expires }) => ({
          CapacityId: id,
          ExpirationDate: isoDate(expires),
          StartDate: isoDate(start),
        })),
      };
    },

    PurchaseProvisionedCapacity(input: PurchaseProvisionedCapacityInput, request: AwsRequest) {
      const place = glacier.enter('PurchaseProvisionedCapacity', input, request, 'provisioned-capacity');
      const units = currentUnits(glacier, place);
      if (units.length >= MAX_CAPACITY_UNITS) throw limitExceeded(INVENTED.tooMuchCapacity(MAX_CAPACITY_UNITS));
      const id = newId('capacity');
      const expiry = new Date(glacier.now());
      expiry.setUTCMonth(expiry.getUTCMonth() + 1);
      const { estate } = glacier.placeOf(place.account, ANY_REGION);
      estate.capacity = [...units, { id, start: glacier.now(), expires: expiry.getTime() }];
      glacier.changed();
      return { capacityId: id };
    },
  };
}

function currentUnits(glacier: Glacier, { account }: Place): readonly CapacityUnit[] {
  return glacier.placeOf(account, ANY_REGION).estate.capacity.filter(({ expires }) => expires > glacier.now());
}

/** Exactly one rule; `BytesPerHour` is given with the strategy of that name and with no other. */
function checkedRule(policy: DataRetrievalPolicy | undefined): RetrievalRule {
  if (!policy) throw missingParameter('Policy');
  const [rule, ...more] = policy.Rules ?? [];
  if (!rule || more.length > 0) throw invalidParameter(INVENTED.invalidRetrievalPolicy('it must have one rule'));
  const { Strategy: strategy, BytesPerHour: bytesPerHour } = rule;
  if (strategy === 'BytesPerHour') {
    if (bytesPerHour === undefined || !Number.isInteger(bytesPerHour) || bytesPerHour < 1) {
      throw invalidParameter(INVENTED.invalidRetrievalPolicy('BytesPerHour must be a whole number from 1'));
    }
    return { strategy, bytesPerHour };
  }
  if (strategy !== 'FreeTier' && strategy !== 'None') {
    throw invalidParameter(INVENTED.invalidRetrievalPolicy('Strategy must be BytesPerHour, FreeTier or None'));
  }
  if (bytesPerHour !== undefined) throw invalidParameter(INVENTED.invalidRetrievalPolicy(`BytesPerHour is not allowed with ${strategy}`));
  return { strategy, bytesPerHour: null };
}
