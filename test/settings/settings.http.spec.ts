import { type Actor, invited, setUp } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { ifMatch } from '../support/http-client.js';

describe('the settings of a tenant', () => {
  let app: TestApp;
  let admin: Actor;

  beforeAll(async () => {
    app = await startApp();
    admin = await setUp(app);
  });
  afterAll(() => app.close());

  const current = async () => (await admin.http.get('/settings')).body as { version: number };

  it('are shown with their defaults and their version', async () => {
    const { status, body, headers } = await admin.http.get('/settings');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      version: 1,
      'sessions.cap': 10,
      'rate.principal': null,
      'approvals.ttlSeconds': 300,
    });
    expect(headers.get('etag')).toBe('"1"');
  });

  it('change for those named, one version further, and leave an audit entry', async () => {
    const { version } = await current();
    const changed = await admin.http.patch('/settings', { 'sessions.cap': 3 }, ifMatch(version));
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      version: version + 1,
      'sessions.cap': 3,
      'rate.principal': null,
    });
    expect(changed.headers.get('etag')).toBe(`"${version + 1}"`);
    const entries = await admin.http.get('/audit/entries?action=settings.update');
    expect(entries.body.items).toHaveLength(1);
    const reset = await admin.http.patch('/settings', { 'sessions.cap': null }, ifMatch(version + 1));
    expect(reset.body['sessions.cap']).toBe(10);
  });

  it('are not changed without saying which version was seen, nor after another change', async () => {
    const { version } = await current();
    const blind = await admin.http.patch('/settings', { 'sessions.cap': 4 });
    expect([blind.status, blind.body.code]).toEqual([428, 'precondition_required']);
    const late = await admin.http.patch('/settings', { 'sessions.cap': 4 }, ifMatch(version + 7));
    expect([late.status, late.body.code]).toEqual([409, 'version_mismatch']);
    expect(late.body).toMatchObject({ expected: version + 7, actual: version });
  });

  it('take all changes of those who do not mind the version, also at the same time', async () => {
    const { version } = await current();
    const caps = Array.from({ length: 8 }, (_, n) => n + 1);
    const answers = await Promise.all(
      caps.map((cap) =>
        admin.http.patch('/settings', { 'sessions.cap': cap }, { headers: { 'if-match': '*' } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(caps.map(() => 200));
    expect((await current()).version).toBe(version + caps.length);
  });

  it.each([
    ['an unknown key', { 'no.such': 1 }, '/no.such'],
    ['a value out of range', { 'sessions.cap': 0 }, '/sessions.cap'],
    ['a value of another type', { 'rate.principal': '10' }, '/rate.principal'],
    ['fewer requests than it takes to undo it', { 'rate.principal': 59 }, '/rate.principal'],
    ['no object', [1], ''],
  ])('refuse %s', async (_, changes, pointer) => {
    const { version } = await current();
    const refused = await admin.http.patch('/settings', changes, ifMatch(version));
    expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed']);
    expect(refused.body.errors).toMatchObject([{ in: 'body', pointer }]);
    expect((await current()).version).toBe(version);
  });

  it('are only for those who may write them', async () => {
    const member = await invited(app, admin, 'grace', ['member']);
    for (const answer of [
      await member.http.get('/settings'),
      await member.http.patch('/settings', {}, ifMatch(1)),
    ])
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    expect((await app.http.get('/settings')).status).toBe(401);
  });
});
