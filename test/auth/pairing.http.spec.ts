import { PairingsSchedule } from '../../src/modules/auth/pairing/pairings.schedule.js';
import { type Actor, invited, setUp } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { ifMatch } from '../support/http-client.js';
import { Mailbox } from './mailbox.js';
import { sql } from './people.js';
import { actionsAbout, asSystem, longSignedIn, tally } from './stage.js';

interface Started {
  readonly deviceCode: string;
  readonly userCode: string;
}

describe('Pairing a device', () => {
  let app: TestApp;
  let replica: TestApp;
  let admin: Actor;
  let grace: Actor;

  beforeAll(async () => {
    app = await startApp({ configuration: { role: 'all' } });
    replica = await startApp({ replicaOf: app, configuration: { role: 'api' } });
    admin = await setUp(app);
    grace = await invited(app, admin, 'grace');
  });
  afterAll(async () => {
    await replica?.close();
    await app?.close();
  });
  beforeEach(() => sql(app, 'DELETE FROM login_throttles'));

  const start = async (deviceName = 'ada-laptop'): Promise<Started> =>
    (await app.http.post('/auth/pair/start', { deviceName })).body;
  const ask = ({ deviceCode }: Started, at = app) => at.http.post('/auth/pair/token', { deviceCode });
  const confirm = (userCode: string, by: Actor = grace, at = app) =>
    by.http.at(at.url).post('/auth/pair/confirm', { userCode });
  const deny = (userCode: string, by: Actor = grace) => by.http.post('/auth/pair/deny', { userCode });
  const look = (userCode: string, by: Actor = grace) => by.http.get(`/auth/pairings/${userCode}`);
  const letTimePass = (seconds: number) =>
    sql(
      app,
      `UPDATE pairings SET last_polled_at = last_polled_at - $1 * interval '1 second',
         expires_at = expires_at - $1 * interval '1 second'`,
      [seconds],
    );
  const idOf = async ({ userCode }: Started) =>
    (await sql<{ id: string }>(app, 'SELECT id FROM pairings WHERE user_code = $1', [userCode]))[0].id;

  it('gives the device a key of the person who confirmed its code, once, and tells the person', async () => {
    const answer = await app.http.post('/auth/pair/start', { deviceName: 'grace-laptop' });
    const { deviceCode, userCode, ...rest } = answer.body;
    expect(answer.status).toBe(200);
    expect(deviceCode).toMatch(/^rv_dev_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
    expect(userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(rest).toEqual({
      verificationUrl: `${app.configuration.publicUrl}/pair`,
      interval: 5,
      expiresIn: 600,
    });
    expect((await ask(answer.body)).body).toMatchObject({
      status: 400,
      code: 'authorization_pending',
      interval: 5,
    });
    const pairing = await idOf(answer.body);

    expect((await look(userCode)).body).toMatchObject({
      userCode,
      deviceName: 'grace-laptop',
      ip: '127.0.0.1',
      status: 'pending',
    });
    expect((await confirm(userCode)).body).toMatchObject({ userCode, status: 'approved' });
    const { status, body } = await ask(answer.body, replica);

    expect([status, body.name]).toEqual([200, 'grace-laptop']);
    expect(body.key).toMatch(/^rv_usr_/);
    const me = await replica.http.as(body.key as string).get('/auth/me');
    expect(me.body.principal).toMatchObject({ kind: 'user', id: grace.id });
    const keys = (await grace.http.get('/auth/api-keys')).body.items;
    expect(keys[0]).toMatchObject({ id: body.id, name: 'grace-laptop', createdBy: grace.id });
    expect((await ask(answer.body)).body).toMatchObject({ status: 400, code: 'expired_token' });

    expect(await actionsAbout(app, pairing)).toEqual(['pairing.start', 'pairing.approve', 'pairing.claim']);
    const entries = await sql(
      app,
      `SELECT action, actor_kind, actor_id FROM audit_entries WHERE resource_id IN ($1, $2) ORDER BY id`,
      [pairing, body.id],
    );
    const byGrace = { actor_kind: 'user', actor_id: grace.id };
    expect(entries).toEqual([
      { action: 'pairing.start', actor_kind: 'anonymous', actor_id: null },
      { action: 'pairing.approve', ...byGrace },
      { action: 'api_key.create', ...byGrace },
      { action: 'pairing.claim', ...byGrace },
    ]);
    const mail = await new Mailbox(app).newest(grace.email, 'A device was paired');
    expect(mail.text).toContain('"grace-laptop"');
    expect(mail.text).toContain(`/auth/api-keys/${body.id}`);
  });

  it('keeps neither the device code nor the key, and writes neither into the log', async () => {
    const started = await start();
    await confirm(started.userCode);
    const { key } = (await ask(started)).body;
    const [{ all }] = await sql<{ all: string }>(
      app,
      `SELECT concat((SELECT jsonb_agg(p) FROM pairings p), (SELECT jsonb_agg(k) FROM api_keys k),
         (SELECT jsonb_agg(e) FROM audit_entries e), (SELECT jsonb_agg(a) FROM audit_personal a),
         (SELECT jsonb_agg(i) FROM idempotency_keys i)) AS all`,
    );
    expect(all).toContain(started.userCode);
    expect(all).not.toContain(started.deviceCode);
    expect(all).not.toContain(key);
  });

  it('reads the code in any case, with or without its hyphen', async () => {
    for (const spell of [
      (code: string) => code.toLowerCase(),
      (code: string) => code.replace('-', ''),
      (code: string) => ` ${code.replace('-', ' ')} `,
    ]) {
      const { userCode } = await start();
      expect((await look(encodeURIComponent(spell(userCode)))).body).toMatchObject({ userCode });
      expect((await confirm(spell(userCode))).body).toMatchObject({ userCode, status: 'approved' });
    }
  });

  it('turns a device away for good when the person denies it', async () => {
    const started = await start();

    expect((await deny(started.userCode)).body).toMatchObject({ status: 'denied' });

    for (let i = 0; i < 2; i += 1)
      expect((await ask(started)).body).toMatchObject({ status: 400, code: 'access_denied' });
    expect((await confirm(started.userCode)).status).toBe(404);
    expect(await actionsAbout(app, await idOf(started))).toEqual(['pairing.start', 'pairing.deny']);
  });

  it('tells a device that asks too often to slow down, more each time', async () => {
    const started = await start();
    expect((await ask(started)).body.code).toBe('authorization_pending');

    const early = await ask(started);
    expect(early.body).toMatchObject({ status: 400, code: 'slow_down', interval: 10 });
    expect(early.headers.get('retry-after')).toBe('10');
    await letTimePass(6);
    expect((await ask(started, replica)).body).toMatchObject({ code: 'slow_down', interval: 15 });
    await letTimePass(15);
    expect((await ask(started)).body).toMatchObject({ code: 'authorization_pending', interval: 15 });

    // It is not made to wait for a decision that is there.
    await confirm(started.userCode);
    expect((await ask(started)).status).toBe(200);
  });

  it('ends after ten minutes, on both sides, whether the code was confirmed or not; then it is swept', async () => {
    const waiting = await start();
    const approved = await start();
    await confirm(approved.userCode);
    await letTimePass(601);

    expect((await ask(waiting)).body.code).toBe('expired_token');
    expect((await ask(approved)).body.code).toBe('expired_token');
    expect((await look(waiting.userCode)).status).toBe(404);
    expect((await confirm(waiting.userCode)).status).toBe(404);
    await asSystem(() => app.get(PairingsSchedule).sweep());
    expect(await sql(app, 'SELECT FROM pairings')).toHaveLength(0);
  });

  it('answers device codes that are none like one that was used', async () => {
    for (const deviceCode of ['x', 'rv_dev_nope', grace.tokens.refreshToken, 'é'.repeat(57)])
      expect((await app.http.post('/auth/pair/token', { deviceCode })).body).toMatchObject({
        status: 400,
        code: 'expired_token',
      });
    for (const body of [{}, { deviceCode: '' }, { deviceCode: 1 }, { deviceCode: 'x'.repeat(300) }])
      expect((await app.http.post('/auth/pair/token', body)).status).toBe(422);
  });

  it('refuses names that cannot be read as they are, and codes that are none', async () => {
    for (const deviceName of ['', ' ', 'x'.repeat(65), 'a\u202eb', 'a\u200bb', 'a\nb', 7, null])
      expect((await app.http.post('/auth/pair/start', { deviceName })).status).toBe(422);
    expect((await app.http.post('/auth/pair/start', {})).status).toBe(200);
    expect((await confirm('AEIO-UYAE')).body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/userCode', code: 'user_code' }],
    });
    expect((await look('AEIO-UYAE')).status).toBe(404);
  });

  it('asks the person for a session of their own with a recent proof', async () => {
    const { userCode } = await start();
    const { key } = (await grace.http.post('/auth/api-keys', {})).body;
    const withKey = { ...grace, http: app.http.as(key as string) };
    const stale = await longSignedIn(app, await invited(app, admin, 'stale'));
    for (const act of [look, confirm, deny]) {
      expect((await act(userCode, withKey)).body).toMatchObject({
        status: 403,
        code: 'credential_not_allowed',
      });
      expect((await act(userCode, stale)).body).toMatchObject({ status: 403, code: 'step_up_required' });
      expect((await act(userCode, { ...grace, http: app.http })).status).toBe(401);
    }
    expect((await look(userCode)).body.status).toBe('pending');
  });

  it('takes no decision from somebody who acts in another name', async () => {
    const { userCode } = await start();
    const answer = await admin.http.post('/admin/impersonations', {
      userId: grace.id,
      reason: 'Looking into ticket 4711.',
    });
    const impersonated = { ...grace, http: app.http.as(answer.body as { accessToken: string }) };
    expect((await impersonated.http.get('/auth/me')).status).toBe(200);
    for (const act of [look, confirm, deny])
      expect((await act(userCode, impersonated)).body).toMatchObject({
        status: 403,
        code: 'impersonation_not_allowed',
      });
    expect((await look(userCode)).body.status).toBe('pending');
  });

  it('counts codes that nobody waits for, and refuses right ones too after five', async () => {
    const guesser = await invited(app, admin, 'guesser');
    const { userCode } = await start();
    for (const guess of [look, confirm, deny, look, confirm])
      expect((await guess('BBBB-BBBB', guesser)).body).toMatchObject({ status: 404, code: 'not_found' });

    const refused = await confirm(userCode, guesser);

    expect(refused.body).toMatchObject({ status: 429, code: 'too_many_codes' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(20);
    expect((await look(userCode, guesser)).status).toBe(429);
    // Nobody else is concerned, nor signing in.
    expect((await look(userCode)).status).toBe(200);
    const login = { login: 'guesser', password: guesser.password };
    expect((await app.http.post('/auth/login', login)).status).toBe(200);
    const actions = await actionsAbout(app, guesser.id);
    expect(actions.filter((action) => action === 'pairing.code_refused')).toHaveLength(5);
  });

  it('forgives no guess for a code that was right, nor for an idempotency key', async () => {
    const guesser = await invited(app, admin, 'patient');
    const guess = (userCode: string) =>
      guesser.http.post('/auth/pair/confirm', { userCode }, { headers: { 'idempotency-key': userCode } });
    for (let i = 0; i < 4; i += 1) await guess('CCCC-CCCC');
    expect((await guess((await start()).userCode)).status).toBe(200);
    expect((await guess('CCCC-CCCC')).status).toBe(404);
    expect((await guess('CCCC-CCCC')).status).toBe(429);
  });

  it('is decided once, whoever decides at the same time', async () => {
    const others = await Promise.all(['one', 'two'].map((name) => invited(app, admin, `decider-${name}`)));
    for (let round = 0; round < 5; round += 1) {
      await sql(app, 'DELETE FROM login_throttles');
      const { userCode } = await start();
      const answers = await Promise.all([
        confirm(userCode, others[0]),
        confirm(userCode, others[1], replica),
        deny(userCode, grace),
      ]);
      expect(tally(answers)).toEqual({ 200: 1, 404: 2 });
    }
  });

  it('lets nobody in whose account was closed between the decision and the key', async () => {
    const leaver = await invited(app, admin, 'leaver');
    const started = await start();
    await confirm(started.userCode, leaver);
    const { version } = (await admin.http.get(`/users/${leaver.id}`)).body;
    await admin.http.patch(`/users/${leaver.id}`, { isActive: false }, ifMatch(version as number));

    expect((await ask(started)).body).toMatchObject({ status: 400, code: 'access_denied' });

    expect(await sql(app, 'SELECT FROM api_keys WHERE owner_id = $1', [leaver.id])).toHaveLength(0);
    expect(await actionsAbout(app, await idOf(started))).toEqual([
      'pairing.start',
      'pairing.approve',
      'pairing.deny',
    ]);
  });

  it('leads people to a page that says how to confirm, without scripts', async () => {
    const { status, headers, body } = await app.http.get('//pair');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = body as unknown as string;
    expect(page).toContain('/api/v1/auth/pair/confirm');
    expect(page).not.toMatch(/<script|<form/);
    const paths = (await app.http.get('//openapi.json')).body.paths;
    const operations = Object.values(
      paths as Record<string, Record<string, { tags: string[]; operationId: string }>>,
    )
      .flatMap((methods) => Object.values(methods))
      .map(({ tags, operationId }) => `/docs#/${encodeURIComponent(tags[0])}/${operationId}`);
    const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, href]) => href);
    expect(links).toHaveLength(4);
    for (const link of links) expect(operations).toContain(link.replace(app.configuration.publicUrl, ''));
  });
});
