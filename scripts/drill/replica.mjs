/** One process of the service that may be killed and started again on the same port. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN_MS = 120_000;
/** The process ends when its input does, so that none is left behind when the drill itself is killed. */
const END_WITH_PARENT =
  'data:text/javascript,process.stdin.on("end",()=>process.kill(process.pid,"SIGKILL")).resume().unref()';
/** For young objects: with little of it, a tenth of a start goes into collecting them. */
const ROOM = ['--min-semi-space-size=16', '--max-semi-space-size=32'];

export class Replica {
  constructor(entry, port, directory, environment) {
    this.entry = entry;
    this.directory = directory;
    this.environment = { ...environment, PORT: String(port), REEVE_DATA_DIR: directory };
    this.url = `http://127.0.0.1:${port}`;
    this.output = '';
    this.isReady = false;
  }

  /** @returns seconds from the start to ready */
  async start() {
    const startedMs = performance.now();
    this.child = spawn(process.execPath, [...ROOM, '--import', END_WITH_PARENT, this.entry], {
      cwd: this.directory,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...this.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.exited = once(this.child, 'close');
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (this.output += text));
    while (!(await this.answersReady())) {
      if (this.child.exitCode !== null || performance.now() - startedMs > READY_WITHIN_MS)
        throw new Error(`A replica did not start:\n${this.output.slice(-4_000)}`);
      await sleep(20);
    }
    this.isReady = true;
    return (performance.now() - startedMs) / 1000;
  }

  /** kill -9 */
  async kill() {
    this.isReady = false;
    this.child?.kill('SIGKILL');
    await this.exited;
  }

  /** Faults of the program in its log: uncaught errors and unhandled rejections. */
  get crashes() {
    return this.output.split('\n').filter((line) => line.includes('"level":"fatal"'));
  }

  async answersReady() {
    try {
      return (await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false;
    }
  }
}
