import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { codeOf, readIfPresent, writeDurably } from './file-system.js';

/** Of the three roles that can log in. Generated here, letters that need no escaping in a URL or in SQL. */
export interface Passwords {
  readonly superuser: string;
  readonly owner: string;
  readonly app: string;
}

const fileIn = (dataDir: string) => join(dataDir, 'postgres.passwords.json');

/** The stored ones, or null when there are none (or the file is damaged), which means: make new ones and set them. */
export async function storedPasswords(dataDir: string): Promise<Passwords | null> {
  const path = fileIn(dataDir);
  try {
    const { superuser, owner, app } = JSON.parse((await readIfPresent(path)) ?? '{}') as Partial<Passwords>;
    return superuser && owner && app ? { superuser, owner, app } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if (codeOf(error) !== 'EACCES') throw error;
    throw new EmbeddedPostgresError(
      `${path} belongs to another user. Start as that user, choose another REEVE_DATA_DIR, or set DATABASE_URL.`,
    );
  }
}

export function newPasswords(): Passwords {
  return { superuser: newPassword(), owner: newPassword(), app: newPassword() };
}

export async function storePasswords(dataDir: string, passwords: Passwords): Promise<void> {
  await writeDurably(fileIn(dataDir), `${JSON.stringify(passwords, null, 2)}\n`, 0o600);
}

function newPassword(): string {
  return randomBytes(32).toString('base64url');
}
