/** `<vault name> <fingerprint>`, as the initiating deployment prints it. */
const ACKNOWLEDGEMENT = /^([A-Za-z0-9_.-]{1,255}) (sha256:[0-9a-f]{64})$/;

const WAY_OUT = 'Deploy with `VaultLockStage.initiate()`, test the lock, and copy what that deployment prints.';

export interface Acknowledgement {
  readonly vaultName: string;
  readonly fingerprint: string;
}

/** @throws if the text is no acknowledgement at all */
export function parseAcknowledgement(text: string): Acknowledgement {
  const [, vaultName, fingerprint] = ACKNOWLEDGEMENT.exec(text) ?? [];
  if (vaultName === undefined || fingerprint === undefined) {
    throw new Error(`\`acknowledge\` must be '<vault name> sha256:<64 hex digits>', got: '${text}'. ${WAY_OUT}`);
  }
  return { vaultName, fingerprint };
}

/**
 * Holds an acknowledgement against the lock that it would make permanent. What is right is never said: it can only be copied from a
 * deployment of exactly that lock.
 *
 * @param lock what is known of the lock; a part that is not known is left to the handler
 */
export function acknowledgementErrors(
  { vaultName, fingerprint }: Acknowledgement,
  lock: { readonly vaultName?: string; readonly fingerprint?: string },
): string[] {
  if (lock.vaultName !== undefined && lock.vaultName !== vaultName) {
    return [`\`acknowledge\` names the vault '${vaultName}', but this lock is for '${lock.vaultName}'. ${WAY_OUT}`];
  }
  if (lock.fingerprint !== undefined && lock.fingerprint !== fingerprint) {
    return [
      `\`acknowledge\` is for another policy, account or region than what would become permanent here, got: '${vaultName} ${fingerprint}'. ${WAY_OUT}`,
    ];
  }
  return [];
}
