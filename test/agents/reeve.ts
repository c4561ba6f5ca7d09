import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

// Processes are started, and one of them sleeps as long as the server tells it.
jest.setTimeout(60_000);

const ENTRY = resolve(import.meta.dirname, '../..', process.env.REEVE_DIST ?? 'dist', 'src/cli.js');
const INPUTS = join(import.meta.dirname, 'inputs');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; it is closed at once without one. */
  readonly input?: string;
  readonly cwd?: string;
}

/** The `reeve` command on a machine of its own: a home directory that nobody else uses, and the program as it is built. */
export class Machine {
  readonly home = mkdtempSync(join(tmpdir(), 'reeve-machine-'));
  private readonly running = new Set<RunningCommand>();

  get loginFile(): string {
    return join(this.home, '.config/reeve/login.json');
  }

  start(args: readonly string[], given: Given = {}): RunningCommand {
    if (!existsSync(ENTRY)) throw new Error(`There is no ${ENTRY}. Run "npm run build" first.`);
    const command = new RunningCommand(
      spawn(process.execPath, [ENTRY, ...args], {
        cwd: given.cwd ?? this.home,
        env: { PATH: process.env.PATH, HOME: this.home, ...given.env },
        stdio: 'pipe',
      }),
    );
    this.running.add(command);
    void command.ended.then(() => this.running.delete(command));
    command.write(given.input);
    return command;
  }

  run(args: readonly string[], given?: Given): Promise<Ended> {
    return this.start(args, given).ended;
  }

  /** A program of that name in a directory of this machine, which says so when it runs. */
  program(directory: string, name: string): string {
    const path = join(this.home, directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\necho "${directory}: $*"\n`, { mode: 0o755 });
    return path;
  }

  async remove(): Promise<void> {
    for (const command of this.running) command.kill('SIGKILL');
    await Promise.all([...this.running].map(({ ended }) => ended));
    rmSync(this.home, { recursive: true, force: true });
  }
}

export class RunningCommand {
  readonly ended: Promise<Ended>;
  private stdout = '';
  private stderr = '';

  constructor(private readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    // It may end without having read what it was given.
    child.stdin?.on('error', () => undefined);
    this.ended = once(child, 'close').then(() => ({
      code: child.exitCode,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  write(input = ''): void {
    this.child.stdin?.end(input);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** What it said on standard error, once that matches. */
  async said(pattern: RegExp): Promise<string> {
    for (let waited = 0; waited < 20_000; waited += 20) {
      const found = pattern.exec(this.stderr)?.[0];
      if (found !== undefined) return found;
      await pause(20);
    }
    throw new Error(`It never said ${String(pattern)}:\n${this.stderr}`);
  }
}

/** What an agent writes to its hook, with another command in place of the recorded one if wanted. */
export function recorded(name: string, command?: string): string {
  const input = JSON.parse(readFileSync(join(INPUTS, `${name}.json`), 'utf8')) as {
    tool_input: Record<string, unknown>;
  };
  if (command !== undefined) input.tool_input.command = command;
  return JSON.stringify(input);
}

/** An address where nobody listens. */
export async function deadAddress(): Promise<string> {
  const { url, close } = await speaking(() => undefined);
  await close();
  return url;
}

/** A server that does with each connection what the test says. */
export async function speaking(
  talk: (socket: Socket) => void,
): Promise<{ url: string; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    talk(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
