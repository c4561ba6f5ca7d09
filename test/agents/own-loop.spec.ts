import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expecting } from '../faults/people.js';
import { Stage } from './stage.js';

const GUIDE = readFileSync(resolve(import.meta.dirname, '../../docs/agents.md'), 'utf8');

/** The loop that docs/agents.md shows, as it stands there. */
describe('A loop with curl', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set();
  });
  afterAll(() => stage?.strike());

  const [, loop] = /```bash\n(.*?)```/s.exec(GUIDE) ?? [];
  const isReleased = () => existsSync(join(stage.machine.home, 'released'));

  function runLoop(
    given: { before?: string; token?: string } = {},
  ): Promise<{ code: number; stderr: string }> {
    const { before = '', token = stage.env.REEVE_TOKEN } = given;
    const env = { ...process.env, REEVE: stage.env.REEVE_SERVER, TOKEN: token };
    return new Promise((done) =>
      execFile('bash', ['-c', `${before}\n${loop}`], { cwd: stage.machine.home, env }, (error, _, stderr) =>
        done({ code: Number(error?.code ?? 0), stderr }),
      ),
    );
  }

  it('does not run what an approver rejects', async () => {
    const running = runLoop();
    const { id } = await stage.pendingApproval();
    await expecting(
      200,
      stage.approver.http.post(`/terminal/approvals/${id}/reject`, { note: 'Not today.' }),
    );
    expect((await running).code).toBe(126);
    expect(isReleased()).toBe(false);
  });

  it('runs nothing when Reeve does not take the key', async () => {
    const { code, stderr } = await runLoop({ token: 'rv_usr_wrong' });
    expect([code, isReleased()]).toEqual([125, false]);
    expect(stderr).toContain('401');
    expect(stderr).not.toContain('TypeError');
  });

  it('runs nothing when what was agreed to cannot be taken up', async () => {
    // Whatever the server says to it: a rule may refuse it by now, or the answer may be lost.
    const before = `curl() { case "$*" in */confirmation*) return 22 ;; *) command curl "$@" ;; esac; }`;
    const running = runLoop({ before });
    const { id, digest } = await stage.pendingApproval();
    await expecting(200, stage.approver.http.post(`/terminal/approvals/${id}/approve`, { digest }));
    expect((await running).code).toBe(126);
    expect(isReleased()).toBe(false);
  });

  it('runs what an approver agrees to, and reports it', async () => {
    const running = runLoop();
    const { id, digest } = await stage.pendingApproval();
    await expecting(200, stage.approver.http.post(`/terminal/approvals/${id}/approve`, { digest }));
    expect(await running).toEqual({ code: 0, stderr: '' });
    expect(isReleased()).toBe(true);
    expect(await stage.newestCommand()).toMatchObject({ status: 'succeeded', decision: 'confirmed' });
  });

  it('runs what is allowed without asking anybody', async () => {
    await stage.allow('touch released');
    expect(await runLoop()).toEqual({ code: 0, stderr: '' });
    expect(await stage.newestCommand()).toMatchObject({ status: 'succeeded', decision: 'executed' });
  });
});
