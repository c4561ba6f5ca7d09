import { ScheduleRunner } from '../../src/kernel/jobs/index.js';
import { actionsAbout, asSystem, withSql } from '../auth/stage.js';
import type { Actor } from '../support/actors.js';
import type { AnyBody, HttpClient } from '../support/http-client.js';
import { codes, developer, terminalStage, type TerminalStage, worker } from './stage.js';

describe('Commands', () => {
  let stage: TerminalStage;
  let grace: Actor;

  beforeAll(async () => {
    stage = await terminalStage();
    grace = await developer(stage, 'grace');
    await grace.http.post('/terminal/whitelist', { pattern: 'git status' });
    await stage.admin.http.post('/terminal/blocklist', { pattern: 'terraform destroy' });
  });
  afterAll(() => stage?.close());

  const ask = (body: object, http = grace.http) =>
    http.post('/terminal/commands', { mode: 'local', sessionId: 'term-1', ...body });

  it.each([
    ['git status', 'local', 201, { verdict: 'allow', status: 'evaluated', decision: 'executed' }],
    ['git status', 'server', 201, { verdict: 'allow', status: 'queued', decision: null }],
    ['npm publish', 'local', 201, { verdict: 'confirm', status: 'awaiting_confirmation', decision: null }],
    ['npm publish', 'server', 202, { verdict: 'approve', status: 'awaiting_approval', decision: null }],
    ['terraform destroy', 'local', 201, { verdict: 'reject', status: 'rejected', decision: 'rejected' }],
    ['rm -rf /', 'server', 201, { verdict: 'deny', status: 'denied', decision: 'denied' }],
  ])('%s in %s mode is answered %i', async (command, mode, status, expected) => {
    const answer = await ask({ command, mode, reason: 'For the test.' });

    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      ...expected,
      command,
      display: command,
      sessionId: 'term-1',
      reason: 'For the test.',
      principal: { kind: 'user', id: grace.id, name: 'grace' },
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      outputBytes: 0,
      exitCode: null,
    });
    expect(answer.headers.get('location')).toBe(
      status === 201 ? `/api/v1/terminal/commands/${answer.body.id}` : null,
    );
    expect((await grace.http.get(`/terminal/commands/${answer.body.id}`)).body).toEqual(answer.body);
    expect(await actionsAbout(stage.app, answer.body.id as string)).toEqual(['command.request']);
  });

  it('have the digest of what an evaluation showed', async () => {
    const asked = {
      argv: ['npm', 'publish', '--tag', 'next'],
      cwd: '/srv/app',
      env: { CI: '1' },
      mode: 'local',
    };
    const { body: evaluation } = await grace.http.post('/terminal/evaluations', asked);

    expect((await ask(asked)).body.digest).toBe(evaluation.digest);
    expect((await ask({ ...asked, env: { CI: '2' } })).body.digest).not.toBe(evaluation.digest);
  });

  it('are confirmed by the user of the client, run, and reported once', async () => {
    const { body } = await ask({ command: 'npm publish' });
    const path = `/terminal/commands/${body.id}`;
    const outputSha256 = 'ab'.repeat(32);

    expect((await grace.http.post(`${path}/result`, { exitCode: 0 })).body).toMatchObject({
      status: 409,
      code: 'command_not_pending',
      commandStatus: 'awaiting_confirmation',
    });
    expect((await grace.http.post(`${path}/confirmation`, { confirmed: true })).body).toMatchObject({
      status: 'running',
      decision: 'confirmed',
    });
    expect((await grace.http.post(`${path}/confirmation`, { confirmed: true })).body.code).toBe(
      'command_not_pending',
    );
    const reported = await grace.http.post(`${path}/result`, { exitCode: 3, outputSha256, outputBytes: 12 });
    expect(reported.body).toMatchObject({ status: 'failed', exitCode: 3, outputSha256, outputBytes: 12 });
    expect(reported.body.finishedAt).not.toBeNull();
    expect((await grace.http.post(`${path}/result`, { exitCode: 0 })).body.code).toBe('command_not_pending');
    expect(await actionsAbout(stage.app, body.id as string)).toEqual([
      'command.request',
      'command.confirm',
      'command.report',
    ]);
  });

  it('that the user refuses are rejected, and those that ran without asking are reported', async () => {
    const { body: refused } = await ask({ command: 'npm publish' });
    const { body: allowed } = await ask({ command: 'git status' });

    expect(
      (await grace.http.post(`/terminal/commands/${refused.id}/confirmation`, { confirmed: false })).body,
    ).toMatchObject({ status: 'rejected', decision: 'rejected' });
    expect(
      (await grace.http.post(`/terminal/commands/${allowed.id}/result`, { exitCode: 0 })).body,
    ).toMatchObject({ status: 'succeeded', decision: 'executed' });
  });

  it('are judged again when they are confirmed', async () => {
    const { body } = await ask({ command: 'npm deprecate x' });
    await stage.admin.http.patch(`/users/${grace.id}`, { isTerminalAuthorized: false }, anyVersion);

    const { body: answer } = await grace.http.post(`/terminal/commands/${body.id}/confirmation`, {
      confirmed: true,
    });

    await stage.admin.http.patch(`/users/${grace.id}`, { isTerminalAuthorized: true }, anyVersion);
    expect(answer).toMatchObject({ status: 409, code: 'policy_changed' });
    expect((await grace.http.get(`/terminal/commands/${body.id}`)).body).toMatchObject({
      status: 'cancelled',
      decision: 'rejected',
      reasons: [{ code: 'no_rule' }, { code: 'policy' }, { code: 'terminal_not_authorized' }],
    });
  });

  it('are not confirmed with a key that may not ask for them', async () => {
    const { body } = await ask({ command: 'npm deprecate y' });
    const { body: key } = await grace.http.post('/auth/api-keys', { scopes: [] });
    const confirm = (http: HttpClient) =>
      http.post(`/terminal/commands/${body.id}/confirmation`, { confirmed: true });
    const { key: asking } = (await grace.http.post('/auth/api-keys', {})).body;

    expect((await confirm(stage.app.http.as(key.key))).body).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    expect((await confirm(stage.app.http.as(asking))).body).toMatchObject({ status: 'running' });
  });

  it('that nobody confirmed for a day are over, at use and by the schedule', async () => {
    const [used, swept, fresh] = [
      (await ask({ command: 'npm publish' })).body,
      (await ask({ command: 'npm publish' })).body,
      (await ask({ command: 'npm publish' })).body,
    ];
    await withSql(stage.app, (sql) =>
      sql.query(
        `UPDATE command_requests SET created_at = created_at - interval '24 hours' WHERE id = ANY ($1)`,
        [[used.id, swept.id]],
      ),
    );

    const late = await grace.http.post(`/terminal/commands/${used.id}/confirmation`, { confirmed: true });
    expect(late.body).toMatchObject({ status: 410, code: 'approval_expired' });
    await asSystem(() => stage.app.get(ScheduleRunner).runNow('terminal.lapsed'));

    const statusOf = async ({ id }: AnyBody) =>
      (await grace.http.get(`/terminal/commands/${id}`)).body.status as string;
    expect([await statusOf(swept), await statusOf(fresh)]).toEqual(['expired', 'awaiting_confirmation']);
    expect(await actionsAbout(stage.app, swept.id as string)).toEqual(['command.request', 'command.lapse']);
  });

  it('that no server has run for a day are over, and nobody is said to have refused them', async () => {
    const { body: allowed } = await ask({ command: 'git status', mode: 'server' });
    const { body: fresh } = await ask({ command: 'git status', mode: 'server' });
    await withSql(stage.app, (sql) =>
      sql.query(`UPDATE command_requests SET created_at = created_at - interval '24 hours' WHERE id = $1`, [
        allowed.id,
      ]),
    );

    await asSystem(() => stage.app.get(ScheduleRunner).runNow('terminal.lapsed'));

    const seen = async ({ id }: AnyBody) => (await grace.http.get(`/terminal/commands/${id}`)).body;
    expect(await seen(allowed)).toMatchObject({ status: 'expired', decision: null, startedAt: null });
    expect((await seen(fresh)).status).toBe('queued');
    expect(await actionsAbout(stage.app, allowed.id as string)).toEqual(['command.request', 'command.lapse']);
  });

  it('that were changed behind our back are not run', async () => {
    const { body } = await ask({ command: 'npm publish' });
    await withSql(stage.app, (sql) =>
      sql.query(`UPDATE command_requests SET command = 'npm publish x' WHERE id = $1`, [body.id]),
    );

    const { body: answer } = await grace.http.post(`/terminal/commands/${body.id}/confirmation`, {
      confirmed: true,
    });

    expect(answer).toMatchObject({ status: 409, code: 'digest_mismatch' });
  });

  it('nobody is there to confirm wait for an approver, or are denied where the tenant says so', async () => {
    const waits = await ask({ command: 'npm publish', interactive: false });
    expect(waits).toMatchObject({ status: 202, body: { verdict: 'approve', status: 'awaiting_approval' } });
    const denied = await ask({ command: 'npm publish', mode: 'server', interactive: false });
    expect(denied.body).toMatchObject({ verdict: 'deny', status: 'denied' });
    expect(codes(denied.body)).toContain('not_interactive');

    await setting('terminal.nonInteractiveDefault', 'deny');
    expect((await ask({ command: 'npm publish', interactive: false })).body.verdict).toBe('deny');
    await setting('terminal.nonInteractiveDefault', null);
  });

  it('can be withdrawn until they begin', async () => {
    const { body: confirms } = await ask({ command: 'npm publish' });
    const { body: queued } = await ask({ command: 'git status', mode: 'server' });
    const { body: over } = await ask({ command: 'rm -rf /' });

    for (const { id } of [confirms, queued])
      expect((await grace.http.post(`/terminal/commands/${id}/cancel`)).body.status).toBe('cancelled');
    expect((await grace.http.post(`/terminal/commands/${confirms.id}/cancel`)).body).toMatchObject({
      status: 409,
      code: 'command_not_pending',
      commandStatus: 'cancelled',
    });
    expect((await grace.http.post(`/terminal/commands/${over.id}/cancel`)).status).toBe(409);
  });

  it("are seen by their owner and by those who may read everybody's, and handled by their owner only", async () => {
    const service = await worker(stage, 'stranger');
    const { body } = await ask({ command: 'npm publish', sessionId: 'mine' });
    const path = `/terminal/commands/${body.id}`;

    expect((await service.http.get(path)).status).toBe(404);
    expect((await service.http.post(`${path}/cancel`)).status).toBe(404);
    expect((await service.http.get('/terminal/commands?sessionId=mine')).body.items).toEqual([]);
    expect((await service.http.get(`/terminal/commands?principalId=${grace.id}`)).status).toBe(403);
    expect((await stage.admin.http.get(path)).status).toBe(200);
    expect((await stage.admin.http.post(`${path}/confirmation`, { confirmed: true })).body).toMatchObject({
      status: 403,
      code: 'not_requester',
    });
    const { items } = (
      await stage.admin.http.get(`/terminal/commands?sessionId=mine&principalId=${grace.id}`)
    ).body;
    expect(items.map(({ id }: { id: string }) => id)).toEqual([body.id]);
  });

  it('keep what they are to the letter, and show what a screen would hide', async () => {
    const { body } = await ask({ command: 'echo \u202egpj.exe' });
    expect(body).toMatchObject({
      verdict: 'deny',
      command: 'echo \u202egpj.exe',
      display: 'echo \u27e8U+202E\u27e9gpj.exe',
    });
    const { body: homoglyph } = await ask({ argv: ['\u0455udo', 'x '] });
    expect(homoglyph).toMatchObject({ command: null, argv: ['\u0455udo', 'x '] });
    expect(homoglyph.display).toBe('["\u27e8U+0455\u27e9udo","x "]');
    const { body: long } = await ask({ command: `echo ${'a'.repeat(20_000)}` });
    expect(long).toMatchObject({ verdict: 'deny', command: null });
    expect(long.display).toMatch(/19005 more characters\u27e9$/);
  });

  it('take no more variables than people can be shown', async () => {
    const env = (length: number) => ({ NOTE: 'x'.repeat(length - 9), NOTES: '' });

    expect((await ask({ command: 'npm publish', env: env(20_000) })).body.verdict).toBe('confirm');
    expect((await ask({ command: 'npm publish', env: env(20_001) })).body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/env', code: 'string_map' }],
    });
  });

  it('have one effect with one idempotency key, and are answered at once then', async () => {
    const extras = { headers: { 'idempotency-key': 'one-command' } };
    const body = { command: 'npm publish', mode: 'server', sessionId: 'once', waitSeconds: 60 };

    const first = await grace.http.post('/terminal/commands', body, extras);
    const second = await grace.http.post('/terminal/commands', body, extras);

    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body).toEqual(first.body);
    expect((await grace.http.get('/terminal/commands?sessionId=once')).body.items).toHaveLength(1);
  });

  it('that were decided are in the audit log, with who, what and why', async () => {
    await ask({ command: 'terraform destroy', sessionId: 'audited' });
    await ask({ command: 'npm publish', sessionId: 'audited' });
    const logs = async (query: string) => (await stage.admin.http.get(`/terminal/audit-logs?${query}`)).body;

    const { items } = await logs('sessionId=audited');
    expect(items).toEqual([
      expect.objectContaining({
        user: { kind: 'user', id: grace.id, name: 'grace' },
        sessionId: 'audited',
        command: 'terraform destroy',
        decision: 'rejected',
        reason: expect.stringContaining('terraform destroy'),
        cwd: null,
        exitCode: null,
        mode: 'local',
      }),
    ]);
    expect((await logs('decision=executed&mode=local')).items.length).toBeGreaterThan(0);
    expect((await logs(`userId=${stage.admin.id}`)).items).toEqual([]);
    expect((await logs('until=2020-01-01T00:00:00.000Z')).items).toEqual([]);
    expect((await logs('since=2020-01-01T00:00:00.000Z&limit=1')).nextCursor).not.toBeNull();
    const [since, until] = ['2026-01-02T00:00:00.000Z', '2026-01-01T00:00:00.000Z'];
    expect(await logs(`since=${since}&until=${until}`)).toMatchObject({
      status: 422,
      errors: [{ in: 'query', pointer: '/until', code: 'period' }],
    });
    expect(await logs(`since=${since}&until=${since}`)).toMatchObject({ items: [] });
    expect((await grace.http.get('/terminal/audit-logs')).status).toBe(403);
  });

  const anyVersion = { headers: { 'if-match': '*' } };

  async function setting(key: string, value: unknown): Promise<void> {
    const answer = await stage.admin.http.patch('/settings', { [key]: value }, anyVersion);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }
});
