import type { AnyBody, HttpClient } from '../support/http-client.js';
import type { Fleet } from '../support/processes.js';

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

export interface Person extends TokenPair {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  /** The first process of the fleet, as this person. */
  readonly http: HttpClient;
}

export const PASSWORD = 'seven quiet herons wading';

/** Somebody whom the administrator invited and who accepted. */
export async function invited(
  fleet: Fleet,
  admin: HttpClient,
  username: string,
  roles: string[] = [],
): Promise<Person> {
  const email = `${username}@example.com`;
  const { id, inviteToken } = (await expecting(201, admin.post('/users', { username, email, roles }))) as {
    id: string;
    inviteToken: string;
  };
  const answer = fleet.http().post('/auth/invite/accept', { token: inviteToken, password: PASSWORD });
  const tokens = (await expecting(200, answer)) as TokenPair;
  return { ...tokens, id, username, email, http: fleet.http().as(tokens) };
}

export async function signIn(
  http: HttpClient,
  login: string,
  extras: Record<string, unknown> = {},
): Promise<TokenPair> {
  const body = { login, password: PASSWORD, ...extras };
  return (await expecting(200, http.post('/auth/login', body))) as TokenPair;
}

/** The body of an answer that must have this status. */
export async function expecting(status: number, answering: ReturnType<HttpClient['send']>): Promise<AnyBody> {
  const answer = await answering;
  if (answer.status !== status)
    throw new Error(`Expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** What `work` gives for 0, 1, 2 … `count` - 1, all started before the first can end. */
export function inParallel<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}

/** How often each value occurs. */
export function counted(values: readonly (string | number)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** A machine that is busy with other things may turn some of the losers away for now; that is no second success. */
export function expectReasons(refused: readonly { body: AnyBody }[], codes: readonly string[]): void {
  const seen = Object.keys(counted(refused.map(({ body }) => body.code as string)));
  expect([...codes, 'database_unavailable', 'password_checks_busy']).toEqual(expect.arrayContaining(seen));
}
