import { Client } from 'pg';
import { runInOperation, systemOperation, systemPrincipal } from '../../src/kernel/operation/index.js';
import type { Actor, TokenPair } from '../support/actors.js';
import type { TestApp } from '../support/app.js';

/** Moves stored instants, as time would: the tests' way to what happens later. */
export async function withSql<T>(app: TestApp, work: (sql: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: app.database.ownerUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs the work as a schedule does. */
export function asSystem<T>(work: () => T): T {
  return runInOperation(systemOperation('schedule', 'test', systemPrincipal('test')), work);
}

/** The person as they are twenty minutes after they last proved who they are, with the access token of a refresh. */
export async function longSignedIn(app: TestApp, person: Actor): Promise<Actor> {
  await withSql(app, (sql) =>
    sql.query(
      `UPDATE auth_sessions SET authenticated_at = authenticated_at - interval '20 minutes' WHERE user_id = $1`,
      [person.id],
    ),
  );
  const { status, body } = await app.http.post('/auth/refresh', { refreshToken: person.tokens.refreshToken });
  if (status !== 200) throw new Error(`Refresh answered ${status}: ${JSON.stringify(body)}`);
  return { ...person, http: app.http.as(body as TokenPair), tokens: body as TokenPair };
}

/** How many answers had which status. */
export function tally(answers: readonly { readonly status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

export async function actionsAbout(app: TestApp, resourceId: string): Promise<string[]> {
  return withSql(app, async (sql) => {
    const { rows } = await sql.query<{ action: string }>(
      'SELECT action FROM audit_entries WHERE resource_id = $1 ORDER BY id',
      [resourceId],
    );
    return rows.map(({ action }) => action);
  });
}
