import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(__dirname, '../..');

/** A script of `test/kernel/children` in a process that may be killed. What it prints is kept line by line. */
export class Child {
  readonly lines: string[] = [];
  readonly exit: Promise<unknown>;
  errors = '';
  private readonly process: ChildProcess;

  constructor(script: string, ...args: string[]) {
    const directory = mkdtempSync(join(tmpdir(), 'reeve-child-'));
    const file = join(ROOT, 'test/kernel/children', script);
    this.process = spawn(process.execPath, [join(ROOT, 'test/support/run-typescript.cjs'), file, ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', TMPDIR: directory },
    });
    createInterface({ input: this.process.stdout! }).on('line', (line) => this.lines.push(line));
    this.process.stderr!.on('data', (data: Buffer) => (this.errors += data.toString()));
    this.exit = once(this.process, 'exit').finally(() => rmSync(directory, { recursive: true, force: true }));
  }

  get exitCode(): number | null {
    return this.process.exitCode;
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    this.process.kill(signal);
    if (signal === 'SIGKILL' || signal === 'SIGTERM') await this.exit;
  }
}
