import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { clientEnvironment } from '../../kernel/runtime/client-environment.js';
import { Api, textIn } from './api.js';
import { Failure } from './failure.js';
import { DEFAULT_SERVER, serverUrl } from './server-url.js';

/** What `reeve login` keeps. */
export interface StoredLogin {
  readonly server: string;
  readonly key: string;
  readonly keyId: string;
  readonly name: string;
  readonly expiresAt: string;
}

const NOT_SIGNED_IN = 'Nobody is signed in here: run reeve login.';

/** The server with the credential of this machine; the environment wins over the stored login. @throws Failure */
export async function signedInApi(): Promise<Api> {
  const { server, token } = clientEnvironment();
  const stored = token === undefined || server === undefined ? await storedLogin() : null;
  if (token !== undefined) return new Api(serverUrl(server ?? stored?.server ?? DEFAULT_SERVER), token);
  if (stored === null) throw new Failure(NOT_SIGNED_IN);
  // The key belongs to one server: another one must not be shown it.
  if (server !== undefined && serverUrl(server) !== stored.server)
    throw new Failure(`The stored login is for ${stored.server}: run reeve login --server ${server}.`);
  return new Api(stored.server, stored.key);
}

/** Null when there is none. @throws Failure for a file that others may read, or that is none of ours */
export async function storedLogin(): Promise<StoredLogin | null> {
  const path = loginPath();
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
    throw new Failure(`Others may read ${path}, which holds your key: run chmod 600 ${path}.`);
  return loginIn(await readFile(path, 'utf8'), path);
}

/** Whole or not at all, and never readable by others, not even for a moment. */
export async function storeLogin(login: StoredLogin): Promise<string> {
  const path = loginPath();
  const draft = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(draft, { force: true });
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(login, null, 2)}\n`);
  } finally {
    await file.close();
  }
  // The umask may have taken rights away, never given any.
  await chmod(draft, 0o600);
  await rename(draft, path);
  return path;
}

export async function removeLogin(): Promise<void> {
  await rm(loginPath(), { force: true });
}

function loginPath(): string {
  return join(clientEnvironment().configDirectory, 'login.json');
}

function loginIn(text: string, path: string): StoredLogin {
  let content: unknown = null;
  try {
    content = JSON.parse(text);
  } catch {
    // Said below, with everything else that may be missing.
  }
  const member = (name: keyof StoredLogin): string => {
    const value = textIn(content, name);
    if (value === undefined) throw new Failure(`${path} is damaged: run reeve login again.`);
    return value;
  };
  const [server, key, keyId] = [member('server'), member('key'), member('keyId')];
  return { server, key, keyId, name: member('name'), expiresAt: member('expiresAt') };
}
