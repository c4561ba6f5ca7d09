import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { actionsAbout, withSql } from '../../auth/stage.js';
import { startApp } from '../../support/app.js';
import type { AnyBody } from '../../support/http-client.js';
import { Shutdown } from '../../../src/kernel/runtime/index.js';
import { MOST_AT_ONCE, MOST_OF_ONE } from '../../../src/modules/terminal/execution/executor.js';
import { codes, developer } from '../stage.js';
import { ask, askApproved, type ExecutionStage, executionStage, isOver, until } from './stage.js';

// Real processes, which wait for each other and for a machine that has other things to do.
jest.setTimeout(90_000);

describe('Server mode', () => {
  let stage: ExecutionStage;

  beforeAll(async () => {
    stage = await executionStage();
    for (const pattern of ['echo', 'false', 'cat', 'sleep', 'touch', './slow.sh'])
      await stage.grace.http.post('/terminal/whitelist', { pattern });
  });
  afterAll(() => stage?.close(), 60_000);

  const wait = { waitSeconds: 20 };
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const file = (name: string) => join(stage.root, name);

  it.each([
    [{ argv: ['echo', '$(id)', '*'] }, { status: 'succeeded', exitCode: 0 }, '$(id) *\n'],
    [{ command: 'echo one | cat && echo two' }, { status: 'succeeded', exitCode: 0 }, 'one\ntwo\n'],
    [{ argv: ['false'] }, { status: 'failed', exitCode: 1 }, ''],
  ])('runs what rules allow: %j', async (asked, expected, output) => {
    const command = await ask(stage.grace.http, { ...asked, ...wait });

    expect(command).toMatchObject({
      ...expected,
      verdict: 'allow',
      decision: 'executed',
      signal: null,
      outputBytes: output.length,
      outputSha256: sha256(output),
      timeoutSeconds: 60,
      startedAt: expect.any(String),
      finishedAt: expect.any(String),
    });
    expect(await actionsAbout(stage.app, command.id as string)).toEqual([
      'command.request',
      'command.start',
      'command.finish',
    ]);
  });

  it('is asked for and waited for at a replica that runs nothing itself', async () => {
    const http = stage.grace.http.at(stage.replica.url);
    expect(await ask(http, { argv: ['echo', 'there'], ...wait })).toMatchObject({ status: 'succeeded' });
  });

  it('runs what people agreed to, by a shell when it is text, and shows them how long it may take', async () => {
    const command = await ask(stage.grace.http, {
      command: 'for i in 1 2 3; do echo "$i" >> counted; done; cat counted',
      timeoutSeconds: 9,
    });
    const path = `/terminal/approvals/${command.approvalId}`;
    expect((await stage.approver.http.get(path)).body).toMatchObject({
      timeoutSeconds: 9,
      status: 'pending',
    });
    expect(existsSync(file('counted'))).toBe(false);

    await stage.approver.http.post(`${path}/approve`, { digest: command.digest });

    expect(await until(stage.grace.http, command, isOver)).toMatchObject({
      status: 'succeeded',
      decision: 'confirmed',
      outputSha256: sha256('1\n2\n3\n'),
    });
    await sleep(1_500);
    expect(readFileSync(file('counted'), 'utf8')).toBe('1\n2\n3\n');
  });

  it('ends what takes too long', async () => {
    const command = await ask(stage.grace.http, { argv: ['sleep', '100'], timeoutSeconds: 1, ...wait });

    expect(command).toMatchObject({ status: 'timed_out', exitCode: null, signal: 'SIGTERM' });
    expect(codes(command)).toContain('timed_out');
  });

  it.each([0, 3_601, 1.5, '60'])('accepts no time limit of %j', async (timeoutSeconds) => {
    const body = { argv: ['echo'], mode: 'server', sessionId: 's', timeoutSeconds };
    expect((await stage.grace.http.post('/terminal/commands', body)).status).toBe(422);
  });

  it('ends what its requester cancels, also through another replica, and tells how it ended', async () => {
    const command = await askApproved(stage, {
      command: 'trap "" TERM; sleep 100 & echo ready; wait; sleep 100',
    });
    await until(stage.grace.http, command, ({ status }) => status === 'running');

    const { status, body } = await stage.grace.http
      .at(stage.replica.url)
      .post(`/terminal/commands/${command.id}/cancel`);

    expect([status, body.status]).toEqual([200, 'cancelled']);
    expect(codes(body)).toContain('stopped_by_requester');
    expect((await stage.grace.http.post(`/terminal/commands/${command.id}/cancel`)).body).toMatchObject({
      status: 409,
      code: 'command_not_pending',
    });
    expect(await actionsAbout(stage.app, command.id as string)).toEqual([
      'command.request',
      'command.start',
      'command.stop',
      'command.finish',
    ]);
  });

  const anyVersion = { headers: { 'if-match': '*' } };

  async function loseTheRight({ id: subjectId }: { id: string }): Promise<void> {
    const { items } = (await stage.admin.http.get('/roles?limit=200')).body;
    const { id: roleId } = items.find(({ name }: AnyBody) => name === 'member');
    const denied = { subjectKind: 'user', subjectId, roleId, scopeKind: 'global', effect: 'deny' };
    const { status } = await stage.admin.http.post('/role-bindings', denied);
    expect(status).toBe(201);
  }

  it.each<[string, (leaver: { id: string }) => Promise<unknown>]>([
    ['is disabled', ({ id }) => stage.admin.http.patch(`/users/${id}`, { isActive: false }, anyVersion)],
    [
      'loses the flag',
      ({ id }) => stage.admin.http.patch(`/users/${id}`, { isServerTerminalAuthorized: false }, anyVersion),
    ],
    ['loses the right', loseTheRight],
    ['is deleted', ({ id }) => stage.admin.http.delete(`/users/${id}`, anyVersion)],
    [
      'meets a new block rule',
      ({ id }) => stage.admin.http.post(`/terminal/blocklist?scope=user&ownerId=${id}`, { pattern: 'sleep' }),
    ],
  ])('ends what runs when its requester %s', async (what, happen) => {
    const leaver = await developer(stage, `leaver-${what.replaceAll(' ', '-')}`);
    const command = await askApproved({ ...stage, grace: leaver }, { argv: ['sleep', '100'] });
    await until(stage.admin.http, command, ({ status }) => status === 'running');

    await happen(leaver);

    const ended = await until(stage.admin.http, command, isOver, 8_000);
    expect(ended).toMatchObject({ status: 'cancelled', signal: 'SIGTERM' });
    expect(codes(ended)).toContain('stopped_by_policy');
  });

  it('does not start outside the root, once links are followed', async () => {
    symlinkSync('/', file('way-out'));
    const command = await ask(stage.grace.http, { argv: ['echo'], cwd: 'way-out', ...wait });

    expect(command).toMatchObject({
      verdict: 'allow',
      status: 'denied',
      decision: 'denied',
      startedAt: null,
    });
    expect(codes(command)).toContain('cwd_outside_root');
    expect(await actionsAbout(stage.app, command.id as string)).toEqual([
      'command.request',
      'command.start',
      'command.refuse',
    ]);
  });

  it('does not start here what is meant for a gateway, whatever allows it there', async () => {
    const gatewayId = randomUUID();
    await stage.admin.http.post(`/terminal/whitelist?scope=gateway&ownerId=${gatewayId}`, {
      pattern: 'touch',
    });
    const command = await ask(stage.grace.http, { argv: ['touch', 'meant-for-there'], gatewayId, ...wait });

    expect(command).toMatchObject({ verdict: 'allow', status: 'denied', startedAt: null });
    expect(codes(command)).toContain('gateway_unreachable');
    expect(existsSync(file('meant-for-there'))).toBe(false);
  });

  /** Rows are changed as their owner or a thief of the database could. */
  describe('with a command that waits', () => {
    const asOwner = async (text: string, ...values: unknown[]) =>
      withSql(stage.app, (sql) => sql.query(text, values));

    async function changedWhileWaiting(
      asked: object,
      change: (command: AnyBody) => Promise<unknown>,
    ): Promise<AnyBody> {
      const command = await ask(stage.grace.http, asked);
      const path = `/terminal/approvals/${command.approvalId}`;
      await change(command);
      await stage.approver.http.post(`${path}/approve`, { digest: command.digest });
      return until(stage.admin.http, command, isOver);
    }

    it.each([
      ['one byte of it', `command = 'echo agreed > witnesz'`],
      ['its directory', `cwd = 'elsewhere'`],
      ['its environment', `env = '{"CI": "1"}'`],
      ['its requester', `principal_id = delegator_id`],
      ['its policy', `policy_version = repeat('0', 64)`],
      ['its digest', `digest = repeat('0', 64)`],
    ])('refuses it when %s was changed', async (what, set) => {
      mkdirSync(file('elsewhere'), { recursive: true });
      const ended = await changedWhileWaiting({ command: 'echo agreed > witness' }, async ({ id }) => {
        if (what === 'its requester') {
          // Somebody who may run commands too, so that only the digest tells.
          const linus = await developer(stage, 'linus');
          await asOwner('UPDATE command_requests SET delegator_id = $2 WHERE id = $1', id, linus.id);
        }
        await asOwner(`UPDATE command_requests SET ${set} WHERE id = $1`, id);
      });

      expect(ended).toMatchObject({ status: 'denied', decision: 'denied', startedAt: null });
      expect(codes(ended)).toContain('digest_mismatch');
      expect(existsSync(file('witness')) || existsSync(file('witnesz'))).toBe(false);
    });

    it('refuses it when command and digest were changed together: the votes are about another one', async () => {
      const other = await ask(stage.grace.http, { command: 'echo other > witness' });
      const ended = await changedWhileWaiting({ command: 'echo agreed > witness' }, ({ id }) =>
        asOwner(
          `UPDATE command_requests SET command = o.command, digest = o.digest
             FROM command_requests o WHERE command_requests.id = $1 AND o.id = $2`,
          id,
          other.id,
        ),
      );

      expect(codes(ended)).toContain('digest_mismatch');
      expect(existsSync(file('witness'))).toBe(false);
    });

    it('does not run what was agreed to too long ago', async () => {
      const command = await ask(stage.grace.http, { command: 'echo late > witness' });
      // What was agreed to may wait as long as it could be voted on; that is over before it is looked at.
      await asOwner(
        `UPDATE terminal_approvals SET status = 'approved', resolved_at = created_at - interval '1 hour' WHERE id = $1`,
        command.approvalId,
      );
      await asOwner(
        `INSERT INTO approval_votes (approval_id, voter_id, voter_name, vote, digest, created_at)
         VALUES ($1, $2, 'ada', 'approve', $3, now())`,
        command.approvalId,
        stage.approver.id,
        command.digest,
      );
      await asOwner(
        `UPDATE command_requests SET status = 'queued', decision = 'confirmed' WHERE id = $1`,
        command.id,
      );

      const ended = await until(stage.admin.http, command, isOver);

      expect(ended).toMatchObject({ status: 'expired', decision: 'confirmed', startedAt: null });
      expect(existsSync(file('witness'))).toBe(false);
    });
  });

  /** The same command, as if it had been waiting since then. */
  async function queuedAgain(id: unknown, age: string): Promise<{ id: string }> {
    const again = { id: randomUUID() };
    const waiting = { ...again, status: 'queued', decision: null, started_at: null, finished_at: null };
    await withSql(stage.app, (sql) =>
      sql.query(
        `INSERT INTO command_requests
         SELECT (jsonb_populate_record(c, $2::jsonb || jsonb_build_object('created_at', now() - $3::interval))).*
           FROM command_requests c WHERE id = $1`,
        [id, waiting, age],
      ),
    );
    return again;
  }

  it('does not run what rules allowed a day ago', async () => {
    const { id } = await ask(stage.grace.http, { argv: ['touch', 'late'], ...wait });
    rmSync(file('late'));
    const late = await queuedAgain(id, '24 hours');

    const ended = await until(stage.grace.http, late, isOver);

    expect(ended).toMatchObject({ status: 'expired', decision: null, startedAt: null });
    expect(existsSync(file('late'))).toBe(false);
  });

  it('does not run what rules allowed while it waited and do not allow now, and says what they say', async () => {
    const { body: rule } = await stage.grace.http.post('/terminal/whitelist', { pattern: 'basename' });
    const { id } = await ask(stage.grace.http, { argv: ['basename', 'x'], ...wait });
    await stage.grace.http.delete(`/terminal/whitelist/${rule.id}`);
    const toldWhy = async () => {
      const ended = await until(stage.grace.http, await queuedAgain(id, '1 second'), isOver);
      expect(ended).toMatchObject({ status: 'cancelled', decision: 'rejected', startedAt: null });
      return codes(ended);
    };

    expect(await toldWhy()).toEqual(['policy', 'no_rule']);
    const { body: block } = await stage.admin.http.post('/terminal/blocklist', { pattern: 'basename' });
    expect(await toldWhy()).toEqual(['policy', 'blocked']);
    await stage.admin.http.delete(`/terminal/blocklist/${block.id}`);
  });

  it('does not run what is agreed to for somebody who has lost the right to ask', async () => {
    const mary = await developer(stage, 'mary');
    const command = await ask(mary.http, { command: 'echo agreed > witness' });
    await loseTheRight(mary);

    const { digest, approvalId } = command;
    const { body } = await stage.approver.http.post(`/terminal/approvals/${approvalId}/approve`, { digest });

    expect(body.code).toBe('policy_changed');
    const ended = await until(stage.admin.http, command, isOver);
    expect(ended).toMatchObject({ status: 'cancelled', startedAt: null });
    expect(codes(ended).slice(-2)).toEqual(['policy', 'forbidden']);
  });

  it('has room for others however much one asks for', async () => {
    const other = await developer(stage, 'other');
    await other.http.post('/terminal/whitelist', { pattern: 'echo' });
    const sleeping = await Promise.all(
      Array.from({ length: MOST_AT_ONCE + 2 }, () => ask(stage.grace.http, { argv: ['sleep', '100'] })),
    );
    const states = async () => {
      const now = sleeping.map(({ id }) => stage.grace.http.get(`/terminal/commands/${id}`));
      return (await Promise.all(now)).map(({ body }) => body.status as string);
    };

    expect(await ask(other.http, { argv: ['echo', 'mine'], ...wait })).toMatchObject({ status: 'succeeded' });
    const running = (await states()).filter((status) => status === 'running').length;
    expect(running).toBeLessThanOrEqual(MOST_OF_ONE);

    await Promise.all(sleeping.map(({ id }) => stage.grace.http.post(`/terminal/commands/${id}/cancel`)));
    for (const command of sleeping) await until(stage.grace.http, command, isOver);
  });

  it('goes on with the commands of somebody whose first ones cannot be taken, and comes back to those', async () => {
    const spoilt = (sql: string) => withSql(stage.app, (client) => client.query(sql));
    await spoilt(`
      CREATE FUNCTION refuse_spoilt() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''spoilt''; END';
      CREATE TRIGGER refuse_spoilt BEFORE UPDATE ON command_requests FOR EACH ROW
        WHEN (NEW.status = 'running' AND NEW.argv::text LIKE '%spoilt%') EXECUTE FUNCTION refuse_spoilt()`);
    const first = await Promise.all(
      Array.from({ length: MOST_AT_ONCE }, () => ask(stage.grace.http, { argv: ['echo', 'spoilt'] })),
    );

    expect(await ask(stage.grace.http, { argv: ['echo', 'sound'], ...wait })).toMatchObject({
      status: 'succeeded',
    });
    for (const { id } of first)
      expect((await stage.grace.http.get(`/terminal/commands/${id}`)).body.status).toBe('queued');

    await spoilt('DROP TRIGGER refuse_spoilt ON command_requests; DROP FUNCTION refuse_spoilt()');
    for (const command of first)
      expect(await until(stage.grace.http, command, isOver)).toMatchObject({ status: 'succeeded' });
  });

  it('ends what runs when the process stops, and says so', async () => {
    const other = await startApp({
      configuration: { ...stage.app.configuration, role: 'all' },
      replicaOf: stage.app,
    });
    // More than one process runs at once, so that both have some.
    const commands = await Promise.all(
      Array.from({ length: MOST_OF_ONE + 4 }, () => ask(stage.grace.http, { argv: ['sleep', '100'] })),
    );
    for (const command of commands)
      await until(stage.grace.http, command, ({ status }) => status === 'running');

    // With the time that a process has for it, not the little that a test gives its applications.
    await other.get(Shutdown).stop('the test wants it');
    await other.close();

    const ended = await Promise.all(
      commands.map(async ({ id }) => (await stage.grace.http.get(`/terminal/commands/${id}`)).body),
    );
    const going = ended.filter(({ status }) => status === 'running');
    const stopped = ended.filter(({ status }) => status !== 'running');
    expect(stopped.map(({ status }) => status)).toEqual(stopped.map(() => 'cancelled'));
    expect(stopped.length).toBeGreaterThanOrEqual(4);
    for (const command of stopped) expect(codes(command)).toContain('stopped_by_shutdown');
    await Promise.all(going.map(({ id }) => stage.grace.http.post(`/terminal/commands/${id}/cancel`)));
  });

  it('never says in log or audit what was written', async () => {
    writeFileSync(file('slow.sh'), '#!/bin/sh\necho xyzzy-as-the-output\n', { mode: 0o755 });
    const command = await ask(stage.grace.http, { argv: ['./slow.sh'], ...wait });
    expect(command.outputBytes).toBe('xyzzy-as-the-output\n'.length);

    const found = await withSql(stage.app, (sql) =>
      sql.query(`SELECT 1 FROM audit_entries WHERE detail::text LIKE '%xyzzy-as-the-output%'`),
    );
    expect(found.rowCount).toBe(0);
  });
});
