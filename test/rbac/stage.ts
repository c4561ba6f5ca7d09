import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Actor } from '../support/actors.js';
import type { TestApp } from '../support/app.js';
import type { AnyBody, HttpClient } from '../support/http-client.js';

/** The body of an answer that must have this status. */
export async function expecting(status: number, answering: ReturnType<HttpClient['send']>): Promise<AnyBody> {
  const answer = await answering;
  if (answer.status !== status)
    throw new Error(`Expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Identifiers of roles by name. */
export async function roleIds(admin: Actor): Promise<Record<string, string>> {
  const { items } = await expecting(200, admin.http.get('/roles?limit=200'));
  return Object.fromEntries((items as { name: string; id: string }[]).map(({ name, id }) => [name, id]));
}

export interface Binding {
  readonly to: { readonly kind: 'user' | 'service' | 'group'; readonly id: string };
  readonly role: string;
  readonly at?: { readonly kind: 'gateway' | 'department'; readonly id: string };
  readonly effect?: 'allow' | 'deny';
  readonly expiresAt?: string;
}

/** Asks for a binding and gives the whole answer; the role may be a name or an identifier. */
export async function binding(
  by: Actor,
  { to, role, at, effect, expiresAt }: Binding,
  roles: Record<string, string>,
) {
  return by.http.post('/role-bindings', {
    subjectKind: to.kind,
    subjectId: to.id,
    roleId: roles[role] ?? role,
    ...(at === undefined ? {} : { scopeKind: at.kind, scopeId: at.id }),
    ...(effect === undefined ? {} : { effect }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  });
}

export const gateway = () => ({ kind: 'gateway' as const, id: randomUUID() });
export const department = () => ({ kind: 'department' as const, id: randomUUID() });
export const user = ({ id }: { id: string }) => ({ kind: 'user' as const, id });

export async function may(by: Actor, who: string, permission: string, scope?: object): Promise<boolean> {
  const body = {
    principal: { kind: 'user', id: who },
    permission,
    ...(scope === undefined ? {} : { scope }),
  };
  return (await expecting(200, by.http.post('/authz/check', body))).allowed as boolean;
}

/** What the log knows of a resource, oldest first. */
export async function facts(
  app: TestApp,
  resourceId: string,
): Promise<{ action: string; detail: AnyBody }[]> {
  const rows = await sql<{ action: string; detail: string }>(
    app,
    'SELECT action, detail FROM audit_entries WHERE resource_id = $1 ORDER BY id',
    [resourceId],
  );
  return rows.map(({ action, detail }) => ({ action, detail: JSON.parse(detail) }));
}

/** Past the application, for what its routes cannot bring about. */
export async function sql<Row>(app: TestApp, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: app.database.ownerUrl });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Row[];
  } finally {
    await client.end();
  }
}
