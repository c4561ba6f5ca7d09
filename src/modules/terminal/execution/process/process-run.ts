import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants as files, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { TerminalUser } from '../../../../kernel/runtime/index.js';
import { type OutputSink, type Run, type RunEnd, RunRefused } from '../driver.js';
import { findExecutable, requirePinned } from './executable.js';
import { expand, TooManyNames } from './pathname-expansion.js';
import { withoutHelpers } from './git-arguments.js';
import { closeAll, makePipes, type Pipe } from './pipes.js';
import type { ProcessFamily } from './process-family.js';
import type { Pipeline, SimpleCommand } from './sequence.js';
import type { WorkingDirectory } from './working-directory.js';

/** How long a command may take to end by itself once it is asked to. */
const GRACE_MS = 2_000;
/** What is still in a pipe when everybody who wrote to it has ended is there at once. */
const LAST_WORDS_MS = 2_000;
const CANNOT_RUN = 126;

export interface Setting {
  readonly directory: WorkingDirectory;
  readonly environment: Record<string, string>;
  /** Words in front of every program. */
  readonly confinement: readonly string[];
  readonly user: TerminalUser | undefined;
}

type Descriptors = [number, number, number];

/**
 * The processes of one command: pipelines one after the other, as their endings say. All write to the same two pipes, so
 * that what they say stays in order.
 */
export class ProcessRun implements Run {
  readonly ended: Promise<RunEnd>;
  private isStopped = false;
  private readonly nothing = openSync('/dev/null', files.O_RDWR);
  private readonly listeners: readonly Socket[];

  private constructor(
    private readonly pipelines: readonly Pipeline[],
    private readonly setting: Setting,
    private readonly family: ProcessFamily,
    private readonly stdout: Pipe,
    private readonly stderr: Pipe,
    private readonly output: OutputSink,
  ) {
    this.listeners = [
      listener(stdout.read, (bytes) => output('stdout', bytes)),
      listener(stderr.read, (bytes) => output('stderr', bytes)),
    ];
    this.ended = this.runAll().finally(() => this.leave());
  }

  static async start(
    pipelines: readonly Pipeline[],
    setting: Setting,
    family: ProcessFamily,
    output: OutputSink,
  ): Promise<ProcessRun> {
    const [stdout, stderr] = await makePipes(2);
    return new ProcessRun(pipelines, setting, family, stdout, stderr, output);
  }

  stop(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.family.signal('SIGTERM');
    const end = (): void => void this.family.end();
    const timer = setTimeout(end, GRACE_MS);
    const over = (): void => clearTimeout(timer);
    this.ended.then(over, over);
  }

  private async runAll(): Promise<RunEnd> {
    let last: RunEnd = { exitCode: 0, signal: null };
    for (const pipeline of this.pipelines) {
      if (this.isStopped) break;
      if (pipeline.runs === 'after_success' && last.exitCode !== 0) continue;
      if (pipeline.runs === 'after_failure' && last.exitCode === 0) continue;
      last = await this.runPipeline(pipeline.commands);
    }
    return last;
  }

  /** All of them at once; the last one's end is that of the pipeline. */
  private async runPipeline(commands: readonly SimpleCommand[]): Promise<RunEnd> {
    const pipes = await makePipes(commands.length - 1);
    const open = new Set(pipes.flatMap(({ read, write }) => [read, write]));
    const letGo = (...descriptors: (number | undefined)[]): void => {
      for (const descriptor of descriptors)
        if (descriptor !== undefined && open.delete(descriptor)) closeSync(descriptor);
    };
    const ends: Promise<RunEnd>[] = [];
    try {
      for (const [index, command] of commands.entries()) {
        const descriptors: Descriptors = [
          pipes[index - 1]?.read ?? this.nothing,
          pipes[index]?.write ?? this.stdout.write,
          this.stderr.write,
        ];
        ends.push((await this.launch(command, descriptors)).end);
        // Whoever held on to them would keep readers from seeing the end, and writers from noticing it.
        letGo(pipes[index - 1]?.read, pipes[index]?.write);
      }
    } finally {
      closeAll(open);
    }
    return (await Promise.all(ends))[ends.length - 1];
  }

  /** Wrapped, because the end is waited for when all commands of the pipeline run. */
  private async launch(
    command: SimpleCommand,
    descriptors: Descriptors,
  ): Promise<{ readonly end: Promise<RunEnd> }> {
    const stdio = this.redirected(command, descriptors);
    const argv = await this.argvOf(command);
    if (Array.isArray(argv) && !this.isStopped) return { end: this.spawn(argv, stdio) };
    const end = Array.isArray(argv) ? STOPPED : this.complain(stdio[2], argv.message, argv.status);
    return { end: Promise.resolve(end) };
  }

  /** The program and its arguments as the system takes them, or why there is none. */
  private async argvOf({
    words,
    pin,
  }: SimpleCommand): Promise<string[] | { readonly status: number; readonly message: string }> {
    const { directory, environment } = this.setting;
    try {
      const argv: string[] = [];
      for (const word of words) argv.push(...(await expand(word, directory.entrance)));
      if (pin !== undefined) await requirePinned(pin);
      const found = await findExecutable(pin?.path ?? argv[0], directory.entrance, environment.PATH);
      return 'path' in found ? [found.path, ...withoutHelpers(argv).slice(1)] : found;
    } catch (error) {
      if (error instanceof TooManyNames || error instanceof RunRefused)
        return { status: CANNOT_RUN, message: error.message };
      throw error;
    }
  }

  private spawn(argv: readonly string[], stdio: Descriptors): Promise<RunEnd> {
    const { directory, environment, confinement, user } = this.setting;
    const [program, ...words] = [...confinement, ...argv];
    let child: ChildProcess;
    try {
      child = spawn(program, words, {
        cwd: directory.entrance,
        env: environment,
        stdio,
        // Its own session and group: what is sent to the group of the service does not reach it, and the other way round.
        detached: true,
        ...user,
      });
    } catch (error) {
      return Promise.resolve(this.complain(stdio[2], messageOf(error), CANNOT_RUN));
    }
    const end = new Promise<RunEnd>((resolve) => {
      child.once('error', (error) => resolve(this.complain(stdio[2], messageOf(error), CANNOT_RUN)));
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    });
    if (child.pid !== undefined) this.family.add(child.pid);
    // A stop between the decision to start it and its start would have missed it.
    if (this.isStopped) this.family.signal('SIGTERM');
    return end;
  }

  private redirected({ redirects }: SimpleCommand, descriptors: Descriptors): Descriptors {
    const result: Descriptors = [...descriptors];
    for (const { descriptor, to } of redirects)
      result[descriptor] = to === 'null' ? this.nothing : result[to];
    return result;
  }

  /** As a shell would. What goes to another command of the pipeline is not worth a write that may have to wait. */
  private complain(stderr: number, message: string, exitCode: number): RunEnd {
    const bytes = Buffer.from(`reeve: ${message}\n`);
    if (stderr === this.stderr.write) this.output('stderr', bytes);
    else if (stderr === this.stdout.write) this.output('stdout', bytes);
    return { exitCode, signal: null };
  }

  /** Nothing of the command is left when this is done, and all that it said has been heard. */
  private async leave(): Promise<void> {
    await this.family.end();
    closeAll([this.stdout.write, this.stderr.write, this.nothing]);
    this.setting.directory.close();
    const patience = new AbortController();
    const heard = Promise.all(this.listeners.map(closed));
    const tooLong = pause(LAST_WORDS_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([heard, tooLong]);
    patience.abort();
    for (const listener of this.listeners) listener.destroy();
  }
}

const STOPPED: RunEnd = { exitCode: null, signal: 'SIGTERM' };

function listener(descriptor: number, hear: (bytes: Buffer) => void): Socket {
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  // A pipe that breaks is one that has ended.
  socket.on('data', hear).on('error', () => undefined);
  return socket;
}

function closed(socket: Socket): Promise<void> {
  return socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once('close', () => resolve()));
}

function messageOf(error: unknown): string {
  return `cannot be started (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
}
