import { ImpersonationsSchedule } from '../../src/modules/auth/impersonation/impersonations.schedule.js';
import { type Actor, invited, setUp, signIn } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Answer, AnyBody, HttpClient } from '../support/http-client.js';
import { sql } from './people.js';
import { asSystem, longSignedIn } from './stage.js';

const REASON = 'Ticket 4711: the list of keys stays empty';

interface Entry {
  readonly action: string;
  readonly actorId: string;
  readonly actorRole: string;
  readonly onBehalfOf: string[];
  readonly outcome: string;
  readonly detail: Record<string, string>;
}

interface Impersonation {
  readonly id: string;
  readonly expiresAt: string;
  readonly accessToken: string;
  readonly http: HttpClient;
}

describe('Impersonation', () => {
  let app: TestApp;
  let admin: Actor;
  let support: Actor;
  let names = 0;
  beforeAll(async () => {
    app = await startApp();
    admin = await setUp(app);
    support = await somebody('support');
  });
  afterAll(() => app.close());

  const somebody = (...roles: string[]) => invited(app, admin, `person-${(names += 1)}`, roles);
  const starting = (by: Actor, userId: string, reason: string = REASON) =>
    by.http.post('/admin/impersonations', { userId, reason });

  async function started(by: Actor, user: Actor): Promise<Impersonation> {
    const { status, body } = await starting(by, user.id);
    if (status !== 201) throw new Error(`Starting answered ${status}: ${JSON.stringify(body)}`);
    return { ...(body as Impersonation), http: app.http.as(body as Impersonation) };
  }

  const refusal = ({ status, body }: Answer<AnyBody>): [number, string] => [status, body?.code as string];
  const endOf = async ({ id }: Impersonation): Promise<unknown> =>
    (await admin.http.get(`/admin/impersonations/${id}`)).body.endedReason;
  const sweep = () => asSystem(() => app.get(ImpersonationsSchedule).sweep());

  const entriesOf = ({ id }: Impersonation): Promise<Entry[]> =>
    sql<Entry>(
      app,
      `SELECT action, actor_id AS "actorId", actor_role AS "actorRole", on_behalf_of AS "onBehalfOf", outcome,
         detail::jsonb AS detail
       FROM audit_entries WHERE resource_id = $1 ORDER BY id`,
      [id],
    );

  async function give(user: Actor, ...roles: string[]): Promise<void> {
    const { version } = (await admin.http.get(`/users/${user.id}`)).body;
    await admin.http.patch(`/users/${user.id}`, { roles }, { headers: { 'if-match': `"${version}"` } });
  }

  describe('begins', () => {
    it('with a token for 15 minutes and nothing to refresh it with', async () => {
      const user = await somebody();
      const before = Date.now();
      const { status, body, headers } = await starting(support, user.id);
      expect(status).toBe(201);
      expect(Object.keys(body).sort()).toEqual(['accessToken', 'expiresAt', 'id']);
      expect(headers.get('location')).toBe(`/api/v1/admin/impersonations/${body.id}`);
      const lifetimeMs = new Date(body.expiresAt as string).getTime() - before;
      expect(lifetimeMs).toBeGreaterThan(14 * 60_000);
      expect(lifetimeMs).toBeLessThanOrEqual(15 * 60_000 + 10_000);
      const claims = JSON.parse(Buffer.from(body.accessToken.split('.')[1], 'base64url').toString());
      expect(claims).toMatchObject({ sub: user.id, act: { sub: support.id }, sid: body.id });
      expect(claims.exp * 1000).toBeLessThanOrEqual(new Date(body.expiresAt as string).getTime());
    });

    it('only with a reason of ten characters', async () => {
      const user = await somebody();
      for (const reason of ['', 'too short', '   too short      '])
        expect(refusal(await starting(support, user.id, reason))).toEqual([422, 'reason_too_short']);
      const without = await support.http.post('/admin/impersonations', { userId: user.id });
      expect(refusal(without)).toEqual([422, 'validation_failed']);
      expect((await starting(support, user.id, 'ten chars!')).status).toBe(201);
    });

    it('never as oneself, as nobody, or as somebody who cannot sign in', async () => {
      expect(refusal(await starting(support, support.id))).toEqual([403, 'own_impersonation']);
      const nobody = '01890a5d-ac96-774b-bcce-b302099a8057';
      expect(refusal(await starting(support, nobody))).toEqual([404, 'not_found']);
      const disabled = await somebody();
      await sql(app, 'UPDATE users SET is_active = false WHERE id = $1', [disabled.id]);
      expect(refusal(await starting(support, disabled.id))).toEqual([409, 'target_not_active']);
      const guest = { username: 'guest', email: 'guest@example.com' };
      const invitation = (await admin.http.post('/users', guest)).body;
      expect(refusal(await starting(support, invitation.id as string))).toEqual([409, 'target_not_active']);
    });

    it('never as somebody with a right or a terminal flag that one lacks', async () => {
      const operator = await somebody('operator');
      expect(refusal(await starting(support, operator.id))).toEqual([403, 'target_outranks_caller']);
      const flagged = await somebody();
      await sql(app, 'UPDATE users SET is_terminal_authorized = true WHERE id = $1', [flagged.id]);
      expect(refusal(await starting(support, flagged.id))).toEqual([403, 'target_outranks_caller']);
      expect((await starting(admin, operator.id)).status).toBe(201);
    });

    it('only for a person with the right to it who has proved who they are lately', async () => {
      const user = await somebody();
      const auditor = await somebody('auditor');
      expect(refusal(await starting(auditor, user.id))).toEqual([403, 'forbidden']);
      const { key } = (await support.http.post('/auth/api-keys', { name: 'bot' })).body;
      const byKey = app.http
        .as(key as string)
        .post('/admin/impersonations', { userId: user.id, reason: REASON });
      expect(refusal(await byKey)).toEqual([403, 'credential_not_allowed']);
      const late = await longSignedIn(app, await somebody('support'));
      expect(refusal(await starting(late, user.id))).toEqual([403, 'step_up_required']);
    });
  });

  describe('shows', () => {
    it('the user, what both may do, and who acts', async () => {
      const user = await somebody('viewer');
      const { id, http, expiresAt } = await started(admin, user);
      const { body } = await http.get('/auth/me');
      expect(body).toMatchObject({
        principal: { kind: 'user', id: user.id, name: user.username },
        user: { id: user.id, email: user.email },
        actor: { kind: 'user', id: admin.id, name: admin.username },
        impersonation: { id, expiresAt },
        roles: ['viewer', 'member'],
        permissions: (await user.http.get('/auth/me')).body.permissions,
      });
      expect(body).not.toHaveProperty('session');
    });

    it('itself, to its token and to the session it was started from', async () => {
      const user = await somebody();
      const { id, http } = await started(support, user);
      for (const by of [http, support.http]) {
        const { status, body } = await by.get('/admin/impersonations/current');
        expect([status, body.id, body.user.id]).toEqual([200, id, user.id]);
      }
      const other = await somebody('support');
      expect(refusal(await other.http.get('/admin/impersonations/current'))).toEqual([404, 'not_found']);
      expect(refusal(await user.http.get('/admin/impersonations/current'))).toEqual([403, 'forbidden']);
    });

    it('the data of the user, among whose sessions it does not appear', async () => {
      const user = await somebody();
      const key = (await user.http.post('/auth/api-keys', { name: 'laptop' })).body;
      delete key.key;
      const { http } = await started(support, user);
      expect((await http.get('/auth/api-keys')).body.items).toEqual([key]);
      const [theirs, seen] = [await user.http.get('/auth/sessions'), await http.get('/auth/sessions')];
      expect(theirs.body.items).toHaveLength(1);
      expect(seen.body.items).toEqual([{ ...theirs.body.items[0], current: false }]);
    });

    it('to those who may impersonate, who acted as whom and why', async () => {
      const [user, other] = [await somebody(), await somebody()];
      const first = await started(support, user);
      const second = await started(support, user);
      await started(support, other);
      const path = `/admin/impersonations?userId=${user.id}&total=true&limit=1`;
      const { body } = await admin.http.get(path);
      expect(body).toMatchObject({
        total: 2,
        items: [
          {
            id: second.id,
            actor: { kind: 'user', id: support.id, name: support.username },
            user: { kind: 'user', id: user.id, name: user.username },
            reason: REASON,
            endedAt: null,
            endedReason: null,
          },
        ],
      });
      const next = await admin.http.get(`${path}&cursor=${body.nextCursor}`);
      expect(next.body.items.map(({ id }: Impersonation) => id)).toEqual([first.id]);
      expect(next.body.nextCursor).toBeNull();
      const byActor = await admin.http.get(`/admin/impersonations?actorId=${user.id}`);
      expect(byActor.body.items).toEqual([]);
      expect(refusal(await user.http.get('/admin/impersonations'))).toEqual([403, 'forbidden']);
    });
  });

  describe('permits', () => {
    it('what both may, as their rights are now', async () => {
      const user = await somebody();
      const { http } = await started(support, user);
      expect((await http.get('/users')).status).toBe(403);
      await give(user, 'auditor');
      expect((await http.get('/users')).status).toBe(200);
      // An auditor may, support may not.
      expect((await user.http.get('/audit/entries')).status).toBe(200);
      expect(refusal(await http.get('/audit/entries'))).toEqual([403, 'forbidden']);
      await give(user);
      expect((await http.get('/users')).status).toBe(403);
    });

    it('nothing about credentials, accounts or rights, and no second impersonation', async () => {
      const [user, other] = [await somebody('admin'), await somebody()];
      const { http } = await started(admin, user);
      const session = user.tokens.sessionId;
      const ifMatch = { headers: { 'if-match': '"1"' } };
      const answers = await Promise.all([
        http.post('/auth/password/change', {
          currentPassword: user.password,
          newPassword: 'another long one',
        }),
        http.post('/auth/reauthenticate', { password: user.password }),
        http.post('/auth/api-keys', { name: 'mine' }),
        http.delete(`/auth/sessions/${session}`),
        http.post('/auth/logout'),
        http.post('/auth/logout-all'),
        http.patch(`/users/${other.id}`, { roles: ['admin'] }, ifMatch),
        http.delete(`/users/${other.id}`, ifMatch),
        http.post('/users', { username: 'friend', email: 'friend@example.com' }),
        http.post('/admin/impersonations', { userId: other.id, reason: REASON }),
      ]);
      for (const answer of answers) expect(refusal(answer)).toEqual([403, 'impersonation_not_allowed']);
      expect(answers[0].body.detail).toContain('your own session');
      expect((await user.http.get('/auth/me')).status).toBe(200);
    });

    it('no use of an Idempotency-Key of the user', async () => {
      const user = await somebody('admin');
      const { http } = await started(admin, user);
      const change = async (by: HttpClient) => {
        const ifMatch = (await by.get('/settings')).headers.get('etag') ?? '';
        const headers = { 'idempotency-key': 'one-key', 'if-match': ifMatch };
        const answer = await by.patch('/settings', { 'sessions.cap': 10 }, { headers });
        return [answer.status, answer.headers.get('idempotent-replayed')];
      };
      expect(await change(http)).toEqual([200, null]);
      expect(await change(user.http)).toEqual([200, null]);
      expect(await change(http)).toEqual([200, 'true']);
    });
  });

  describe('is on record', () => {
    it('from its start to its end, with every request, under the name of who acts', async () => {
      const user = await somebody();
      const impersonation = await started(support, user);
      await impersonation.http.get('/auth/api-keys?limit=3');
      await impersonation.http.get('/users');
      await impersonation.http.delete('/admin/impersonations/current');

      const entries = await entriesOf(impersonation);
      const about = { actorId: support.id, userId: user.id, reason: REASON };
      const request = (route: string, outcome = 'success') => ({
        action: 'impersonation.request',
        outcome,
        detail: { route: route.replace(' ', ' /api/v1'), path: `/api/v1${route.split(' ')[1]}` },
      });
      expect(entries.map(({ action, outcome, detail }) => ({ action, outcome, detail }))).toEqual([
        {
          action: 'impersonation.start',
          outcome: 'success',
          detail: { ...about, expiresAt: impersonation.expiresAt },
        },
        request('GET /auth/api-keys'),
        request('GET /users', 'denied'),
        request('DELETE /admin/impersonations/current'),
        { action: 'impersonation.stop', outcome: 'success', detail: { ...about, ended: 'manual' } },
      ]);
      for (const { actorId, actorRole } of entries)
        expect([actorId, actorRole]).toEqual([support.id, 'support']);
      expect(entries.map(({ onBehalfOf }) => onBehalfOf)).toEqual([
        [],
        ...Array.from({ length: 4 }, () => [`user:${user.id}`]),
      ]);
    });
  });

  describe('ends', () => {
    const used = async (impersonation: Impersonation) => (await impersonation.http.get('/auth/me')).status;

    it('by its own token, or by the session it was started from, all of that at once', async () => {
      const user = await somebody();
      const [one, two, three] = [
        await started(support, user),
        await started(support, user),
        await started(support, user),
      ];
      const elsewhere = app.http.as(await signIn(app, support.username));
      expect(refusal(await elsewhere.delete('/admin/impersonations/current'))).toEqual([404, 'not_found']);
      expect((await one.http.delete('/admin/impersonations/current')).status).toBe(204);
      expect([await used(one), await used(two)]).toEqual([401, 200]);
      expect((await support.http.delete('/admin/impersonations/current')).status).toBe(204);
      expect([await used(two), await used(three)]).toEqual([401, 401]);
      expect(await endOf(three)).toBe('manual');
      expect(refusal(await user.http.delete('/admin/impersonations/current'))).toEqual([403, 'forbidden']);
    });

    it('with the session of who acts, however that ends', async () => {
      const user = await somebody();
      const ends: ((actor: Actor) => Promise<unknown>)[] = [
        ({ http }) => http.post('/auth/logout'),
        ({ id }) => admin.http.delete(`/users/${id}/sessions`),
        ({ id }) => admin.http.patch(`/users/${id}`, { isActive: false }, { headers: { 'if-match': '"1"' } }),
      ];
      for (const end of ends) {
        const actor = await somebody('support');
        const impersonation = await started(actor, user);
        expect(await used(impersonation)).toBe(200);
        await end(actor);
        expect([await used(impersonation), await endOf(impersonation)]).toEqual([401, 'revoked']);
      }
    });

    it('but not when that session is refreshed', async () => {
      const actor = await somebody('support');
      const impersonation = await started(actor, await somebody());
      await app.http.post('/auth/refresh', { refreshToken: actor.tokens.refreshToken });
      expect(await used(impersonation)).toBe(200);
    });

    it('when the right to it is lost, and does not come back with it', async () => {
      const actor = await somebody('support');
      const impersonation = await started(actor, await somebody());
      await give(actor, 'auditor');
      expect([await used(impersonation), await endOf(impersonation)]).toEqual([401, 'revoked']);
      await give(actor, 'support');
      expect(await used(impersonation)).toBe(401);
    });

    it('when the right to it is lost and nobody uses it: the sweep says so', async () => {
      const actor = await somebody('support');
      const impersonation = await started(actor, await somebody());
      await sweep();
      expect(await endOf(impersonation)).toBeNull();
      await give(actor);
      await sweep();
      expect(await endOf(impersonation)).toBe('revoked');
    });

    it('when the user is disabled, or gets a terminal flag that who acts has not', async () => {
      const user = await somebody();
      const impersonation = await started(support, user);
      const ifMatch = { headers: { 'if-match': '"1"' } };
      await admin.http.patch(`/users/${user.id}`, { isActive: false }, ifMatch);
      expect([await used(impersonation), await endOf(impersonation)]).toEqual([401, 'revoked']);

      const flagged = await somebody();
      const second = await started(support, flagged);
      await admin.http.patch(`/users/${flagged.id}`, { isTerminalAuthorized: true }, ifMatch);
      expect(await used(second)).toBe(401);
      await sweep();
      expect(await endOf(second)).toBe('revoked');
    });

    it('by time, as it was said at the start, whether or not it has been swept', async () => {
      const impersonation = await started(support, await somebody());
      await sql(app, `UPDATE impersonations SET expires_at = now() - interval '1 second' WHERE id = $1`, [
        impersonation.id,
      ]);
      expect([await used(impersonation), await endOf(impersonation)]).toEqual([401, null]);
      await sweep();
      expect([await used(impersonation), await endOf(impersonation)]).toEqual([401, 'expired']);
      const stop = (await entriesOf(impersonation)).at(-1);
      expect(stop).toMatchObject({ action: 'impersonation.stop', detail: { ended: 'expired' } });
    });
  });
});
