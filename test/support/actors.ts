import type { HttpClient } from './http-client.js';
import type { TestApp } from './app.js';
import { SetupService } from '../../src/modules/auth/index.js';

/** Somebody who is signed in: their credential, and the client that carries it. */
export interface Actor {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly http: HttpClient;
  readonly tokens: TokenPair;
}

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

export const PASSWORD = 'copper kettle sings at dawn';

/** The first administrator, by the way a person becomes it. Once per database. */
export async function setUp(app: TestApp, username = 'ada'): Promise<Actor> {
  const invitation = await app.get(SetupService).prepare();
  if (invitation === null) throw new Error('This database has its first administrator already.');
  const email = `${username}@example.com`;
  const body = { token: invitation.token, username, email, password: PASSWORD };
  const { status, body: tokens } = await app.http.post('/auth/setup', body);
  if (status >= 300) throw new Error(`Set-up answered ${status}: ${JSON.stringify(tokens)}`);
  return actor(app, tokens as TokenPair, username, email);
}

/** A user whom an administrator invited and who accepted. */
export async function invited(
  app: TestApp,
  admin: Actor,
  username: string,
  roles: string[] = [],
): Promise<Actor> {
  const email = `${username}@example.com`;
  const invitation = await admin.http.post('/users', { username, email, roles });
  if (invitation.status !== 201)
    throw new Error(`Invite answered ${invitation.status}: ${JSON.stringify(invitation.body)}`);
  const token = (invitation.body as { inviteToken: string }).inviteToken;
  const accepted = await app.http.post('/auth/invite/accept', { token, password: PASSWORD });
  if (accepted.status >= 300)
    throw new Error(`Accept answered ${accepted.status}: ${JSON.stringify(accepted.body)}`);
  return actor(app, accepted.body as TokenPair, username, email);
}

export async function signIn(
  app: TestApp,
  login: string,
  extras: Record<string, unknown> = {},
): Promise<TokenPair> {
  const answer = await app.http.post('/auth/login', { login, password: PASSWORD, ...extras });
  if (answer.status !== 200)
    throw new Error(`Login answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body as TokenPair;
}

async function actor(app: TestApp, tokens: TokenPair, username: string, email: string): Promise<Actor> {
  const http = app.http.as(tokens);
  const me = (await http.get('/auth/me')).body;
  return { id: me.principal.id as string, username, email, password: PASSWORD, http, tokens };
}
