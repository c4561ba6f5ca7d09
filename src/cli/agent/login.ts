import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { clientEnvironment } from '../../kernel/runtime/client-environment.js';
import { Api, numberIn, textIn } from './api.js';
import { Failure, isPassing, Refused } from './failure.js';
import { printable, say } from './printed.js';
import { DEFAULT_SERVER, isInTheClear, serverUrl } from './server-url.js';
import { removeLogin, signedInApi, storedLogin, storeLogin } from './stored-login.js';

const LONGEST_NAME = 64;

/** Pairs this machine with whoever confirms its code, and keeps the key. */
export async function login(options: { readonly server?: string; readonly name?: string }): Promise<void> {
  const server = serverUrl(options.server ?? (await usualServer()));
  if (isInTheClear(server)) say(`Warning: ${server} is not encrypted; your key can be read on the way.`);
  const api = new Api(server, null);
  const deviceName = (options.name ?? hostname()).slice(0, LONGEST_NAME);
  const started = await api.post('/auth/pair/start', { deviceName });
  const deviceCode = expected(started, 'deviceCode');
  const minutes = Math.round((numberIn(started, 'expiresIn') ?? 600) / 60);
  say(`To sign in, open

    ${printable(expected(started, 'verificationUrl'))}

and confirm this code, within ${minutes} minutes:

    ${printable(expected(started, 'userCode'))}
`);
  const key = await keyFor(api, deviceCode, numberIn(started, 'interval') ?? 5);
  const path = await storeLogin({
    server,
    key: expected(key, 'key'),
    keyId: expected(key, 'id'),
    name: expected(key, 'name'),
    expiresAt: expected(key, 'expiresAt'),
  });
  say(`Signed in. The key is in ${path} and works until ${printable(expected(key, 'expiresAt'))}.`);
}

export async function logout(): Promise<void> {
  const login = await storedLogin();
  await removeLogin();
  if (login === null) return say('Nobody was signed in here.');
  say(`The key is gone from this machine. It is still valid; to end it, revoke it in a session of yours:
  DELETE ${login.server}/api/v1/auth/api-keys/${login.keyId}`);
}

/** On standard output, for programs as well. */
export async function whoami(): Promise<void> {
  const api = await signedInApi();
  const me = await api.get('/auth/me');
  const principal = (me as { principal?: unknown } | null)?.principal;
  const who = `${expected(principal, 'name')} (${expected(principal, 'kind')} ${expected(principal, 'id')})`;
  process.stdout.write(`${printable(who)} at ${api.server}\n`);
}

async function usualServer(): Promise<string> {
  const { server } = clientEnvironment();
  // A stored login that cannot be read is about to be replaced.
  const stored = await storedLogin().catch(() => null);
  return server ?? stored?.server ?? DEFAULT_SERVER;
}

/** Asks at the pace the server sets (RFC 8628 §3.5), and slower while it cannot be reached. */
async function keyFor(api: Api, deviceCode: string, interval: number): Promise<unknown> {
  for (let seconds = interval; ;) {
    await pause(seconds * 1000);
    try {
      return await api.post('/auth/pair/token', { deviceCode });
    } catch (error) {
      seconds = nextPause(error, seconds);
    }
  }
}

function nextPause(error: unknown, seconds: number): number {
  if (isPassing(error)) return Math.min(seconds * 2, 60);
  if (!(error instanceof Refused)) throw error;
  switch (error.code) {
    case 'authorization_pending':
    case 'slow_down':
      return numberIn(error.members, 'interval') ?? seconds + 5;
    case 'access_denied':
      throw new Failure('The code was denied. This machine is not signed in.');
    case 'expired_token':
      throw new Failure('The code has expired: run reeve login again.');
    default:
      throw error;
  }
}

function expected(answer: unknown, name: string): string {
  const text = textIn(answer, name);
  if (text === undefined) throw new Failure(`The server's answer has no ${name}: is it Reeve?`);
  return text;
}
