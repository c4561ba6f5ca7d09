import pg from 'pg';
import {
  OutsideCheckpoints,
  textOf,
  type VerificationReport,
  verifyDatabase,
} from '../../src/modules/audit/index.js';
import { verifySnapshot } from '../../src/modules/audit/verification/verify-database.js';
import { type Actor, invited, setUp } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { testServer, withDatabase } from '../support/postgres.js';
import { developer } from '../terminal/stage.js';
import { sealEverything } from './sealed-log.js';

const EVIDENCE = { trustedKeys: null, checkpoints: OutsideCheckpoints.none };
const anyVersion = { headers: { 'if-match': '*' } };

interface Command {
  readonly id: string;
  readonly approvalId: string;
  readonly digest: string;
}

/** What was decided and done, against the log: whoever writes a decision into the database leaves no entry. */
describe('Completeness', () => {
  let app: TestApp;
  let grace: Actor;
  let linus: Actor;
  let superuser: pg.Client;
  let pending: Command;
  let rejected: Command;
  let key: { id: string };
  let successor: { id: string };

  beforeAll(async () => {
    app = await startApp();
    const admin = await setUp(app);
    grace = await developer({ app, admin }, 'grace');
    linus = await invited(app, admin, 'linus', ['approver']);
    const ada = await invited(app, admin, 'barbara', ['approver']);
    await admin.http.patch('/settings', { 'approvals.required': 2 }, anyVersion);

    const approved = await ask('npm publish', false);
    for (const voter of [linus, ada])
      await voter.http.post(`/terminal/approvals/${approved.approvalId}/approve`, {
        digest: approved.digest,
      });
    await grace.http.post(`/terminal/commands/${approved.id}/confirmation`, { confirmed: true });
    await grace.http.post(`/terminal/commands/${approved.id}/result`, { exitCode: 0 });
    rejected = await ask('npm deprecate x', false);
    await linus.http.post(`/terminal/approvals/${rejected.approvalId}/reject`, { note: 'No.' });
    const withdrawn = await ask('npm unpublish', false);
    await grace.http.post(`/terminal/commands/${withdrawn.id}/cancel`);
    const confirmed = await ask('npm publish', true);
    await grace.http.post(`/terminal/commands/${confirmed.id}/confirmation`, { confirmed: true });
    pending = await ask('npm owner add x', false);
    key = (await grace.http.post('/auth/api-keys', { name: 'of another laptop' })).body;
    const { id } = (await grace.http.post('/auth/api-keys', { name: 'of a laptop' })).body;
    successor = (await grace.http.post(`/auth/api-keys/${id}/rotate`, { overlapSeconds: 60 })).body;
    await sealEverything(app);

    const name = new URL(app.database.ownerUrl).pathname.slice(1);
    superuser = new pg.Client(withDatabase(testServer().superuserUrl, name));
    await superuser.connect();
  });
  afterAll(async () => {
    await superuser?.end();
    await app?.close();
  });

  async function ask(command: string, interactive: boolean): Promise<Command> {
    const body = { command, mode: 'local', sessionId: 'term-1', interactive };
    return (await grace.http.post('/terminal/commands', body)).body;
  }

  async function after(sql: string): Promise<VerificationReport> {
    await superuser.query('BEGIN; SET LOCAL session_replication_role = replica');
    try {
      await superuser.query(sql);
      return await verifySnapshot(superuser, EVIDENCE);
    } finally {
      await superuser.query('ROLLBACK');
    }
  }

  it('counts what was asked, voted, decided, confirmed and reported, and finds the entry of each', async () => {
    const report = await verifyDatabase(superuser, EVIDENCE);

    expect(report).toMatchObject({ exitCode: 0, findings: [] });
    const counted = (report.completeness ?? []).map(({ name, rows, missing }) => [name, rows, missing]);
    expect(counted).toEqual(
      expect.arrayContaining([
        ['command', 5, 0],
        ['confirmed command', 2, 0],
        ['reported command', 1, 0],
        ['approval', 4, 0],
        ['decided approval', 3, 0],
        ['vote', 3, 0],
        ['key', 2, 0],
        ['succeeding key', 1, 0],
      ]),
    );
    expect(textOf(report)).toContain('3 of 3 decided approvals');
  });

  it.each([
    [
      'a key whose origin is hidden',
      () => `UPDATE api_keys SET replaced_by_id = NULL WHERE replaced_by_id = '${successor.id}'`,
      () => `The key ${successor.id} has no entry.`,
    ],
    [
      'a key passed off as the successor of another',
      () => `UPDATE api_keys SET replaced_by_id = '${key.id}' WHERE id = '${successor.id}'`,
      () => `The succeeding key ${key.id} has no entry.`,
    ],
    [
      'an approval decided',
      () =>
        `UPDATE terminal_approvals SET status = 'approved', resolved_at = now() WHERE id = '${pending.approvalId}'`,
      () => `The decided approval ${pending.approvalId} has no entry.`,
    ],
    [
      'a decision turned round',
      () => `UPDATE terminal_approvals SET status = 'approved' WHERE id = '${rejected.approvalId}'`,
      () => `The decided approval ${rejected.approvalId} has no entry.`,
    ],
    [
      'a vote cast',
      () =>
        `INSERT INTO approval_votes SELECT approval_id, '${grace.id}', 'grace', 'approve', NULL, digest, now()
           FROM approval_votes WHERE approval_id = '${rejected.approvalId}'`,
      () => `The vote ${rejected.approvalId} by ${grace.id} has no entry.`,
    ],
    [
      'a vote turned round',
      () => `UPDATE approval_votes SET vote = 'approve' WHERE approval_id = '${rejected.approvalId}'`,
      () => `The vote ${rejected.approvalId} by ${linus.id} has no entry.`,
    ],
    [
      'a command confirmed',
      () =>
        `UPDATE command_requests SET decision = 'confirmed', decided_at = now() WHERE id = '${pending.id}'`,
      () => `The confirmed command ${pending.id} has no entry.`,
    ],
    [
      'a run reported',
      () => `UPDATE command_requests SET exit_code = 0, finished_at = now() WHERE id = '${pending.id}'`,
      () => `The reported command ${pending.id} has no entry.`,
    ],
  ])('finds %s in the database', async (_what, sql, finding) => {
    const { exitCode, firstBadSeq, findings } = await after(sql());

    expect({ exitCode, firstBadSeq }).toEqual({ exitCode: 3, firstBadSeq: null });
    expect(findings.map(({ what }) => what)).toEqual([finding()]);
  });
});
