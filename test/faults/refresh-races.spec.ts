import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Fleet } from '../support/processes.js';
import { Inspector } from './inspector.js';
import { counted, inParallel, invited, type Person, signIn, type TokenPair } from './people.js';

const ROUNDS = 20;
const AT_ONCE = 100;
const GRACE_SECONDS = 30;

/** One refresh token in many hands at once, at two processes. */
describe('A refresh token', () => {
  let database: TestDatabase;
  let fleet: Fleet;
  let inspector: Inspector;
  let grace: Person;

  beforeAll(async () => {
    database = await createTestDatabase();
    fleet = await Fleet.start({ database, environment: { REEVE_SESSION_CAP: '1000' } });
    inspector = await Inspector.of(database);
    grace = await invited(fleet, await fleet.admin(), 'grace');
  });

  afterAll(async () => {
    await inspector?.close();
    await fleet?.stop();
    await database?.drop();
  });

  it(`has one successor when ${AT_ONCE} requests spend it at once, ${ROUNDS} times over`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const pair = await signIn(fleet.http(round), grace.username);

      const answers = await inParallel(AT_ONCE, (index) => refresh(pair.refreshToken, index));

      expect(counted(answers.map(({ status }) => status))).toEqual({ 200: AT_ONCE });
      const successors = answers.map(({ body }) => body as TokenPair);
      expect(new Set(successors.map(({ refreshToken }) => refreshToken)).size).toBe(1);
      expect(new Set(successors.map(({ sessionId }) => sessionId)).size).toBe(1);
      expect(await rowsOfFamily(pair.sessionId)).toEqual({ live: 1, rotated: 1 });
      expect(await entries('session.refresh', pair.sessionId)).toBe(1);
      // The one successor is good, at either process.
      expect((await refresh(successors[0].refreshToken, round)).status).toBe(200);
    }
  }, 120_000);

  it('ends its session when it comes back after the window, however many present it, and says so once', async () => {
    const pair = await signIn(fleet.http(), grace.username);
    const { body: successor } = await refresh(pair.refreshToken, 0);
    await inspector.rows(
      `UPDATE auth_sessions SET revoked_at = revoked_at - make_interval(secs => $2) WHERE id = $1`,
      [pair.sessionId, GRACE_SECONDS + 1],
    );

    const answers = await inParallel(AT_ONCE, (index) => refresh(pair.refreshToken, index));

    expect(counted(answers.map(({ body }) => body.code as string))).toEqual({
      invalid_refresh_token: AT_ONCE,
    });
    await expectFamilyDead(pair, successor as TokenPair);
    expect(await entries('session.reuse_detected', pair.sessionId)).toBe(1);
    expect(await entries('security.refresh_reuse', grace.id, pair.sessionId)).toBe(1);
  });

  it('ends its session when it comes back inside the window, but after its successor was used', async () => {
    const pair = await signIn(fleet.http(), grace.username);
    const { body: successor } = await refresh(pair.refreshToken, 0);
    const { body: third } = await refresh((successor as TokenPair).refreshToken, 1);

    expect((await refresh(pair.refreshToken, 1)).status).toBe(401);

    await expectFamilyDead(pair, third as TokenPair);
  });

  it('gives an answer that was lost once more, while its successor is unused', async () => {
    const pair = await signIn(fleet.http(), grace.username);
    const { body: first } = await refresh(pair.refreshToken, 0);

    const { status, body: again } = await refresh(pair.refreshToken, 1);

    expect(status).toBe(200);
    expect((again as TokenPair).refreshToken).toBe((first as TokenPair).refreshToken);
  });

  it('never forks: of parent and child spent together, over and over, at most one line goes on', async () => {
    const pair = await signIn(fleet.http(), grace.username);
    const { body } = await refresh(pair.refreshToken, 0);
    const child = (body as TokenPair).refreshToken;

    await inParallel(AT_ONCE, (index) => refresh(index % 3 === 0 ? pair.refreshToken : child, index));

    const { live = 0, ...spent } = await rowsOfFamily(pair.sessionId);
    expect(live).toBeLessThanOrEqual(1);
    // Login, its successor, and at most one after that.
    expect(Object.values(spent).reduce((sum, count) => sum + count, live)).toBeLessThanOrEqual(3);
  });

  const refresh = (refreshToken: string, turn: number) =>
    fleet.http(turn).post('/auth/refresh', { refreshToken });

  async function expectFamilyDead(first: TokenPair, last: TokenPair): Promise<void> {
    expect(await rowsOfFamily(first.sessionId)).not.toHaveProperty('live');
    expect((await refresh(last.refreshToken, 1)).status).toBe(401);
    for (const { http } of fleet.all) {
      // Replicas learn of it within a second.
      await expect(eventuallyRefused(() => http.as(last).get('/auth/me'))).resolves.toBe(true);
    }
  }

  async function eventuallyRefused(ask: () => Promise<{ status: number }>): Promise<boolean> {
    const deadline = performance.now() + 1_000;
    while (performance.now() < deadline) if ((await ask()).status === 401) return true;
    return false;
  }

  /** By state: `live`, or the reason of the end. */
  async function rowsOfFamily(familyId: string): Promise<Record<string, number>> {
    const rows = await inspector.rows<{ state: string }>(
      `SELECT CASE WHEN revoked THEN revoked_reason ELSE 'live' END AS state FROM auth_sessions WHERE family_id = $1`,
      [familyId],
    );
    return counted(rows.map(({ state }) => state));
  }

  function entries(action: string, resourceId: string, mentioning = ''): Promise<number> {
    return inspector.count(
      `audit_entries WHERE action = $1 AND resource_id = $2 AND position($3 in detail) > 0`,
      [action, resourceId, mentioning],
    );
  }
});
