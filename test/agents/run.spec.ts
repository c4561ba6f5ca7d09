import { appendFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expecting } from '../faults/people.js';
import { deadAddress } from './reeve.js';
import { Stage } from './stage.js';

/** `reeve run` without a terminal, as an agent or a script starts it. */
describe('reeve run', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.set();
    await stage.allow('ls', 'cat', 'no-such-program');
    await stage.block('touch refused');
  });
  afterAll(() => stage?.strike());

  const start = (argv: string[], given: { input?: string; env?: Record<string, string> } = {}) =>
    stage.machine.start(['run', '--', ...argv], { env: stage.env, ...given });
  const run = (argv: string[], given?: { input?: string; env?: Record<string, string> }) =>
    start(argv, given).ended;
  const exists = (name: string) => existsSync(join(stage.machine.home, name));
  const approval = () => stage.pendingApproval();

  it('runs what is allowed, hands input, output and the exit code through, and reports the end', async () => {
    expect(await run(['cat'], { input: 'as it is\n' })).toEqual({
      code: 0,
      stdout: 'as it is\n',
      stderr: '',
    });
    expect(await stage.newestCommand()).toMatchObject({
      argv: ['cat'],
      cwd: stage.machine.home,
      status: 'succeeded',
      exitCode: 0,
    });
    const missing = await run(['ls', './missing']);
    expect([missing.code, missing.stdout]).toEqual([2, '']);
    expect(await stage.newestCommand()).toMatchObject({ status: 'failed', exitCode: 2 });
  });

  it('asks no shell: what looks like one is an argument', async () => {
    const { stderr } = await run(['ls', '$HOME; touch surprise', '*']);
    expect(stderr).toContain('$HOME; touch surprise');
    expect(exists('surprise')).toBe(false);
  });

  it('does not run what is refused, and says why', async () => {
    const { code, stdout, stderr } = await run(['touch', 'refused']);
    expect([code, stdout, exists('refused')]).toEqual([126, '', false]);
    expect(stderr).toContain('Reeve refused this');
    expect(stderr).toContain('Not on this machine.');
  });

  it('waits for an approval, and then runs it once', async () => {
    const running = start(['touch', 'approved']);
    const { id, digest } = await approval();
    expect(await running.said(/Waiting for an approval/)).toBeTruthy();
    expect(exists('approved')).toBe(false);
    await expecting(200, stage.approver.http.post(`/terminal/approvals/${id}/approve`, { digest }));

    expect((await running.ended).code).toBe(0);
    expect(exists('approved')).toBe(true);
    const { id: command, ...rest } = await stage.newestCommand();
    expect(rest).toMatchObject({ status: 'succeeded', decision: 'confirmed', exitCode: 0 });
    const again = await stage.developer.http.post(`/terminal/commands/${String(command)}/confirmation`, {
      confirmed: true,
    });
    expect(again.body.code).toBe('command_not_pending');
  });

  it('does not run what an approver rejects', async () => {
    const running = start(['touch', 'rejected']);
    const { id } = await approval();
    await expecting(
      200,
      stage.approver.http.post(`/terminal/approvals/${id}/reject`, { note: 'Not on a Friday.' }),
    );

    const { code, stderr } = await running.ended;
    expect([code, exists('rejected')]).toEqual([126, false]);
    expect(stderr).toContain('the approval was rejected: Not on a Friday.');
  });

  it('withdraws what it waits for on Ctrl-C', async () => {
    const running = start(['touch', 'withdrawn']);
    await approval();
    await running.said(/Waiting for an approval/);
    running.kill('SIGINT');

    expect((await running.ended).code).toBe(130);
    expect(exists('withdrawn')).toBe(false);
    expect(await stage.newestCommand()).toMatchObject({ status: 'cancelled' });
  });

  it('hands a signal to the program, and ends as that does', async () => {
    // Spelled so that the words are the program's, not those of the command that is shown.
    const running = start(['node', '-e', 'console.error("up " + 6 * 7); setTimeout(() => {}, 60_000)']);
    const { id, digest } = await approval();
    await expecting(200, stage.approver.http.post(`/terminal/approvals/${id}/approve`, { digest }));
    await running.said(/up 42/);
    running.kill('SIGTERM');
    expect((await running.ended).code).toBe(143);
    expect(await stage.newestCommand()).toMatchObject({ status: 'failed', exitCode: 143 });
  });

  it('runs the file that a rule is pinned to, and no other of its name', async () => {
    const pinned = stage.machine.program('tools', 'pinned-tool');
    const other = stage.machine.program('others', 'pinned-tool');
    await stage.allowPinned('pinned-tool', pinned);
    const env = { ...stage.env, PATH: `${dirname(other)}:${process.env.PATH}` };

    expect(await run(['pinned-tool', 'x'], { env })).toEqual({ code: 0, stdout: 'tools: x\n', stderr: '' });
    appendFileSync(pinned, 'echo and more\n');
    const { code, stdout, stderr } = await run(['pinned-tool', 'x'], { env });
    expect([code, stdout]).toEqual([126, '']);
    expect(stderr).toContain('executable_changed');
    expect(await stage.newestCommand()).toMatchObject({ status: 'failed', exitCode: 126 });
  });

  it('says why it was not run when a rule was written meanwhile', async () => {
    const running = start(['touch', 'overtaken']);
    await approval();
    await running.said(/Waiting for an approval/);
    await stage.block('touch overtaken');
    const { code, stderr } = await running.ended;
    expect([code, exists('overtaken')]).toEqual([126, false]);
    expect(stderr).toContain('was cancelled: rules or rights have changed');
  });

  it('tells its own failures from those of the program', async () => {
    const nobody = { REEVE_SERVER: await deadAddress(), REEVE_TOKEN: 'rv_usr_any' };
    expect(await run(['touch', 'offline'], { env: nobody })).toMatchObject({
      code: 125,
      stderr: expect.stringContaining('cannot be asked'),
    });
    expect(await run(['touch', 'offline'], { env: {} })).toMatchObject({ code: 125 });
    expect(exists('offline')).toBe(false);
    // Folders that may not be read, as a path taken over from somebody else has, would make it EACCES.
    const env = { ...stage.env, PATH: '/usr/bin:/bin' };
    expect(await run(['no-such-program'], { env })).toMatchObject({
      code: 127,
      stderr: expect.stringContaining('ENOENT'),
    });
  });
});
