import type { DeleteVaultNotificationsInput, GetVaultNotificationsInput, SetVaultNotificationsInput } from '@aws-sdk/client-glacier';
import { invalidParameter, INVENTED, missingParameter, notFound } from './errors';
import type { Glacier } from './glacier';
import type { AwsRequest } from '../server/service';

const EVENTS: readonly string[] = ['ArchiveRetrievalCompleted', 'InventoryRetrievalCompleted'];
const TOPIC_ARN = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/;

export function notificationOperations(glacier: Glacier) {
  return {
    SetVaultNotifications(input: SetVaultNotificationsInput, request: AwsRequest) {
      const { vault } = glacier.open('SetVaultNotifications', input, request);
      const { SNSTopic: topic, Events: events } = input.vaultNotificationConfig ?? {};
      if (!topic) throw missingParameter('SNSTopic');
      if (!events || events.length === 0) throw missingParameter('Events');
      checkTopic(topic);
      const odd = events.find((event) => !EVENTS.includes(event));
      if (odd !== undefined) throw invalidParameter(INVENTED.invalidEvent(odd));
      glacier.set(vault, 'notifications', { topic, events: [...events] });
      return {};
    },

    GetVaultNotifications(input: GetVaultNotificationsInput, request: AwsRequest) {
      const { vault } = glacier.open('GetVaultNotifications', input, request);
      const notifications = glacier.read(vault, 'notifications');
      if (!notifications) throw notFound(INVENTED.noNotifications(vault.name));
      return { vaultNotificationConfig: { Events: notifications.events, SNSTopic: notifications.topic } };
    },

    DeleteVaultNotifications(input: DeleteVaultNotificationsInput, request: AwsRequest) {
      const { vault } = glacier.open('DeleteVaultNotifications', input, request);
      if (!vault.notifications && glacier.switched('glacier.deleteMissingNotifications') === '404') {
        throw notFound(INVENTED.noNotifications(vault.name));
      }
      glacier.set(vault, 'notifications', null);
      return {};
    },
  };
}

/** Only the form is checked: Glacier does not look whether the topic exists or may be published to. */
export function checkTopic(topic: string): void {
  if (!TOPIC_ARN.test(topic)) throw invalidParameter(INVENTED.invalidTopic(topic));
}
