import { type AnyBody, type HttpClient, ifMatch } from '../support/http-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Fleet } from '../support/processes.js';
import { Inspector } from './inspector.js';
import { counted, expecting, expectReasons, inParallel, invited, PASSWORD } from './people.js';

const AT_ONCE = 100;
/** How often each token that works once is fought for: more by `TOKEN_ROUNDS=10 npx jest test/faults/exact-counts.spec.ts`. */
const ROUNDS = Number(process.env.TOKEN_ROUNDS ?? 1);
const SESSION_CAP = 10;

/** What must come out exact when many requests at two processes fight for it. */
describe('Under parallel use at two processes', () => {
  let database: TestDatabase;
  let fleet: Fleet;
  let inspector: Inspector;
  let admin: HttpClient;

  beforeAll(async () => {
    database = await createTestDatabase();
    fleet = await Fleet.start({
      database,
      environment: {
        REEVE_REGISTRATION: 'open',
        // Tests speak as many addresses.
        REEVE_TRUSTED_PROXIES: '127.0.0.1/32',
        REEVE_SESSION_CAP: String(SESSION_CAP),
      },
    });
    inspector = await Inspector.of(database);
    admin = await fleet.admin();
  });

  afterAll(async () => {
    await inspector?.close();
    await fleet?.stop();
    await database?.drop();
  });

  it(`the cap of ${SESSION_CAP} sessions holds for ${AT_ONCE} logins`, async () => {
    const grace = await invited(fleet, admin, 'grace');

    const statuses = await inParallel(AT_ONCE, async (index) => {
      const body = { login: 'grace', password: PASSWORD, deviceLabel: `Device ${index}` };
      return (await fleet.http(index).post('/auth/login', body)).status;
    });

    expect(counted(statuses)).toEqual({ 200: AT_ONCE });
    const sessions = await inspector.rows<{ state: string }>(
      `SELECT CASE WHEN revoked THEN revoked_reason ELSE 'live' END AS state FROM auth_sessions WHERE user_id = $1`,
      [grace.id],
    );
    expect(counted(sessions.map(({ state }) => state))).toEqual({
      live: SESSION_CAP,
      // Accepting the invitation had started one more.
      session_cap_eviction: AT_ONCE + 1 - SESSION_CAP,
    });
    expect(await inspector.count(`audit_entries WHERE action = 'session.start'`)).toBeGreaterThan(AT_ONCE);
  });

  describe('failed logins are counted', () => {
    it('5 times for a login from one address, and the right password is refused then', async () => {
      await invited(fleet, admin, 'linus');

      const statuses = await inParallel(AT_ONCE, (index) => failToLogIn('linus', index, '203.0.113.5'));

      expect(counted(statuses)).toEqual({ 401: 5, 429: AT_ONCE - 5 });
      expect(await failuresCounted('login_address')).toContain(5);
      const right = await fleet
        .http()
        .post('/auth/login', { login: 'linus', password: PASSWORD }, from('203.0.113.5'));
      expect(right.status).toBe(429);
      expect(right.body.code).toBe('account_locked');
      expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
    });

    it('25 times for a login that does not exist, over all addresses', async () => {
      const statuses = await inParallel(AT_ONCE, (index) =>
        failToLogIn('nobody', index, `198.51.100.${index + 1}`),
      );

      expect(counted(statuses)).toEqual({ 401: 25, 429: AT_ONCE - 25 });
      expect(await failuresCounted('login')).toContain(25);
    });

    it('100 times for an address, over all logins', async () => {
      const statuses = await inParallel(2 * AT_ONCE, (index) =>
        failToLogIn(`nobody-${index}`, index, '192.0.2.77'),
      );

      expect(counted(statuses)).toEqual({ 401: 100, 429: 2 * AT_ONCE - 100 });
      expect(await failuresCounted('address')).toContain(100);
    });

    it('with one entry in the audit log for each that counted', async () => {
      expect(await inspector.count(`audit_entries WHERE action = 'user.login_failed'`)).toBe(5 + 25 + 100);
    });

    async function failToLogIn(login: string, turn: number, address: string): Promise<number> {
      const body = { login, password: 'not the password at all' };
      return (await fleet.http(turn).post('/auth/login', body, from(address))).status;
    }

    async function failuresCounted(kind: string): Promise<number[]> {
      const rows = await inspector.rows<{ failures: number }>(
        'SELECT failures FROM login_throttles WHERE kind = $1',
        [kind],
      );
      return rows.map(({ failures }) => failures);
    }
  });

  it('an invitation is accepted once', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const username = `invitee-${round}`;
      const invitation = admin.post('/users', { username, email: `${username}@example.com` });
      const { id, inviteToken: token } = await expecting(201, invitation);

      const answers = await inParallel(AT_ONCE, (index) =>
        fleet
          .http(index)
          .post('/auth/invite/accept', { token, password: `${PASSWORD} ${index}` }, from(addressOf(index))),
      );

      expectOnlyOne(200, answers);
      expect(await inspector.count('auth_sessions WHERE user_id = $1', [id])).toBe(1);
      expect(await entriesOf('user.invite_accept', id)).toBe(1);
      // Whose password it is now: that of the one who was let in.
      const winner = answers.findIndex(({ status }) => status === 200);
      const login = fleet.http().post('/auth/login', { login: username, password: `${PASSWORD} ${winner}` });
      await expecting(200, login);
    }
  });

  it('a reset token sets one password', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id, email, username } = await invited(fleet, admin, `forgetful-${round}`);
      await expecting(202, fleet.http(round).post('/auth/password/forgot', { email }));
      const token = await tokenMailedTo(email, 'rst');

      const answers = await inParallel(AT_ONCE, (index) =>
        fleet.http(index).post('/auth/password/reset', { token, newPassword: `${PASSWORD} ${index}` }),
      );

      expectOnlyOne(204, answers);
      expect(await entriesOf('user.password_reset', id)).toBe(1);
      const winner = answers.findIndex(({ status }) => status === 204);
      await expecting(
        200,
        fleet.http().post('/auth/login', { login: username, password: `${PASSWORD} ${winner}` }),
      );
    }
  });

  it('an address is verified once', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const email = `newcomer-${round}@example.com`;
      await expecting(202, fleet.http().post('/auth/register', { email, password: PASSWORD }));
      const token = await tokenMailedTo(email, 'vfy');

      const answers = await inParallel(AT_ONCE, (index) => fleet.http(index).post('/auth/verify', { token }));

      expectOnlyOne(204, answers);
      const id = await inspector.value<string>('SELECT id FROM users WHERE email = $1', [email]);
      expect(await entriesOf('user.verify', id)).toBe(1);
    }
  });

  it('a name is taken once, in whatever spelling', async () => {
    const spellings = ['Hypatia', 'hypatia', 'HYPATIA', 'hYpAtIa'];

    const answers = await inParallel(AT_ONCE, (index) =>
      at(index, admin).post('/users', {
        username: spellings[index % spellings.length],
        email: `hypatia-${index}@example.com`,
      }),
    );

    expect(counted(answers.map(({ status }) => status))).toEqual({ 201: 1, 409: AT_ONCE - 1 });
    expect(await inspector.count(`users WHERE username_key = 'hypatia'`)).toBe(1);
  });

  it('a version is changed once', async () => {
    const { id } = await invited(fleet, admin, 'contested');
    const version = await inspector.value<number>('SELECT version FROM users WHERE id = $1', [id]);

    const answers = await inParallel(AT_ONCE, (index) =>
      at(index, admin).patch(`/users/${id}`, { isTerminalAuthorized: true }, ifMatch(version)),
    );

    expect(counted(answers.map(({ status }) => status))).toEqual({ 200: 1, 409: AT_ONCE - 1 });
    expect(await inspector.value('SELECT version FROM users WHERE id = $1', [id])).toBe(version + 1);
  });

  it('a key is rotated once', async () => {
    const { http } = await invited(fleet, admin, 'rotator');
    const { id } = await expecting(201, http.post('/auth/api-keys', { name: 'build server' }));

    const answers = await inParallel(AT_ONCE, (index) =>
      at(index, http).post(`/auth/api-keys/${id}/rotate`, { overlapSeconds: 60 }),
    );

    const rotated = answers.filter(({ status }) => status < 300);
    expect(rotated).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(AT_ONCE - 1);
  });

  /** The same person at the process whose turn it is. */
  const at = (turn: number, person: HttpClient) => person.at(fleet.http(turn).baseUrl);

  function expectOnlyOne(success: number, answers: readonly { status: number; body: AnyBody }[]): void {
    const refused = answers.filter(({ status }) => status !== success);
    expect(refused).toHaveLength(AT_ONCE - 1);
    expectReasons(refused, ['invalid_token']);
  }

  const tokenMailedTo = (email: string, kind: string) =>
    fleet.mailedTo(email, new RegExp(`rv_${kind}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}`));

  const entriesOf = (action: string, resourceId: string) =>
    inspector.count('audit_entries WHERE action = $1 AND resource_id = $2', [action, resourceId]);
});

const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
const addressOf = (index: number) => `203.0.113.${100 + (index % 100)}`;
