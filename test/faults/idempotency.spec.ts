import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from '../support/processes.js';
import type { Relay } from '../support/relay.js';
import type { Inspector } from './inspector.js';
import { counted, inParallel, invited } from './people.js';
import { RelayedPair } from './relayed-pair.js';

const AT_ONCE = 100;
/** A process is killed this many milliseconds after the requests set out, one round each. */
const KILL_AFTER_MS = [5, 40, 120];
const LOST_COMMITS = 20;

interface RawAnswer {
  readonly status: number;
  /** Byte for byte. */
  readonly text: string;
  readonly location: string | null;
  readonly replayed: string | null;
}

/** Retrying a change with an Idempotency-Key, whatever breaks in between. */
describe('A request with an Idempotency-Key', () => {
  let pair: RelayedPair;
  let fleet: Fleet;
  let relay: Relay;
  let inspector: Inspector;
  let token: string;

  beforeAll(async () => {
    // Without schedules: theirs must not be the COMMIT whose answer is lost.
    pair = await RelayedPair.start({ REEVE_ROLE: 'api' });
    ({ fleet, relay, inspector } = pair);
    token = await fleet.adminToken();
  });
  afterAll(() => pair?.stop());

  it(`has one effect and one answer when it comes ${AT_ONCE} times at once to two processes`, async () => {
    const answers = await inParallel(AT_ONCE, (index) => invite(index, 'parallel'));

    expect(Object.keys(counted(answers.map(({ status }) => status))).sort()).toEqual(
      expect.arrayContaining(['201']),
    );
    for (const { status, text } of answers) {
      if (status !== 201) expect(text).toContain('"idempotency_in_flight"');
    }
    await expectOneEffect('parallel', answers);
    expect(answers.filter(({ status, replayed }) => status === 201 && replayed === null)).toHaveLength(1);
  });

  it.each(KILL_AFTER_MS)(
    'has one effect and one answer although a process is killed %i ms into it',
    async (delayMs) => {
      const name = `killed-${delayMs}`;
      const asking = inParallel(AT_ONCE, (index) => invite(index, name).catch(() => null));
      await sleep(delayMs);
      await fleet.all[1].kill();
      const answers = (await asking).filter((answer) => answer !== null);
      const retried = await inviteUntilAnswered(0, name);

      await expectOneEffect(name, [...answers, retried]);

      await fleet.all[1].start();
      expect(await invite(1, name)).toEqual({ ...retried, replayed: 'true' });
    },
    60_000,
  );

  it('that comes again with another body is refused, at every process', async () => {
    await inviteUntilAnswered(0, 'changeful');

    for (const turn of [0, 1]) {
      const { status, text } = await invite(turn, 'changeful', { roles: ['viewer'] });
      expect(status).toBe(409);
      expect(JSON.parse(text)).toMatchObject({ code: 'idempotency_conflict' });
    }
    expect(await inspector.count(`users WHERE username = 'changeful'`)).toBe(1);
  });

  it('of one person is nothing to another', async () => {
    const people = await Promise.all(
      ['grace', 'linus'].map((name) => invited(fleet, fleet.http().as(token), name)),
    );
    const key = { 'idempotency-key': 'shared-key' };

    const [mine, theirs] = await Promise.all(
      people.map(({ accessToken }, turn) =>
        raw(fleet.http(turn).baseUrl, accessToken, '/auth/api-keys', { name: 'build' }, key),
      ),
    );

    expect([mine, theirs].map(({ status, replayed }) => [status, replayed])).toEqual([
      [201, null],
      [201, null],
    ]);
    expect(mine.text).not.toBe(theirs.text);
    expect(await inspector.count('api_keys')).toBe(2);
  });

  it(`has its effect once although the answer to COMMIT is lost, ${LOST_COMMITS} times`, async () => {
    for (let round = 0; round < LOST_COMMITS; round += 1) {
      const name = `uncertain-${round}`;
      relay.cutAfterSending((chunk) => chunk.includes('COMMIT\0'));

      const first = await invite(1, name);

      // Nobody is told that it worked when nobody knows.
      expect(first.status).toBe(503);
      expect(JSON.parse(first.text)).toMatchObject({ code: 'database_unavailable' });
      const retried = await inviteUntilAnswered(1, name);
      await expectOneEffect(name, [retried]);
      // It had worked: the retry only fetched the answer.
      expect(retried.replayed).toBe('true');
    }
    expect(relay.cuts).toBe(LOST_COMMITS);
  });

  async function expectOneEffect(name: string, answers: readonly RawAnswer[]): Promise<void> {
    const successes = answers.filter(({ status }) => status === 201);
    expect(successes.length).toBeGreaterThan(0);
    expect(new Set(successes.map(({ text }) => text)).size).toBe(1);
    expect(new Set(successes.map(({ location }) => location)).size).toBe(1);
    const users = await inspector.rows<{ id: string }>('SELECT id FROM users WHERE username = $1', [name]);
    expect(users).toEqual([{ id: (JSON.parse(successes[0].text) as { id: string }).id }]);
    const entries = `audit_entries WHERE action = 'user.invite' AND resource_id = $1`;
    expect(await inspector.count(entries, [users[0].id])).toBe(1);
    expect(await inspector.count('one_time_tokens WHERE subject_id = $1', [users[0].id])).toBe(1);
  }

  /** As a client does: the same request again while it is told to wait. */
  async function inviteUntilAnswered(turn: number, name: string): Promise<RawAnswer> {
    for (const deadline = performance.now() + 15_000; performance.now() < deadline; await sleep(100)) {
      const answer = await invite(turn, name);
      if (answer.status !== 409 && answer.status !== 503) return answer;
    }
    throw new Error(`${name} was never answered.`);
  }

  const invite = (turn: number, username: string, extra: object = {}) =>
    raw(
      fleet.http(turn).baseUrl,
      token,
      '/users',
      { username, email: `${username}@example.com`, ...extra },
      { 'idempotency-key': `invite-${username}` },
    );
});

async function raw(
  baseUrl: string,
  token: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<RawAnswer> {
  const response = await fetch(`${baseUrl}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    text: await response.text(),
    location: response.headers.get('location'),
    replayed: response.headers.get('idempotent-replayed'),
  };
}
