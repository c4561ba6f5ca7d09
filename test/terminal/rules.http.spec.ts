import { randomUUID } from 'node:crypto';
import { withSql, actionsAbout, tally } from '../auth/stage.js';
import { type Actor, invited } from '../support/actors.js';
import { developer, terminalStage, type TerminalStage, worker } from './stage.js';

describe('Rules', () => {
  let stage: TerminalStage;
  let grace: Actor;

  beforeAll(async () => {
    stage = await terminalStage();
    grace = await developer(stage, 'grace');
  });
  afterAll(() => stage?.close());

  const verdict = async (command: string, http = grace.http) =>
    (await http.post('/terminal/evaluations', { command, mode: 'local' })).body.verdict as string;

  it("of a whitelist of one's own are written, shown, listed and deleted", async () => {
    const created = await grace.http.post('/terminal/whitelist', {
      pattern: 'npm test',
      reason: 'Every day.',
      match: ['npm test', 'npm test -- --watch=false'],
      notMatch: ['npm testx', 'npm test; rm -rf build'],
    });
    const path = `/terminal/whitelist/${created.body.id}`;

    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`/api/v1${path}`);
    expect(created.body).toMatchObject({
      effect: 'allow',
      ownerScope: 'user',
      ownerId: grace.id,
      pattern: 'npm test',
      createdBy: grace.id,
      expiresAt: null,
      version: 1,
    });
    expect(await verdict('npm test')).toBe('allow');
    expect((await grace.http.get(path)).body).toEqual(created.body);
    expect((await grace.http.get('/terminal/whitelist?total=true')).body).toMatchObject({
      items: [created.body],
      total: 1,
    });

    expect((await grace.http.delete(path)).status).toBe(204);
    expect(await verdict('npm test')).toBe('confirm');
    expect((await grace.http.delete(path)).status).toBe(404);
    expect(await actionsAbout(stage.app, created.body.id)).toEqual([
      'terminal_rule.create',
      'terminal_rule.delete',
    ]);
  });

  it('are refused with the example that does not hold', async () => {
    const { body } = await grace.http.post('/terminal/whitelist', {
      pattern: 'git push',
      match: ['git push origin main', 'git pull'],
      notMatch: ['git pushx'],
    });

    expect(body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/match/1', code: 'rule_example', message: expect.stringContaining('git pull') }],
    });
  });

  it('that do not do what an example says are told why', async () => {
    const { body } = await grace.http.post('/terminal/whitelist', {
      pattern: 'git push',
      match: ['git push --force'],
    });
    expect(body.errors).toMatchObject([
      { pointer: '/match/0', message: expect.stringMatching(/not decided by this rule\..*`--force`/) },
    ]);
  });

  it('belong to somebody who exists', async () => {
    const nobody = randomUUID();
    const unknown = { in: 'query', pointer: '/ownerId', code: 'unknown_principal' };
    for (const path of ['whitelist', 'blocklist'])
      expect(
        (await stage.admin.http.post(`/terminal/${path}?scope=user&ownerId=${nobody}`, { pattern: 'ls' }))
          .body,
      ).toMatchObject({ status: 422, errors: [unknown] });
    const pack = await stage.admin.http.post(`/terminal/packs/git-read?scope=user&ownerId=${nobody}`);
    expect(pack.body).toMatchObject({ status: 422, errors: [unknown] });
    const rule = { effect: 'allow', pattern: 'ls', ownerScope: 'user' };
    for (const [owner, code] of [
      [{ ownerId: nobody }, 'unknown_principal'],
      [{}, 'required'],
    ] as const)
      expect(
        (
          await stage.admin.http.post('/terminal/policy/replay', {
            rule: { ...rule, ...owner },
            sinceDays: 1,
          })
        ).body,
      ).toMatchObject({ status: 422, errors: [{ in: 'body', pointer: '/rule/ownerId', code }] });
  });

  it('say that something is missing as people would', async () => {
    const { body } = await grace.http.post('/terminal/whitelist', { pattern: '' });
    expect(body.detail).toBe('pattern must have at least 1 character.');
  });

  it.each(['   ', 'git status; ls', 'echo $HOME', 'sudo', 'bash -c', 'ls > /tmp/x'])(
    'that mean nothing, or everything, are refused: %s',
    async (pattern) => {
      const { body } = await grace.http.post('/terminal/whitelist', { pattern });

      expect(body).toMatchObject({ status: 422, errors: [{ pointer: '/pattern' }] });
    },
  );

  it('end when they say, by the time of use', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const { body } = await grace.http.post('/terminal/whitelist', { pattern: 'make deploy', expiresAt });
    expect(await verdict('make deploy')).toBe('allow');

    await withSql(stage.app, async (sql) => {
      await sql.query(`UPDATE terminal_rules SET expires_at = now() - interval '1 second' WHERE id = $1`, [
        body.id,
      ]);
      await sql.query(`INSERT INTO access_changes (kind, subject) VALUES ('terminal', $1)`, [grace.id]);
    });
    for (const deadline = performance.now() + 1_500; (await verdict('make deploy')) !== 'confirm';)
      expect(performance.now()).toBeLessThan(deadline);
    const past = await grace.http.post('/terminal/whitelist', {
      pattern: 'make deploy',
      expiresAt: '2020-01-01T00:00:00.000Z',
    });
    expect(past.body).toMatchObject({ status: 422, errors: [{ pointer: '/expiresAt' }] });
  });

  it('keep the files that their first word may stand for', async () => {
    const pins = [{ path: '/usr/bin/git', sha256: 'ab'.repeat(32) }];
    const { body } = await grace.http.post('/terminal/whitelist', { pattern: 'git fetch', pins });

    expect(body.pins).toEqual(pins);
    const { body: bad } = await grace.http.post('/terminal/whitelist', {
      pattern: 'git fetch',
      pins: [{ path: 'git', sha256: 'x' }],
    });
    expect(bad.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/pins/0/path',
      '/pins/0/sha256',
    ]);
  });

  it('of others need terminal.policy, and reach whom they name', async () => {
    const service = await worker(stage, 'builder');
    const own = `/terminal/whitelist?scope=user&ownerId=${service.id}`;

    for (const answer of [
      await grace.http.post(own, { pattern: 'make all' }),
      await grace.http.get('/terminal/whitelist?scope=global'),
      await grace.http.post('/terminal/blocklist', { pattern: 'make all' }),
      await grace.http.get('/terminal/blocklist'),
    ])
      expect(answer.body).toMatchObject({ status: 403, code: 'forbidden' });

    const { body: rule } = await stage.admin.http.post(own, { pattern: 'make all' });
    expect(rule.ownerId).toBe(service.id);
    expect(await verdict('make all', service.http)).toBe('allow');
    expect(await verdict('make all')).toBe('confirm');
    expect((await grace.http.get(`/terminal/whitelist/${rule.id}`)).status).toBe(404);
    expect((await grace.http.delete(`/terminal/whitelist/${rule.id}`)).status).toBe(404);
    expect((await stage.admin.http.get(own)).body.items).toHaveLength(1);
    expect(
      (await stage.admin.http.post('/terminal/whitelist?scope=gateway', { pattern: 'ls' })).body,
    ).toMatchObject({ status: 422, errors: [{ in: 'query', pointer: '/ownerId' }] });
  });

  it('for a gateway reach only what is meant for it', async () => {
    const gatewayId = randomUUID();
    await stage.admin.http.post(`/terminal/whitelist?scope=gateway&ownerId=${gatewayId}`, {
      pattern: 'make gate',
    });
    const at = async (extras: object) =>
      (await grace.http.post('/terminal/evaluations', { command: 'make gate', mode: 'local', ...extras }))
        .body.verdict;

    expect(await at({ gatewayId })).toBe('allow');
    expect(await at({ gatewayId: randomUUID() })).toBe('confirm');
    expect(await at({})).toBe('confirm');
  });

  it('are not written by programs: a key could allow itself what it is about to be asked about', async () => {
    const { body: key } = await grace.http.post('/auth/api-keys', {});

    const answer = await stage.app.http
      .as(key.key as string)
      .post('/terminal/whitelist', { pattern: 'make x' });

    expect(answer.body).toMatchObject({ status: 403, code: 'credential_not_allowed' });
  });

  it('that block beat those that allow, in any case, and are unique regardless of case', async () => {
    await grace.http.post('/terminal/whitelist', { pattern: 'kubectl delete' });
    const answers = await Promise.all(
      ['kubectl delete', 'KUBECTL delete', 'kubectl  DELETE', 'Kubectl Delete'].map((pattern) =>
        stage.admin.http.post('/terminal/blocklist', { pattern, match: ['kubectl delete pod x'] }),
      ),
    );

    expect(tally(answers)).toEqual({ 201: 1, 409: 3 });
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('block_pattern_taken');
    expect(await verdict('kubectl delete pod x')).toBe('reject');
    expect(await verdict('sudo KubeCtl delete pod x')).toBe('reject');
    const scoped = `/terminal/blocklist?scope=user&ownerId=${grace.id}`;
    expect((await stage.admin.http.post(scoped, { pattern: 'kubectl delete' })).status).toBe(201);
  });

  it('come in packs, each rule once', async () => {
    const ada = await invited(stage.app, stage.admin, 'packer');
    const { items, nextCursor } = (await ada.http.get('/terminal/packs')).body;
    expect(nextCursor).toBeNull();
    expect(items.length).toBeGreaterThan(1);
    const [{ name, patterns }] = items;

    const first = await ada.http.post(`/terminal/packs/${name}`);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ present: 0 });
    expect(first.body.added).toHaveLength(patterns.length);
    expect((await ada.http.post(`/terminal/packs/${name}`)).body).toEqual({
      added: [],
      present: patterns.length,
    });
    expect((await ada.http.post('/terminal/packs/none')).status).toBe(404);
    expect((await ada.http.post(`/terminal/packs/${name}?scope=global`)).status).toBe(403);
  });

  it('cost the same for ten thousand as for ten', async () => {
    await withSql(stage.app, (sql) =>
      sql.query(
        `INSERT INTO terminal_rules (id, tenant_id, effect, owner_scope, pattern, pattern_key, created_at)
         SELECT gen_random_uuid(), id, 'allow', 'global', 'tool' || n || ' run', 'tool' || n || ' run', now()
         FROM tenants, generate_series(1, 10000) AS n`,
      ),
    );
    const service = await worker(stage, 'many-rules');

    expect(await verdict('tool9999 run fast', service.http)).toBe('allow');
    expect(await verdict('tool10001 run fast', service.http)).toBe('confirm');
  });
});
