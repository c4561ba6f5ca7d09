import { ScheduleRunner } from '../../src/kernel/jobs/index.js';
import { type Actor, invited } from '../support/actors.js';
import { type AnyBody } from '../support/http-client.js';
import { actionsAbout, asSystem, longSignedIn, withSql } from '../auth/stage.js';
import { developer, terminalStage, type TerminalStage, worker } from './stage.js';

describe('Approvals', () => {
  let stage: TerminalStage;
  let grace: Actor;
  let ada: Actor;
  let linus: Actor;
  let agent: Awaited<ReturnType<typeof worker>>;

  beforeAll(async () => {
    stage = await terminalStage();
    grace = await developer(stage, 'grace', ['approver']);
    ada = await invited(stage.app, stage.admin, 'ada-approves', ['approver']);
    linus = await invited(stage.app, stage.admin, 'linus-approves', ['approver']);
    agent = await worker(stage, 'agent');
  });
  afterAll(() => stage?.close());

  let count = 0;

  async function ask(body: object = {}, http = agent.http): Promise<AnyBody> {
    const command = `npm publish release-${(count += 1)}`;
    const answer = await http.post('/terminal/commands', {
      command,
      mode: 'server',
      sessionId: 's',
      ...body,
    });
    if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  }

  const approvalOf = async ({ approvalId }: AnyBody): Promise<AnyBody> =>
    (await stage.admin.http.get(`/terminal/approvals/${approvalId}`)).body;
  const approve = (command: AnyBody, voter: Actor, extras: object = {}) =>
    voter.http.post(`/terminal/approvals/${command.approvalId}/approve`, {
      digest: command.digest,
      ...extras,
    });
  const reject = (command: AnyBody, voter: Actor) =>
    voter.http.post(`/terminal/approvals/${command.approvalId}/reject`, { note: 'No.' });

  it('show exactly what will run, and are decided by one person who agrees', async () => {
    const command = await ask({ reason: 'Release day.', cwd: '/srv/app', env: { CI: '1' } });

    const shown = (await ada.http.get(`/terminal/approvals/${command.approvalId}`)).body;
    expect(shown).toMatchObject({
      commandId: command.id,
      requester: { kind: 'service', id: agent.id, name: 'agent' },
      command: command.command,
      display: command.command,
      cwd: '/srv/app',
      env: { CI: '1' },
      mode: 'server',
      digest: command.digest,
      reason: 'Release day.',
      status: 'pending',
      requiredApprovals: 1,
      votes: [],
      resolvedAt: null,
      version: 1,
    });
    const ttlMs = Date.parse(shown.expiresAt) - Date.parse(shown.createdAt);
    expect(ttlMs).toBe(300_000);

    const answer = await approve(command, ada, { note: 'Checked.' });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      status: 'approved',
      votes: [{ voter: { kind: 'user', id: ada.id }, vote: 'approve', note: 'Checked.' }],
      version: 2,
    });
    expect((await agent.http.get(`/terminal/commands/${command.id}`)).body).toMatchObject({
      status: 'queued',
      decision: 'confirmed',
    });
    expect(await actionsAbout(stage.app, command.approvalId as string)).toEqual([
      'approval.request',
      'approval.approve',
    ]);
    for (const late of [await approve(command, linus), await reject(command, linus)])
      expect(late.body).toMatchObject({ status: 409, code: 'already_resolved', approvalStatus: 'approved' });
  });

  it('are bound to the digest: a vote about anything else does not count', async () => {
    const command = await ask();

    const answer = await approve({ ...command, digest: 'ab'.repeat(32) }, ada);

    expect(answer.body).toMatchObject({ status: 409, code: 'digest_mismatch' });
    expect((await approvalOf(command)).votes).toEqual([]);
    const malformed = await ada.http.post(`/terminal/approvals/${command.approvalId}/approve`, {
      digest: 'x',
    });
    expect(malformed.status).toBe(422);
  });

  it('end with one refusal, whose note the requester reads', async () => {
    const command = await ask();

    expect((await reject(command, ada)).body).toMatchObject({ status: 'rejected' });

    expect((await agent.http.get(`/terminal/approvals/${command.approvalId}`)).body.votes).toEqual([
      expect.objectContaining({ vote: 'reject', note: 'No.' }),
    ]);
    expect((await agent.http.get(`/terminal/commands/${command.id}`)).body).toMatchObject({
      status: 'rejected',
      decision: 'rejected',
    });
  });

  it('need as many different people as the tenant asks for', async () => {
    await setting('approvals.required', 2);
    const command = await ask();
    await setting('approvals.required', null);

    const first = await approve(command, ada);
    expect([first.status, first.body]).toEqual([202, { votes: 1, needed: 2 }]);
    expect((await approve(command, ada)).body).toMatchObject({ status: 409, code: 'already_voted' });
    const second = await approve(command, linus);
    expect([second.status, second.body.status]).toEqual([200, 'approved']);
    expect(await actionsAbout(stage.app, command.approvalId as string)).toEqual([
      'approval.request',
      'approval.vote',
      'approval.approve',
    ]);
  });

  it('end with one refusal also when others have agreed', async () => {
    await setting('approvals.required', 3);
    const command = await ask();
    await setting('approvals.required', null);
    await approve(command, ada);

    await reject(command, linus);

    expect(await approvalOf(command)).toMatchObject({ status: 'rejected', votes: [{}, {}] });
  });

  it('ask for roles by their exact names: an admin is not meant by itself', async () => {
    await setting('approvals.requiredRoles', ['approver']);
    const command = await ask();
    await setting('approvals.requiredRoles', null);

    expect((await approve(command, stage.admin)).body).toMatchObject({
      status: 403,
      code: 'voter_not_eligible',
    });
    expect((await approve(command, ada)).status).toBe(200);
  });

  it('are decided by somebody else than the requester, whose keys and programs cannot vote at all', async () => {
    const command = await ask({}, grace.http);
    const { key } = (await ada.http.post('/auth/api-keys', {})).body as { key: string };
    const tired = await longSignedIn(stage.app, await invited(stage.app, stage.admin, 'tired', ['approver']));
    const path = `/terminal/approvals/${command.approvalId}`;

    expect((await approve(command, grace)).body).toMatchObject({ status: 403, code: 'own_request' });
    expect((await reject(command, grace)).body.code).toBe('own_request');
    for (const http of [stage.app.http.as(key), agent.http])
      expect((await http.post(`${path}/approve`, { digest: command.digest })).body.code).toBe(
        'credential_not_allowed',
      );
    expect((await approve(command, tired)).body.code).toBe('step_up_required');
    expect((await approvalOf(command)).votes).toEqual([]);
    expect((await grace.http.post(`${path}/cancel`)).body).toMatchObject({ status: 'cancelled' });
  });

  it('are withdrawn by the requester and nobody else, with the command', async () => {
    const command = await ask();

    expect((await ada.http.post(`/terminal/approvals/${command.approvalId}/cancel`)).body.code).toBe(
      'not_requester',
    );
    expect((await agent.http.post(`/terminal/commands/${command.id}/cancel`)).body.status).toBe('cancelled');
    expect(await approvalOf(command)).toMatchObject({ status: 'cancelled', resolvedBecause: 'requester' });
    expect((await approve(command, ada)).body.code).toBe('already_resolved');
  });

  it('expire by the time of the database, at use and by the schedule', async () => {
    const [atUse, swept] = [await ask(), await ask()];
    await overdue(atUse, swept);

    const overtaken = await approvalOf(swept);
    expect(overtaken).toMatchObject({ status: 'expired', version: 2, resolvedAt: overtaken.expiresAt });
    const answer = await approve(atUse, ada);
    expect(answer.body).toMatchObject({ status: 410, code: 'approval_expired' });
    await sweep();
    expect(await approvalOf(swept)).toEqual(overtaken);

    for (const command of [atUse, swept]) {
      expect((await agent.http.get(`/terminal/commands/${command.id}`)).body).toMatchObject({
        status: 'expired',
        decision: 'rejected',
      });
      expect(await actionsAbout(stage.app, command.approvalId as string)).toEqual([
        'approval.request',
        'approval.expire',
      ]);
    }
    expect((await reject(swept, ada)).body.code).toBe('approval_expired');
  });

  it('that wait for long are announced once more, by the schedule and once', async () => {
    await setting('approvals.escalateAfterSeconds', 60);
    const command = await ask();
    await setting('approvals.escalateAfterSeconds', null);
    await withSql(stage.app, (sql) =>
      sql.query(`UPDATE terminal_approvals SET escalate_at = now() - interval '1 second' WHERE id = $1`, [
        command.approvalId,
      ]),
    );

    await sweep();
    await sweep();

    expect((await approvalOf(command)).escalatedAt).not.toBeNull();
    expect(await actionsAbout(stage.app, command.approvalId as string)).toEqual([
      'approval.request',
      'approval.escalate',
    ]);
  });

  it('end as cancelled when a new block rule refuses what they are about', async () => {
    const [refused, other] = [await ask({ command: 'helm uninstall web' }), await ask()];

    await stage.admin.http.post('/terminal/blocklist', { pattern: 'helm uninstall' });

    expect(await approvalOf(refused)).toMatchObject({ status: 'cancelled', resolvedBecause: 'policy' });
    expect((await agent.http.get(`/terminal/commands/${refused.id}`)).body).toMatchObject({
      status: 'cancelled',
      decision: 'rejected',
      reasons: [{ code: 'no_rule' }, { code: 'policy' }, { code: 'blocked' }],
    });
    expect((await approvalOf(other)).status).toBe('pending');
    // Its digest names the older policy, and still counts: nobody changed what will run.
    expect((await approve(other, ada)).status).toBe(200);
  });

  it('cannot be agreed to when a rule refuses the command that was written while it was asked', async () => {
    const command = await ask();
    await blockUnseen(command.command as string);

    const answer = await approve(command, ada);

    expect(answer.body).toMatchObject({ status: 409, code: 'policy_changed' });
    expect(await approvalOf(command)).toMatchObject({
      status: 'cancelled',
      resolvedBecause: 'policy',
      votes: [],
    });
    expect((await agent.http.get(`/terminal/commands/${command.id}`)).body).toMatchObject({
      status: 'cancelled',
      reasons: [{ code: 'no_rule' }, { code: 'policy' }, { code: 'blocked' }],
    });
  });

  it('outlive a block rule that is about something else; what was agreed to before it is asked for again', async () => {
    const client = { mode: 'local', interactive: false };
    const [before, waiting] = [await ask(client), await ask(client)];
    await approve(before, ada);

    await stage.admin.http.post('/terminal/blocklist', { pattern: 'something else entirely' });

    const confirm = ({ id }: AnyBody) =>
      agent.http.post(`/terminal/commands/${id}/confirmation`, { confirmed: true });
    expect((await confirm(before)).body).toMatchObject({ status: 409, code: 'digest_mismatch' });
    expect((await approve(waiting, ada)).body.status).toBe('approved');
    expect((await confirm(waiting)).body.status).toBe('running');
  });

  it('say where it will run with nothing that a screen would hide', async () => {
    const command = await ask({ cwd: '/srv/app\u202eppa/', env: { NOTE: 'a\u200bb' } });

    expect((await approvalOf(command)).displayPlace).toEqual({
      cwd: '/srv/app\u27e8U+202E\u27e9ppa/',
      env: { NOTE: 'a\u27e8U+200B\u27e9b' },
    });
  });

  it('outlive a change of rules that allow', async () => {
    const command = await ask();
    await stage.admin.http.post('/terminal/whitelist?scope=global', { pattern: 'make everything' });

    expect((await approve(command, ada)).status).toBe(200);
  });

  it('end with their requester', async () => {
    const leaver = await developer(stage, 'leaver');
    const command = await ask({}, leaver.http);

    await stage.admin.http.patch(`/users/${leaver.id}`, { isActive: false }, anyVersion);

    expect(await approvalOf(command)).toMatchObject({
      status: 'cancelled',
      resolvedBecause: 'requester_gone',
    });
  });

  it('let a client of the requester run once what was agreed to', async () => {
    const command = await ask({ mode: 'local', interactive: false });
    const path = `/terminal/commands/${command.id}`;
    expect((await agent.http.post(`${path}/confirmation`, { confirmed: true })).body.code).toBe(
      'command_not_pending',
    );
    await approve(command, ada);

    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        agent.http
          .at(n % 2 === 0 ? stage.app.url : stage.replica.url)
          .post(`${path}/confirmation`, { confirmed: true }),
      ),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(409)]);
    expect((await agent.http.post(`${path}/result`, { exitCode: 0 })).body.status).toBe('succeeded');
  });

  it('let no client run what took the place of what was agreed to, digest and all', async () => {
    const [agreed, other] = [
      await ask({ mode: 'local', interactive: false }),
      await ask({ mode: 'local', interactive: false }),
    ];
    await approve(agreed, ada);
    await withSql(stage.app, (sql) =>
      sql.query(
        `UPDATE command_requests SET command = o.command, digest = o.digest
           FROM command_requests o WHERE command_requests.id = $1 AND o.id = $2`,
        [agreed.id, other.id],
      ),
    );

    const answer = await agent.http.post(`/terminal/commands/${agreed.id}/confirmation`, {
      confirmed: true,
    });

    expect(answer.body).toMatchObject({ status: 409, code: 'digest_mismatch' });
  });

  it('agreed to long ago are not run any more', async () => {
    const command = await ask({ mode: 'local', interactive: false });
    await approve(command, ada);
    await withSql(stage.app, (sql) =>
      sql.query(
        `UPDATE terminal_approvals SET resolved_at = resolved_at - interval '301 seconds' WHERE id = $1`,
        [command.approvalId],
      ),
    );

    const answer = await agent.http.post(`/terminal/commands/${command.id}/confirmation`, {
      confirmed: true,
    });

    expect(answer.body).toMatchObject({ status: 410, code: 'approval_expired' });
  });

  it('wake those who wait for them, on every replica, and let go of those who leave', async () => {
    const asked = agent.http.post('/terminal/commands', {
      command: 'npm publish awaited',
      mode: 'local',
      interactive: false,
      sessionId: 'waits',
      waitSeconds: 60,
    });
    const command = await pendingOf('waits');
    const elsewhere = ada.http.at(stage.replica.url).get(`/terminal/approvals/${command.id}?waitSeconds=60`);
    const startedMs = performance.now();

    await approve({ approvalId: command.id, digest: command.digest }, ada);

    expect((await elsewhere).body.status).toBe('approved');
    expect(await asked).toMatchObject({ status: 201, body: { status: 'queued', decision: 'confirmed' } });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    const left = new AbortController();
    const leaving = fetch(
      `${stage.app.url}/api/v1/terminal/approvals/${(await ask()).approvalId}?waitSeconds=60`,
      {
        headers: { authorization: `Bearer ${ada.tokens.accessToken}` },
        signal: left.signal,
      },
    );
    left.abort();
    await expect(leaving).rejects.toThrow('aborted');
  });

  it('are listed by status; others see only what they asked for', async () => {
    const command = await ask();
    const stranger = await worker(stage, 'stranger');
    const ids = (body: AnyBody) => body.items.map(({ id }: { id: string }) => id);

    expect(ids((await ada.http.get('/terminal/approvals?status=pending&limit=1')).body)).toEqual([
      command.approvalId,
    ]);
    expect(ids((await agent.http.get('/terminal/approvals?limit=1')).body)).toEqual([command.approvalId]);
    expect(ids((await stranger.http.get('/terminal/approvals')).body)).toEqual([]);
    expect((await stranger.http.get(`/terminal/approvals/${command.approvalId}`)).status).toBe(404);
    expect((await ada.http.get('/terminal/approvals?status=approved&total=true')).body.total).toBeGreaterThan(
      0,
    );
  });

  it('keep their votes for ever', async () => {
    await withSql(stage.app, async (sql) => {
      await expect(sql.query('DELETE FROM approval_votes')).rejects.toThrow('kept for ever');
      await expect(sql.query(`UPDATE approval_votes SET vote = 'reject'`)).rejects.toThrow('kept for ever');
    });
  });

  const anyVersion = { headers: { 'if-match': '*' } };

  async function setting(key: string, value: unknown): Promise<void> {
    const answer = await stage.admin.http.patch('/settings', { [key]: value }, anyVersion);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }

  async function overdue(...commands: AnyBody[]): Promise<void> {
    await withSql(stage.app, (sql) =>
      sql.query(
        `UPDATE terminal_approvals SET expires_at = now() - interval '1 millisecond' WHERE id = ANY ($1)`,
        [commands.map(({ approvalId }) => approvalId as string)],
      ),
    );
  }

  /** As a rule is whose transaction has not seen the command, and whose word has not come. */
  const blockUnseen = (pattern: string) =>
    withSql(stage.app, (sql) =>
      sql.query(
        `INSERT INTO terminal_rules (id, tenant_id, effect, owner_scope, pattern, pattern_key, created_at)
         SELECT gen_random_uuid(), tenant_id, 'block', 'global', $1, $1, now() FROM users LIMIT 1`,
        [pattern],
      ),
    );
  const sweep = () => asSystem(() => stage.app.get(ScheduleRunner).runNow('terminal.approvals'));

  async function pendingOf(sessionId: string): Promise<AnyBody> {
    for (const deadline = performance.now() + 5_000; performance.now() < deadline;) {
      const { items } = (await ada.http.get('/terminal/approvals?status=pending')).body;
      const found = items.find((item: AnyBody) => item.sessionId === sessionId);
      if (found !== undefined) return found;
    }
    throw new Error('Nothing waits.');
  }
});
