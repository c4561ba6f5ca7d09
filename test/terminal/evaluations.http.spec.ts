import { Database } from '../../src/kernel/database/index.js';
import type { Actor } from '../support/actors.js';
import { withSql } from '../auth/stage.js';
import { codes, developer, terminalStage, type TerminalStage, worker } from './stage.js';

describe('Evaluations', () => {
  let stage: TerminalStage;
  let grace: Actor;

  beforeAll(async () => {
    stage = await terminalStage();
    grace = await developer(stage, 'grace');
    await grace.http.post('/terminal/whitelist', { pattern: 'git status' });
    await stage.admin.http.post('/terminal/blocklist', { pattern: 'terraform destroy', reason: 'Ask ops.' });
  });
  afterAll(() => stage?.close());

  const evaluate = async (body: object, http = grace.http) =>
    http.post('/terminal/evaluations', { mode: 'local', ...body });

  it('tell the verdict, the reasons, the parts and the digest', async () => {
    const { status, body } = await evaluate({ command: 'git status -s' });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      verdict: 'allow',
      reasons: [],
      segments: [{ argv: ['git', 'status', '-s'], verdict: 'allow' }],
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      policyVersion: expect.any(String),
    });
    expect((await evaluate({ argv: ['git', 'status', '-s'] })).body.verdict).toBe('allow');
    expect((await evaluate({ command: 'TERRAFORM  Destroy -auto-approve' })).body.verdict).toBe('reject');
    expect((await evaluate({ command: 'rm -rf /' })).body.verdict).toBe('deny');
    expect((await evaluate({ command: 'npm publish' })).body.verdict).toBe('confirm');
    expect((await evaluate({ command: 'npm publish', mode: 'server' })).body.verdict).toBe('approve');
  });

  it('judge a hundred commands at once, in their order', async () => {
    const commands = Array.from({ length: 100 }, (_, index) => ({
      command: index % 2 === 0 ? 'git status' : 'npm publish',
      mode: 'local',
    }));

    const { body } = await grace.http.post('/terminal/evaluations', { commands });

    expect(body.results).toHaveLength(100);
    expect(body.results[0].verdict).toBe('allow');
    expect(body.results[99].verdict).toBe('confirm');
    const tooMany = await grace.http.post('/terminal/evaluations', {
      commands: [...commands, commands[0]],
    });
    expect(tooMany.body).toMatchObject({ status: 422, errors: [{ pointer: '/commands' }] });
  });

  it('keep nobody else waiting, however long a hundred commands take to analyse', async () => {
    const slow = `${'a=b;'.repeat(49)}${'$a '.repeat(3_000)}`;
    const commands = Array.from({ length: 100 }, (_, index) => ({
      command: `a${index};${slow}`,
      mode: 'local',
    }));
    let isOver = false;
    const startedMs = performance.now();
    const judged = grace.http.post('/terminal/evaluations', { commands }).finally(() => (isOver = true));

    const waits: number[] = [];
    while (!isOver) {
      const askedMs = performance.now();
      await stage.app.http.get('//healthz');
      waits.push(performance.now() - askedMs);
    }

    expect((await judged).body.results).toHaveLength(100);
    expect(Math.max(...waits)).toBeLessThan((performance.now() - startedMs) / 5);
  });

  it.each([
    ['nothing', { command: '' }],
    ['blanks', { command: ' \t ' }],
    ['no arguments', { argv: [] }],
    ['a hidden character', { command: 'git sta\u200btus' }],
    ['text that runs backwards', { command: 'git \u202estatus' }],
    ['an escape sequence', { command: 'git status \u001b[2K' }],
    ['more than 10,000 characters', { command: `echo ${'a'.repeat(10_000)}` }],
    ['a directory outside the root', { command: 'git status', mode: 'server', cwd: '/etc' }],
  ])('answer %s with a refusal that says why', async (_, asked) => {
    const { status, body } = await evaluate(asked);

    expect([status, body.verdict]).toEqual([200, 'deny']);
    expect(body.reasons[0].message.length).toBeGreaterThan(10);
  });

  it.each([
    ['another mode', { command: 'ls', mode: 'remote' }, '/mode'],
    ['no mode', { command: 'ls', mode: undefined }, '/mode'],
    ['a command that is no text', { command: 7 }, '/command'],
    ['arguments that are no texts', { argv: ['ls', 7] }, '/argv/1'],
    ['both forms', { command: 'ls', argv: ['ls'] }, '/argv'],
    ['neither form', {}, '/command'],
    ['NUL', { command: 'ls \0' }, '/command'],
    ['half a surrogate pair', { argv: ['ls', '\ud800'] }, '/argv/1'],
    ['variables that are no texts', { command: 'ls', env: { A: 1 } }, '/env'],
    ['an unknown field', { command: 'ls', shell: 'zsh' }, '/shell'],
    ['something beside a list', { command: 'ls', commands: [{ command: 'ls', mode: 'local' }] }, '/command'],
  ])('refuse %s', async (_, asked, pointer) => {
    const { body } = await evaluate(asked);

    expect(body).toMatchObject({ status: 422, code: 'validation_failed' });
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it('deny everything to those who may not use the terminal, and say so', async () => {
    const { body } = await evaluate({ command: 'git status' }, stage.admin.http);

    expect(body.verdict).toBe('deny');
    expect(codes(body)).toEqual(['terminal_not_authorized']);
  });

  it('follow flags and rules at once here, and within a second elsewhere', async () => {
    const service = await worker(stage, 'follower');
    const elsewhere = service.http.at(stage.replica.url);
    expect((await evaluate({ command: 'make lint' }, elsewhere)).body.verdict).toBe('confirm');

    await stage.admin.http.post('/terminal/whitelist?scope=global', { pattern: 'make lint' });
    expect((await evaluate({ command: 'make lint' }, service.http)).body.verdict).toBe('allow');
    await expect(eventually(() => evaluate({ command: 'make lint' }, elsewhere), 'allow')).resolves.toBe(
      true,
    );

    await stage.admin.http.patch(`/service-principals/${service.id}`, { isTerminalAuthorized: false });
    expect((await evaluate({ command: 'make lint' }, service.http)).body.verdict).toBe('deny');
    await expect(eventually(() => evaluate({ command: 'make lint' }, elsewhere), 'deny')).resolves.toBe(true);
  });

  it('ask the database for nothing but the entry, and leave one entry without the command', async () => {
    await evaluate({ command: 'git status --short secret-token' });
    const entries = () =>
      withSql(stage.app, async (sql) => {
        const { rows } = await sql.query<{ detail: string; outcome: string }>(
          `SELECT detail, outcome FROM audit_entries WHERE action = 'command.evaluate' AND actor_id = $1 ORDER BY id`,
          [grace.id],
        );
        return rows;
      });
    const before = (await entries()).length;
    const queries = stage.app.get(Database).queriesIssued;

    for (let n = 0; n < 20; n += 1) await evaluate({ command: 'git status --short secret-token' });

    const used = stage.app.get(Database).queriesIssued - queries;
    // One write each; the rest is what the process does by itself once a second.
    expect(used).toBeLessThan(20 + 12);
    const after = await entries();
    expect(after).toHaveLength(before + 20);
    expect(JSON.stringify(after)).not.toContain('secret-token');
    const recorded = await withSql(stage.app, (sql) => sql.query('SELECT FROM command_requests'));
    expect(recorded.rowCount).toBe(0);
  });

  it('deny server mode in words where the server runs no commands', async () => {
    const { app } = stage;
    const off = await import('../support/app.js').then(({ startApp }) =>
      startApp({ replicaOf: app, configuration: { terminalRoot: undefined } }),
    );
    const { body } = await evaluate({ command: 'git status', mode: 'server' }, grace.http.at(off.url));
    await off.close();

    expect(body.verdict).toBe('deny');
    expect(codes(body)).toEqual(['server_terminal_off']);
    expect(body.reasons[0].message).toContain('REEVE_SERVER_TERMINAL');
  });

  async function eventually(
    ask: () => Promise<{ body: { verdict: string } }>,
    verdict: string,
  ): Promise<boolean> {
    for (const deadline = performance.now() + 1_000; performance.now() < deadline;)
      if ((await ask()).body.verdict === verdict) return true;
    return false;
  }
});
