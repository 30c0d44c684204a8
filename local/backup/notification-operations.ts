import { BackupVaultEvent } from '@aws-sdk/client-backup';
import type {
  DeleteBackupVaultNotificationsInput,
  GetBackupVaultNotificationsInput,
  PutBackupVaultNotificationsInput,
} from '@aws-sdk/client-backup';
import type { Backup } from './backup';
import { INVENTED, invalidParameter, missingParameter, notFound } from './errors';
import type { AwsRequest } from '../server/service';

const EVENTS: readonly string[] = Object.values(BackupVaultEvent);
const TOPIC_ARN = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]{1,256}$/;

export function notificationOperations(backup: Backup) {
  return {
    PutBackupVaultNotifications(input: PutBackupVaultNotificationsInput, request: AwsRequest) {
      const { vault } = backup.open('PutBackupVaultNotifications', input, request);
      const { SNSTopicArn: topic, BackupVaultEvents: events } = input;
      if (!topic) throw missingParameter('SNSTopicArn');
      if (!events || events.length === 0) throw missingParameter('BackupVaultEvents');
      if (!TOPIC_ARN.test(topic)) throw invalidParameter(INVENTED.invalidTopic(topic));
      const odd = events.find((event) => !EVENTS.includes(event));
      if (odd !== undefined) throw invalidParameter(INVENTED.invalidEvent(odd));
      vault.notifications = { topic, events: [...events] };
      backup.changed();
      return {};
    },

    GetBackupVaultNotifications(input: GetBackupVaultNotificationsInput, request: AwsRequest) {
      const { vault, arn } = backup.open('GetBackupVaultNotifications', input, request);
      if (!vault.notifications) throw notFound(INVENTED.noNotifications(vault.name));
      const { topic, events } = vault.notifications;
      return { BackupVaultName: vault.name, BackupVaultArn: arn, SNSTopicArn: topic, BackupVaultEvents: events };
    },

    DeleteBackupVaultNotifications(input: DeleteBackupVaultNotificationsInput, request: AwsRequest) {
      const { vault } = backup.open('DeleteBackupVaultNotifications', input, request);
      vault.notifications = null;
      backup.changed();
      return {};
    },
  };
}
