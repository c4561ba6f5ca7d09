import { randomBytes } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  closeSync,
  fsyncSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../crypto/secret.js';
import type { Configuration } from './configuration.js';

const FILE_NAME = 'secret.key';
const KEY_BYTES = 32;
const WELL_FORMED = /^[A-Za-z0-9_-]{43}$/;
const READABLE_BY_OTHERS = 0o007;

/**
 * The root of the key ring: REEVE_SECRET_KEY, or else the key in `secret.key` of the data directory, which is made
 * the first time. Any number of processes may ask at once; they all get the key of the one that was first.
 *
 * @returns text of at least 256 bits when it was generated: base64url of 32 random bytes
 */
export function loadSecretKey(configuration: Pick<Configuration, 'secretKey' | 'dataDir'>): Secret {
  if (configuration.secretKey !== undefined) return configuration.secretKey;
  const file = join(configuration.dataDir, FILE_NAME);
  return existingKey(file) ?? createdKey(configuration.dataDir, file);
}

function existingKey(file: string): Secret | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'ascii').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  // A new key in place of a damaged one would make everything that was sealed unreadable for good.
  if (!WELL_FORMED.test(text))
    throw new Error(`${file} does not hold a key; restore it from a backup or set REEVE_SECRET_KEY.`);
  // The group may read it: volumes of container platforms are commonly handed over by group.
  if (process.platform !== 'win32' && (statSync(file).mode & READABLE_BY_OTHERS) !== 0)
    throw new Error(`${file} is readable by every user of this machine; run: chmod 600 ${file}`);
  return new Secret(text);
}

/**
 * The key is written whole and to disk under a name of its own and only then linked to the real name, which fails when
 * another process was first: nobody ever reads half a key, also after a crash.
 */
function createdKey(directory: string, file: string): Secret {
  mkdirSync(directory, { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  const key = randomBytes(KEY_BYTES).toString('base64url');
  writeExclusively(draft, `${key}\n`);
  try {
    linkSync(draft, file);
    return new Secret(key);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  const winner = existingKey(file);
  if (winner === undefined) throw new Error(`${file} vanished while it was read.`);
  return winner;
}

function writeExclusively(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
