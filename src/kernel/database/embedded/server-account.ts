import { chown, stat } from 'node:fs/promises';

/**
 * The user that runs the server. PostgreSQL refuses to run as root, so root hands it to an unprivileged account;
 * everybody else runs it as themselves (`null`).
 */
export type ServerAccount = { readonly uid: number; readonly gid: number } | null;

/** `nobody`: 65534 on every Linux, -2 on macOS. initdb asks the system for the account's name, so a made-up id fails. */
const NOBODY = process.platform === 'darwin' ? 0xfffffffe : 65534;

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The account for a database that does not exist yet. */
export function accountForNewCluster(): ServerAccount {
  return isRoot() ? { uid: NOBODY, gid: NOBODY } : null;
}

/** A database that a normal user made stays that user's when root starts it. */
export async function accountOfCluster(cluster: string): Promise<ServerAccount> {
  if (!isRoot()) return null;
  const { uid, gid } = await stat(cluster);
  return uid === 0 ? accountForNewCluster() : { uid, gid };
}

export async function giveTo(account: ServerAccount, path: string): Promise<void> {
  if (account !== null) await chown(path, account.uid, account.gid);
}
