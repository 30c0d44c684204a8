/**
 * `npm run demo`: the whole life of a locked Glacier vault and of a locked AWS Backup vault with the real CDK CLI, on this machine, in
 * about a minute. Exit code 0 only if every step saw what it had to see.
 */
import { backupStory } from './backup-story';
import { glacierStory } from './glacier-story';
import { Progress } from './progress';
import { Rehearsal } from './rehearsal';

async function main(): Promise<boolean> {
  const progress = new Progress();
  const rehearsal = await Rehearsal.start();
  try {
    await glacierStory(progress, rehearsal);
    await backupStory(progress, rehearsal);
  } finally {
    await rehearsal.stop();
  }
  return progress.table();
}

main().then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
