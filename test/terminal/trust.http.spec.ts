import { randomUUID } from 'node:crypto';
import { ScheduleRunner } from '../../src/kernel/jobs/index.js';
import { Clock } from '../../src/kernel/runtime/index.js';
import { CommandsRepository } from '../../src/modules/terminal/commands/commands.repository.js';
import { Judge } from '../../src/modules/terminal/judgement/judge.js';
import { Standings } from '../../src/modules/terminal/judgement/standings.js';
import { ReplayService } from '../../src/modules/terminal/replay/replay.service.js';
import { RuleOwners } from '../../src/modules/terminal/rules/rule-owner.js';
import { RulesService } from '../../src/modules/terminal/rules/rules.service.js';
import { type Actor, invited } from '../support/actors.js';
import type { AnyBody } from '../support/http-client.js';
import { principalLike } from '../support/kernel-app.js';
import { actionsAbout, asSystem, withSql } from '../auth/stage.js';
import { codes, developer, terminalStage, type TerminalStage, worker } from './stage.js';

describe('Trust, replay and figures', () => {
  let stage: TerminalStage;
  let ada: Actor;
  let agent: Awaited<ReturnType<typeof worker>>;

  beforeAll(async () => {
    stage = await terminalStage();
    ada = await invited(stage.app, stage.admin, 'ada-approves', ['approver']);
    agent = await worker(stage, 'agent');
  });
  afterAll(() => stage?.close());

  const ask = (command: string, http = agent.http, extras: object = {}) =>
    http.post('/terminal/commands', { command, mode: 'server', sessionId: 's', ...extras });
  const evaluate = async (command: string): Promise<AnyBody> =>
    (await agent.http.post('/terminal/evaluations', { command, mode: 'server' })).body;
  const grant = (body: object, by = ada) =>
    by.http.post('/terminal/trust-windows', {
      principal: { kind: 'service', id: agent.id },
      expiresInSeconds: 600,
      maxUses: 2,
      ...body,
    });

  it('in words lets commands that begin with them pass, as often as it says', async () => {
    const { status, body: window } = await grant({ pattern: 'shipit run' });
    expect(status).toBe(201);
    expect(window).toMatchObject({ pattern: 'shipit run', digest: null, used: 0, grantedBy: { id: ada.id } });

    expect((await ada.http.get('/terminal/trust-windows?total=true')).body).toMatchObject({
      items: [window],
      total: 1,
      totalCapped: false,
    });

    const shown = await evaluate('shipit run one');
    expect([shown.verdict, codes(shown)]).toEqual(['allow', ['trusted']]);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        ask('shipit run one', n % 2 === 0 ? agent.http : agent.http.at(stage.replica.url)),
      ),
    );

    expect(answers.map(({ body }) => body.verdict as string).sort()).toEqual([
      'allow',
      'allow',
      ...Array<string>(4).fill('approve'),
    ]);
    expect((await ada.http.get(`/terminal/trust-windows/${window.id}`)).body.used).toBe(2);
    expect(await actionsAbout(stage.app, window.id as string)).toEqual([
      'trust_window.grant',
      'trust_window.use',
      'trust_window.use',
    ]);
  });

  it('in one command lets exactly that pass', async () => {
    const { body: command } = await ask('npm deprecate left-pad');
    await grant({ commandId: command.id });

    expect((await evaluate('npm deprecate left-pad')).verdict).toBe('allow');
    expect((await evaluate('npm deprecate  left-pad')).verdict).toBe('approve');
  });

  it('is over when it is taken back, or its time has come', async () => {
    const { body: revoked } = await grant({ pattern: 'shipit owner' });
    const { body: ended } = await grant({ pattern: 'shipit token' });
    await withSql(stage.app, async (sql) => {
      await sql.query(
        `UPDATE trust_windows SET created_at = now() - interval '1 minute', expires_at = now() WHERE id = $1`,
        [ended.id],
      );
    });

    expect((await ada.http.delete(`/terminal/trust-windows/${revoked.id}`)).status).toBe(204);

    expect((await evaluate('shipit owner ls')).verdict).toBe('approve');
    expect((await ask('shipit token create')).body.verdict).toBe('approve');
    expect((await ada.http.delete(`/terminal/trust-windows/${revoked.id}`)).status).toBe(404);
  });

  it('is listed newest first, and counted', async () => {
    const { body: older } = await grant({ pattern: 'shipit older' });
    const { body: newer } = await grant({ pattern: 'shipit newer' });

    const { body: page } = await ada.http.get('/terminal/trust-windows?limit=2&total=true');
    const { body: all } = await ada.http.get('/terminal/trust-windows?limit=200');

    expect(page.items.map(({ id }: AnyBody) => id as string)).toEqual([newer.id, older.id]);
    expect(page).toMatchObject({ total: all.items.length, totalCapped: false });
  });

  it('never lets pass what is blocked or denied', async () => {
    await stage.admin.http.post('/terminal/blocklist', { pattern: 'npm unpublish' });
    await grant({ pattern: 'npm unpublish' });

    expect((await evaluate('npm unpublish everything')).verdict).toBe('reject');
  });

  it('counts only where one person, and one with the right role, may approve as well', async () => {
    const setting = (key: string, value: unknown) =>
      stage.admin.http.patch('/settings', { [key]: value }, { headers: { 'if-match': '*' } });
    expect((await grant({ pattern: 'shipit alone' })).status).toBe(201);
    expect((await evaluate('shipit alone now')).verdict).toBe('allow');

    await setting('approvals.required', 2);
    expect((await grant({ pattern: 'shipit more' })).body.code).toBe('voter_not_eligible');
    expect((await evaluate('shipit alone now')).verdict).toBe('approve');
    await setting('approvals.required', null);

    await setting('approvals.requiredRoles', ['operator']);
    expect((await grant({ pattern: 'shipit more' })).body.code).toBe('voter_not_eligible');
    await setting('approvals.requiredRoles', null);
    expect((await evaluate('shipit alone now')).verdict).toBe('allow');
  });

  it('is granted by approvers, to others, for an hour at most', async () => {
    const grace = await developer(stage, 'grace');
    const approving = await developer(stage, 'approving', ['approver']);
    for (const principal of [
      { kind: 'user', id: randomUUID() },
      { kind: 'user', id: agent.id },
      { kind: 'service', id: approving.id },
    ])
      expect((await grant({ principal, pattern: 'make x' })).body).toMatchObject({
        status: 422,
        errors: [{ pointer: '/principal/id', code: 'unknown_principal' }],
      });
    const self = { principal: { kind: 'user', id: approving.id }, pattern: 'make x' };

    expect((await grant({ pattern: 'make x' }, grace)).body.code).toBe('forbidden');
    expect((await grant(self, approving)).body.code).toBe('own_request');
    for (const [body, pointer] of [
      [{ pattern: 'make x', expiresInSeconds: 3_601 }, '/expiresInSeconds'],
      [{ pattern: 'make x', maxUses: 0 }, '/maxUses'],
      [{ pattern: 'sudo' }, '/pattern'],
      [{}, '/pattern'],
      [{ commandId: ada.id }, '/commandId'],
    ] as const)
      expect((await grant(body)).body).toMatchObject({ status: 422, errors: [{ pointer }] });
  });

  it('is judged by figures: how often people are asked, how they decide, and what would spare them', async () => {
    for (let n = 0; n < 4; n += 1) {
      const { body } = await ask('make release');
      await ada.http.post(`/terminal/approvals/${body.approvalId}/approve`, { digest: body.digest });
    }
    const { body: refused } = await ask('make mischief');
    await ada.http.post(`/terminal/approvals/${refused.approvalId}/reject`, { note: 'No.' });

    // That nobody answered in time is nobody's refusal.
    const { body: unanswered } = await ask('cargo publish');
    await withSql(stage.app, (sql) =>
      sql.query(`UPDATE terminal_approvals SET expires_at = now() - interval '1 millisecond' WHERE id = $1`, [
        unanswered.approvalId,
      ]),
    );
    await asSystem(() => stage.app.get(ScheduleRunner).runNow('terminal.approvals'));

    const { body } = await ada.http.get('/terminal/stats?sinceDays=1');

    expect(body).toMatchObject({ prompts: expect.any(Number), verdicts: { allow: expect.any(Number) } });
    expect(body.promptsPerAgentHour).toBeGreaterThan(0);
    expect(body.approveRate).toBeCloseTo(4 / 5);
    expect(body.medianSecondsToDecision).toBeGreaterThanOrEqual(0);
    expect(body.suggestedRules).toEqual([{ pattern: 'make release', prompts: 4, principals: 1 }]);
    expect((await agent.http.get('/terminal/stats')).status).toBe(403);
    expect((await ada.http.get('/terminal/stats?sinceDays=31')).status).toBe(422);
  });

  it('can be done without where a rule is tried on what was asked before it is written', async () => {
    const replay = (rule: object) => stage.admin.http.post('/terminal/policy/replay', { rule, sinceDays: 1 });

    const allowing = (await replay({ effect: 'allow', pattern: 'make release' })).body;
    expect(allowing).toMatchObject({ changed: 4, isCapped: false, examinedSince: allowing.since });
    expect(allowing.items[0]).toMatchObject({
      display: 'make release',
      principal: { id: agent.id },
      recorded: 'approve',
      before: 'approve',
      after: 'allow',
    });
    const blocking = (await replay({ effect: 'block', pattern: 'MAKE' })).body;
    expect(blocking.items.every(({ after }: AnyBody) => after === 'reject')).toBe(true);
    expect(blocking.changed).toBe(5);
    const elsewhere = { effect: 'allow', pattern: 'make release', ownerScope: 'user', ownerId: ada.id };
    expect((await replay(elsewhere)).body.changed).toBe(0);
    expect((await replay({ effect: 'allow', pattern: 'sudo' })).body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/rule/pattern' }],
    });
    expect((await ada.http.post('/terminal/policy/replay', { rule: {}, sinceDays: 1 })).status).toBe(403);
  });

  it('is not tried on more than there is time for, and says how far it came', async () => {
    const rule = { effect: 'allow', pattern: 'make release' } as const;
    const all = (await stage.admin.http.post('/terminal/policy/replay', { rule, sinceDays: 1 })).body;
    expect(all.examined).toBeGreaterThan(5);
    const { items: newest } = (await stage.admin.http.get('/terminal/commands?limit=5')).body;
    const replays = new ReplayService(
      stage.app.get(CommandsRepository),
      stage.app.get(Standings),
      stage.app.get(Judge),
      stage.app.get(RulesService),
      stage.app.get(RuleOwners),
      new HurryingClock(),
    );

    const some = await asSystem(() =>
      replays.replay({ rule, sinceDays: 1 }, principalLike({ may: ['terminal.policy'] })),
    );

    expect(some.isCapped).toBe(true);
    expect(some.examined).toBeGreaterThan(0);
    expect(some.examined).toBeLessThan(5);
    expect(some.examinedSince.toISOString()).toBe(newest[some.examined - 1].createdAt);
  });
});

/** A second goes by between two looks. */
class HurryingClock extends Clock {
  private looks = 0;

  override monotonicMs(): number {
    return 1_000 * (this.looks += 1);
  }
}
