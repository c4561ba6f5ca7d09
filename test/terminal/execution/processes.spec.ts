import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run, RunForm, RunOrder } from '../../../src/modules/terminal/execution/driver.js';
import type { ProcessDriver } from '../../../src/modules/terminal/execution/process/process-driver.js';
import { drive, driverIn, orderOf, program, script, sequence } from './driving.js';

describe('A process of a command', () => {
  let base: string;
  let root: string;
  let driver: ProcessDriver;

  beforeAll(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'reeve-processes-')));
    root = join(base, 'root');
    mkdirSync(join(root, 'app'), { recursive: true });
    mkdirSync(join(base, 'outside'));
    symlinkSync(join(base, 'outside'), join(root, 'way-out'));
    symlinkSync('app', join(root, 'way-in'));
    process.env.REEVE_TEST_SECRET_OF_THE_SERVICE = 'hunter2';
    driver = driverIn(root, { LC_TIME: 'C' });
  });
  afterAll(() => {
    delete process.env.REEVE_TEST_SECRET_OF_THE_SERVICE;
    rmSync(base, { recursive: true, force: true });
  });

  it('gets what is on the list of the environment, and nothing of the service', async () => {
    const { stdout } = await drive(driver, program('env'), { commandId: 'the-one', env: { CI: '1' } });

    const names = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0])
      .filter((name) => !name.startsWith('GIT_'));
    expect(names.sort()).toEqual(
      [
        'CI',
        'COMMAND_REQUEST_ID',
        'HOME',
        'LANG',
        'LC_TIME',
        'LOGNAME',
        'PATH',
        'PWD',
        'TERM',
        'USER',
      ].sort(),
    );
    expect(stdout).toContain('COMMAND_REQUEST_ID=the-one\n');
    expect(stdout).toContain(`HOME=${root}\n`);
    expect(stdout).not.toMatch(/REEVE|hunter2|DATABASE_URL/);
  });

  it.each([
    ['LD_PRELOAD'],
    ['BASH_ENV'],
    ['ENV'],
    ['GIT_SSH_COMMAND'],
    ['NODE_OPTIONS'],
    ['IFS'],
    ['PATH'],
    ['SSH_AUTH_SOCK'],
  ])('is not started with %s', async (name) => {
    await expect(drive(driver, program('true'), { env: { [name]: 'x' } })).rejects.toMatchObject({
      code: 'environment_refused',
    });
  });

  it('has no input, and no files of the service open', async () => {
    const own = openSync(join(base, 'own-file'), 'w');
    const server = createServer().listen(0);

    const { stdout } = await drive(driver, script('for fd in /proc/$$/fd/*; do readlink "$fd"; done'));

    const [input, ...others] = stdout.trim().split('\n');
    expect(input).toBe('/dev/null');
    expect(others.slice(0, 2)).toEqual([
      expect.stringContaining('reeve-pipes-'),
      expect.stringContaining('reeve-pipes-'),
    ]);
    const inherited = readlinks(`/proc/${process.ppid}/fd`);
    expect(others.slice(2).filter((link) => !inherited.includes(link) && !link.startsWith('/proc/'))).toEqual(
      [],
    );
    closeSync(own);
    server.close();
  });

  it('starts in the root, or where links in the root lead that stay in it', async () => {
    expect((await drive(driver, program('pwd', '-P'))).stdout).toBe(`${root}\n`);
    for (const cwd of ['app', join(root, 'app'), 'way-in', 'way-out/../app'])
      expect((await drive(driver, program('pwd', '-P'), { cwd })).stdout).toBe(`${join(root, 'app')}\n`);
  });

  it.each([
    ['way-out', 'cwd_outside_root'],
    ['/', 'cwd_outside_root'],
    ['../outside', 'cwd_outside_root'],
    ['missing', 'cwd_missing'],
  ])('is not started in %s', async (cwd, code) => {
    await expect(drive(driver, program('touch', 'here'), { cwd })).rejects.toMatchObject({ code });
    expect(await readdir(join(base, 'outside'))).toEqual([]);
  });

  it('gets into the directory that was looked at, also when its path leads elsewhere by then', async () => {
    const [place, aside] = [join(root, 'moving'), join(root, 'moved')];
    mkdirSync(place);
    // The exchange falls between the look and the start: the pipes are made there.
    const started = driver.start(orderOf(program('pwd', '-P'), { cwd: 'moving' }), () => undefined);
    for (let round = 0; round < 200; round++) {
      renameSync(place, aside);
      symlinkSync(join(base, 'outside'), place);
      await sleep(1);
      rmSync(place);
      renameSync(aside, place);
    }
    const outcome = await started.then(
      ({ ended }) => ended,
      ({ code }: { code: string }) => code,
    );
    expect(outcome === 'cwd_outside_root' || outcome === 'cwd_missing' || typeof outcome === 'object').toBe(
      true,
    );
    expect(await readdir(join(base, 'outside'))).toEqual([]);
  });

  it('is the file that its rule is pinned to, or does not start', async () => {
    const path = join(root, 'tool');
    const text = '#!/bin/sh\necho pinned "$@"\n';
    writeFileSync(path, text, { mode: 0o755 });
    const sha256 = createHash('sha256').update(text).digest('hex');
    const pinned = (digest: string): RunForm => ({
      kind: 'program',
      argv: ['tool', 'x'],
      pin: { path, sha256: digest },
    });

    expect((await drive(driver, pinned(sha256))).stdout).toBe('pinned x\n');
    await expect(drive(driver, pinned('0'.repeat(64)))).rejects.toMatchObject({ code: 'executable_changed' });
    const inText: RunForm = { kind: 'sequence', text: 'true && tool y', pins: [undefined, { path, sha256 }] };
    expect((await drive(driver, inText)).stdout).toBe('pinned y\n');
    writeFileSync(path, `${text}# changed`);
    await expect(drive(driver, inText)).rejects.toMatchObject({ code: 'executable_changed' });
  });

  it('runs as the account that is named, without the groups of the service', async () => {
    const own = process.getuid?.() ?? -1;
    // Only root can take on another account.
    const user = own === 0 ? { uid: 65_534, gid: 65_533 } : { uid: own, gid: process.getgid?.() ?? -1 };

    const { stdout } = await drive(
      driverIn(root, {}, user),
      script('id -u; id -g; id -G; pwd; echo "$USER"; id -un'),
    );

    const { uid, gid } = user;
    const [name, ...others] = stdout.trim().split('\n').reverse();
    expect(others.reverse()).toEqual([String(uid), String(gid), String(gid), root, name]);
  });

  it('may use as much as its limits say', async () => {
    const { stdout } = await drive(driver, script('ulimit -t; ulimit -n; ulimit -c; ulimit -d; ulimit -f'), {
      timeoutSeconds: 7,
    });
    expect(stdout.trim().split('\n')).toEqual([
      '7',
      '1024',
      '0',
      String(4 * 1024 ** 2),
      String(2 * 1024 ** 2),
    ]);
  });

  it('obeys no hooks, pagers and helpers of a repository', async () => {
    const { exitCode, stderr } = await drive(
      driver,
      script(`
        set -e
        git init -q repository && cd repository
        git config user.email a@example.com && git config user.name a
        printf '#!/bin/sh\\ntouch ../hooked\\n' > .git/hooks/pre-commit && chmod +x .git/hooks/pre-commit
        git config core.fsmonitor 'touch ../fsmonitored' && git config diff.external 'touch ../diffed'
        git config core.sshCommand 'touch ../sshed' && git config credential.helper '!touch ../helped'
        git config core.pager 'touch ../paged' && git config core.editor 'touch ../edited'
        echo one > file && git add file && git commit -qm one
        echo two > file && git status >/dev/null && git --no-pager log >/dev/null
        git commit -a --amend 2>/dev/null || true
        git fetch ssh://nowhere.invalid/x 2>/dev/null || true
        git log --show-signature >/dev/null`),
    );

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const options of [[], ['-C', 'repository']])
      expect(
        (
          await drive(driver, program('git', ...options, 'diff'), {
            cwd: options.length === 0 ? 'repository' : null,
          })
        ).stdout,
      ).toContain('+two');
    const names = await readdir(root);
    expect(names.filter((name) => /ed$/.test(name) && name !== 'moved')).toEqual([]);
  });

  it.each([
    ['text of rules', sequence('sleep 300 | sleep 301')],
    ['agreed text', script('sleep 300 & sleep 301 & wait')],
    ['one that ignores being asked', script('trap "" TERM; sleep 300 & while true; do sleep 1; done')],
    [
      'one that forks away',
      script('(setsid sleep 300 &) ; (setsid bash -c "trap \\"\\" TERM; sleep 301" &) ; sleep 302'),
    ],
  ])('is gone with all it started when it is stopped: %s', async (_, form) => {
    const { run, order } = await begin(form);
    await sleep(300);
    expect((await membersOf(order)).length).toBeGreaterThan(0);

    run.stop();
    await run.ended;

    expect(await membersOf(order)).toEqual([]);
  });

  it('leaves nothing behind when it ends by itself', async () => {
    const { run, order } = await begin(script('(setsid sleep 300 &); sleep 301 & disown; echo done'));

    expect(await run.ended).toEqual({ exitCode: 0, signal: null });

    expect(await membersOf(order)).toEqual([]);
  });

  it('that outlived its service is found and ended, others are left alone', async () => {
    const [over, going] = [await begin(program('sleep', '300')), await begin(program('sleep', '300'))];

    await driver.endStrays(async (ids) => ids.filter((id) => id === over.order.commandId));

    expect(await over.run.ended).toEqual({ exitCode: null, signal: 'SIGKILL' });
    expect(await membersOf(going.order)).toHaveLength(1);
    going.run.stop();
    await going.run.ended;
  });

  function readlinks(directory: string): string[] {
    return readdirSync(directory).map((name) => {
      try {
        return readlinkSync(join(directory, name));
      } catch {
        return '';
      }
    });
  }

  async function begin(form: RunForm): Promise<{ run: Run; order: RunOrder }> {
    const order = orderOf(form);
    return { run: await driver.start(order, () => undefined), order };
  }

  async function membersOf({ commandId }: RunOrder): Promise<string[]> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const mark = `COMMAND_REQUEST_ID=${commandId}`;
    const marked = await Promise.all(
      pids.map(async (pid) => {
        const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
        return environment.split('\0').includes(mark);
      }),
    );
    return pids.filter((_, index) => marked[index]);
  }
});
