import { Client } from 'pg';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { Ids } from '../../src/kernel/runtime/index.js';
import { PasswordHasher } from '../../src/modules/auth/passwords/password-hasher.js';
import { PASSWORD } from '../support/actors.js';
import type { TestApp } from '../support/app.js';

export interface Person {
  readonly id: string;
  readonly username: string;
  readonly email: string;
}

interface State {
  readonly isActive?: boolean;
  readonly isVerified?: boolean;
  readonly isDeleted?: boolean;
  /** `PASSWORD` unless said otherwise; null for none. */
  readonly passwordHash?: string | null;
}

let usualHash: string | undefined;

/** A user of yesterday, in a state that the API reaches only by long ways, put into the table as it is. */
export async function person(app: TestApp, username: string, state: State = {}): Promise<Person> {
  usualHash ??= await app.get(PasswordHasher).hash(PASSWORD);
  const { isActive = true, isVerified = true, isDeleted = false, passwordHash = usualHash } = state;
  const id = app.get(Ids).next();
  const email = `${username}@example.com`;
  await sql(
    app,
    `INSERT INTO users (id, tenant_id, username, username_key, email, email_key, password_hash, is_active,
       email_verified_at, deleted_at, created_at)
     VALUES ($1, $2, $3::text, lower($3::text), $4::text, lower($4::text), $5, $6, CASE WHEN $7 THEN now() END, CASE WHEN $8 THEN now() END,
       now() - interval '1 day')`,
    [id, DEFAULT_TENANT_ID, username, email, passwordHash, isActive, isVerified, isDeleted],
  );
  return { id, username, email };
}

/** Runs one statement as the owner of the schema: to set the stage, or to look behind it. */
export async function sql<Row = Record<string, unknown>>(
  app: TestApp,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: app.database.ownerUrl });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Row[];
  } finally {
    await client.end();
  }
}
