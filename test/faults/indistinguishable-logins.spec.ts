import { randomInt } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { HttpClient } from '../support/http-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Fleet } from '../support/processes.js';
import { Inspector } from './inspector.js';
import { expecting } from './people.js';

/** Of each kind; more, which show smaller differences, by `LOGIN_TRIES=400 npx jest test/faults/indistinguishable-logins.spec.ts`. */
const TRIES = Number(process.env.LOGIN_TRIES ?? 100);
/** Area under the ROC curve of "which of the two was it?" by time alone; 0.5 is guessing. */
const LARGEST_ADVANTAGE = 0.08;
/** Noise of a busy machine gets so many further chances; a real difference shows every time. */
const MEASUREMENTS = 3;
const PASSWORD = 'a lantern under the bridge';
const WRONG = 'not the password at all';

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Record<string, unknown>;
  readonly milliseconds: number;
}

/** What somebody who tries logins can find out about accounts. */
describe('A refused login', () => {
  let database: TestDatabase;
  let fleet: Fleet;
  let inspector: Inspector;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let tries = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    const environment = { REEVE_REGISTRATION: 'open', REEVE_TRUSTED_PROXIES: '127.0.0.1/32' };
    fleet = await Fleet.start({ database, size: 1, environment });
    inspector = await Inspector.of(database);
    const admin = await fleet.admin();
    await makePeople(admin);
  });

  afterAll(async () => {
    agent.destroy();
    await inspector?.close();
    await fleet?.stop();
    await database?.drop();
  });

  /** By what is wrong with it. None of the names is longer than another. */
  const LOGINS = {
    'unknown login': { login: 'nobody@example.com', password: PASSWORD },
    'wrong password': { login: 'active@example.com', password: WRONG },
    'disabled user': { login: 'banned@example.com', password: PASSWORD },
    'unverified user': { login: 'unseen@example.com', password: PASSWORD },
    'invited user without a password': { login: 'guests@example.com', password: PASSWORD },
  };
  const KINDS = Object.keys(LOGINS) as (keyof typeof LOGINS)[];

  it('has one status, one body and one set of headers, whatever the reason', async () => {
    const replies = [];
    for (const kind of KINDS) replies.push(await logIn(LOGINS[kind], nextAddress()));

    const [first] = replies;
    expect(first.status).toBe(401);
    expect(first.body).toMatchObject({ code: 'invalid_credentials', status: 401 });
    for (const reply of replies) expect(comparable(reply)).toEqual(comparable(first));
  });

  it('has one status, one body and one set of headers while locked, whether or not there is such a user', async () => {
    const known = { login: 'active@example.com', password: PASSWORD };
    const unknown = { login: 'nobody@example.com', password: PASSWORD };
    const address = nextAddress();
    for (let failure = 0; failure < 5; failure += 1) {
      for (const login of [known, unknown])
        expect((await logIn({ ...login, password: WRONG }, address)).status).toBe(401);
    }
    await inspector.rows(
      `UPDATE login_throttles SET locked_until = now() + interval '10 minutes' WHERE failures >= 5`,
    );

    const replies = [await logIn(known, address), await logIn(unknown, address)];

    for (const reply of replies) {
      expect(reply.status).toBe(429);
      expect(reply.body).toMatchObject({ code: 'account_locked' });
      expect(Number(reply.headers['retry-after'])).toBeGreaterThan(595);
      expect(comparable(reply)).toEqual(comparable(replies[0]));
    }
    await forgetFailures();
  });

  it.each(KINDS.slice(1))(
    'cannot be told by its time: unknown login and %s',
    async (kind) => {
      await expectIndistinguishable(async () => {
        const times = await interleaved([LOGINS['unknown login'], LOGINS[kind]], forgetFailures);
        return rocArea(times);
      });
    },
    120_000,
  );

  it('cannot be told by its time while locked: known and unknown login', async () => {
    const address = nextAddress();
    const logins = ['active@example.com', 'nobody@example.com'].map((login) => ({ login, password: WRONG }));
    for (const login of logins) for (let failure = 0; failure < 5; failure += 1) await logIn(login, address);
    await inspector.rows(
      `UPDATE login_throttles SET locked_until = now() + interval '10 minutes' WHERE failures >= 5`,
    );

    await expectIndistinguishable(async () =>
      rocArea(await interleaved(logins, () => Promise.resolve(), address)),
    );

    await forgetFailures();
  });

  async function expectIndistinguishable(measure: () => Promise<number>): Promise<void> {
    const advantages: number[] = [];
    for (let time = 0; time < MEASUREMENTS; time += 1) {
      advantages.push(Math.abs((await measure()) - 0.5));
      if (advantages[time] <= LARGEST_ADVANTAGE) return;
    }
    throw new Error(`The reason shows in the time: ROC areas are ${advantages.join(', ')} away from 0.5.`);
  }

  /** Milliseconds of each, asked by turns in an order that nothing else can follow. */
  async function interleaved(
    logins: readonly { login: string; password: string }[],
    between: () => Promise<unknown>,
    address?: string,
  ): Promise<number[][]> {
    const times: number[][] = logins.map(() => []);
    for (let round = 0; round < TRIES; round += 1) {
      const order = randomInt(2) === 0 ? [0, 1] : [1, 0];
      for (const which of order) {
        times[which].push((await logIn(logins[which], address ?? nextAddress())).milliseconds);
        // Counters start anew for both, so that neither is ever locked.
        await between();
      }
    }
    return times;
  }

  const forgetFailures = () => inspector.rows('DELETE FROM login_throttles');
  const nextAddress = () => `198.51.100.${1 + ((tries += 1) % 250)}`;

  function logIn(credentials: { login: string; password: string }, address: string): Promise<Reply> {
    const body = JSON.stringify(credentials);
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'x-forwarded-for': address,
    };
    return new Promise((resolve, reject) => {
      const startedMs = performance.now();
      const url = `${fleet.all[0].url}/api/v1/auth/login`;
      request(url, { method: 'POST', agent, headers }, (answer) => {
        const milliseconds = performance.now() - startedMs;
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.once('end', () => {
          const parsed = JSON.parse(text) as Record<string, unknown>;
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: parsed, milliseconds });
        });
      })
        .once('error', reject)
        .end(body);
    });
  }

  async function makePeople(admin: HttpClient): Promise<void> {
    const invite = async (name: string) => {
      const body = { username: name, email: `${name}@example.com` };
      return (await expecting(201, admin.post('/users', body))) as { id: string; inviteToken: string };
    };
    for (const name of ['active', 'banned']) {
      const { inviteToken: token } = await invite(name);
      await expecting(200, fleet.http().post('/auth/invite/accept', { token, password: PASSWORD }));
    }
    await inspector.rows(`UPDATE users SET is_active = false WHERE username = 'banned'`);
    await invite('guests');
    const unseen = { email: 'unseen@example.com', password: PASSWORD };
    await expecting(202, fleet.http().post('/auth/register', unseen));
    await fleet.mailedTo('unseen@example.com', /rv_vfy_\w+/);
  }
});

/** Everything but what differs between any two answers. */
function comparable({ status, headers, body }: Reply): object {
  const { requestId, ...members } = body;
  const { date, 'x-request-id': id, ratelimit, 'retry-after': wait, ...others } = headers;
  expect([requestId, date, ratelimit]).not.toContain(undefined);
  expect(id).toBe(requestId);
  // A second may have passed between the two.
  return {
    status,
    members,
    headers: others,
    waits: wait === undefined ? null : Math.round(Number(wait) / 10),
  };
}

/** The chance that a time of the second list is the longer one of a pair: Mann and Whitney's U over all pairs. */
function rocArea([one, other]: readonly number[][]): number {
  let wins = 0;
  for (const a of one) for (const b of other) wins += b > a ? 1 : b === a ? 0.5 : 0;
  return wins / (one.length * other.length);
}
