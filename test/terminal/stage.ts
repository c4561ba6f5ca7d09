import { type Actor, invited, setUp } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import type { HttpClient } from '../support/http-client.js';

export const ROOT = '/srv';

/** Two replicas whose server runs commands, an administrator, and the people that a command needs. */
export interface TerminalStage {
  readonly app: TestApp;
  readonly replica: TestApp;
  readonly admin: Actor;
  close(): Promise<void>;
}

export async function terminalStage(): Promise<TerminalStage> {
  const app = await startApp({ configuration: { terminalRoot: ROOT } });
  const replica = await startApp({ replicaOf: app });
  const admin = await setUp(app);
  return {
    app,
    replica,
    admin,
    close: async () => {
      await replica.close();
      await app.close();
    },
  };
}

/** Somebody who may use both terminals. */
export async function developer(
  { app, admin }: Pick<TerminalStage, 'app' | 'admin'>,
  username: string,
  roles: string[] = [],
): Promise<Actor> {
  const person = await invited(app, admin, username, roles);
  await authorise(admin.http, `/users/${person.id}`);
  return person;
}

/** A program that may use both terminals, with a key of its own. */
export async function worker(
  { app, admin }: Pick<TerminalStage, 'app' | 'admin'>,
  name: string,
): Promise<{ id: string; http: HttpClient }> {
  const { id } = (await admin.http.post('/service-principals', { name })).body as { id: string };
  await authorise(admin.http, `/service-principals/${id}`);
  const { key } = (await admin.http.post(`/service-principals/${id}/keys`, {})).body as { key: string };
  return { id, http: app.http.as(key) };
}

async function authorise(admin: HttpClient, path: string): Promise<void> {
  const flags = { isTerminalAuthorized: true, isServerTerminalAuthorized: true };
  const answer = await admin.patch(path, flags, { headers: { 'if-match': '*' } });
  if (answer.status !== 200) throw new Error(`Flags were answered ${answer.status}`);
}

/** The codes of the reasons. */
export function codes(body: { reasons: { code: string }[] }): string[] {
  return body.reasons.map(({ code }) => code);
}
