import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './kernel-context.js';

const ROOT = join(__dirname, '../..');
const onPosix = process.platform === 'win32' ? describe.skip : describe;

/** A script of `test/kernel/children` as a command for a shell. */
const command = (script: string): string[] => [
  process.execPath,
  join(ROOT, 'test/support/run-typescript.cjs'),
  join(ROOT, 'test/kernel/children', script),
];

function outputOf(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (data: Buffer) => (output += data.toString()));
  return () => output;
}

onPosix('a process that npm runs', () => {
  it('ends in order when the shell between them is ended, which tells it nothing', async () => {
    // The last command keeps the shell from becoming the process itself.
    const shell = spawn('sh', ['-c', '"$@"; true', 'sh', ...command('ending.ts')], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, npm_lifecycle_event: 'start' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = outputOf(shell);
    await until(() => output().includes('ready'), 20_000);
    const pid = Number(/ready (\d+)/.exec(output())![1]);
    expect(pid).not.toBe(shell.pid);

    shell.kill('SIGTERM');

    await until(() => output().includes('ended in order'), 5_000);
    await until(() => !isRunning(pid));
  }, 30_000);
});

describe('a start that fails after the database is up', () => {
  it('says what to do, ends the database and exits with 1', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const dataDir = mkdtempSync(join(tmpdir(), 'reeve-failed-start-'));
    chmodSync(dataDir, 0o711);
    const [program, ...args] = command('service.ts');
    const service = spawn(program, args, {
      cwd: dataDir,
      env: {
        PATH: process.env.PATH,
        NODE_NO_WARNINGS: '1',
        NODE_ENV: 'test',
        PORT: String(port),
        REEVE_DATA_DIR: dataDir,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = outputOf(service);

    const [code] = (await once(service, 'close')) as [number];

    expect(output()).toMatch(new RegExp(`Port ${port} .* is taken .* set PORT`));
    expect(code).toBe(1);
    expect(existsSync(join(dataDir, 'postgres/PG_VERSION'))).toBe(true);
    // Both are only there while the server runs.
    expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
    expect(existsSync(join(dataDir, 'database.url'))).toBe(false);
    holder.close();
    rmSync(dataDir, { recursive: true, force: true });
  }, 60_000);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
