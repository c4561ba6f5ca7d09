import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { HttpClient } from './http-client.js';

// Starting processes takes seconds, and more of them on a machine that has other things to do.
jest.setTimeout(180_000);

const CHECKOUT = resolve(import.meta.dirname, '../..');
const READY_WITHIN_MS = 120_000;

/** The root key of all processes of the tests: replicas must share one. */
export const SHARED_SECRET_KEY = 'kEcYWfnkbBHVbKmsZ1ik3NaTDtoUwwbMxCQ8Z2PkzAs';
/** The first administrator of every fleet that does not ask for the set-up token. */
export const ADMIN = { email: 'ada@example.com', password: 'copper kettle sings at dawn' } as const;

const ADMIN_VARIABLES = { REEVE_ADMIN_EMAIL: ADMIN.email, REEVE_ADMIN_PASSWORD: ADMIN.password };
const UNLIMITED = {
  REEVE_RATE_ANONYMOUS: '10000000',
  REEVE_RATE_AUTH: '10000000',
  REEVE_RATE_PRINCIPAL: '10000000',
  REEVE_RATE_EXPORT: '10000',
};

/** Ends with its parent, whatever ends that: standard input is a pipe whose other end the parent holds. */
const END_WITH_PARENT =
  'data:text/javascript,process.stdin.on("end",()=>process.kill(process.pid,"SIGKILL")).resume().unref()';

/** For young objects: with little of it, a tenth of a start goes into collecting them. */
const ROOM = ['--min-semi-space-size=16', '--max-semi-space-size=32'];

export interface FleetOptions {
  readonly database: { readonly ownerUrl: string; readonly runtimeUrl: string };
  /** How many processes; two when not given. */
  readonly size?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Another way to the database for one process, for instance through a relay; by its place in the fleet. */
  readonly runtimeUrlOf?: (index: number) => string;
  /** Leave the installation without a first administrator, so that a set-up token is printed. */
  readonly withoutAdmin?: boolean;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the request to end until the end. */
  readonly seconds: number;
}

/** One line of the JSON log. */
export interface LogLine {
  readonly level: string;
  readonly msg?: string;
  readonly err?: { readonly type?: string; readonly message?: string };
  readonly [field: string]: unknown;
}

/** One real process of the service. It can be killed, suspended and started again on the same port and directory. */
export class ServiceProcess {
  readonly url: string;
  /** Everything the process has said, all its starts together. */
  output = '';
  private child: ChildProcess | null = null;
  private exited: Promise<unknown> = Promise.resolve();

  constructor(
    readonly port: number,
    readonly dataDir: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  get http(): HttpClient {
    return new HttpClient(this.url);
  }

  get pid(): number {
    return this.running().pid!;
  }

  get isRunning(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The lines of the log that are JSON. */
  get log(): LogLine[] {
    return this.output.split('\n').flatMap((line) => (line.startsWith('{') ? parsed(line) : []));
  }

  /** What only a fault of the program writes: uncaught errors and unhandled rejections. */
  get crashes(): LogLine[] {
    return this.log.filter(({ level }) => level === 'fatal');
  }

  get setupToken(): string | null {
    return /rv_stp_\w+/.exec(this.output)?.[0] ?? null;
  }

  /** The mails this process has written to files, oldest first. */
  get mails(): string[] {
    const directory = join(this.dataDir, 'mail');
    if (!existsSync(directory)) return [];
    const files = readdirSync(directory).filter((name) => name.endsWith('.eml'));
    return files.sort().map((name) => readFileSync(join(directory, name), 'utf8'));
  }

  launch(): void {
    const entry = builtEntry();
    const child = spawn(process.execPath, [...ROOM, '--import', END_WITH_PARENT, entry], {
      // Nothing of this run's environment, and no .env of the checkout, may change what is tested.
      cwd: this.dataDir,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TMPDIR: process.env.TMPDIR,
        ...this.environment,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.exited = once(child, 'close');
    this.child = child;
  }

  /** Resolves when the process is ready; throws with its last words when it ends or takes too long. */
  async ready(withinMs = READY_WITHIN_MS): Promise<void> {
    for (const deadline = performance.now() + withinMs; performance.now() < deadline; await sleep(25)) {
      if (!this.isRunning) throw new Error(`The process ended at its start:\n${this.lastWords()}`);
      if (await this.isReady()) return;
    }
    throw new Error(`The process was not ready within ${withinMs} ms:\n${this.lastWords()}`);
  }

  async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false;
    }
  }

  async start(): Promise<this> {
    this.launch();
    await this.ready();
    return this;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    this.running().kill('SIGKILL');
    await this.exited;
  }

  /** Asks it to end in order (SIGTERM) and waits for that. */
  async terminate(): Promise<ProcessEnd> {
    const child = this.running();
    const startedMs = performance.now();
    child.kill('SIGTERM');
    await this.exited;
    return {
      code: child.exitCode,
      signal: child.signalCode,
      seconds: (performance.now() - startedMs) / 1000,
    };
  }

  suspend(): void {
    this.running().kill('SIGSTOP');
  }

  resume(): void {
    this.running().kill('SIGCONT');
  }

  lastWords(): string {
    return this.output.slice(-4_000);
  }

  private running(): ChildProcess {
    if (this.child === null) throw new Error('The process has not been started.');
    return this.child;
  }
}

/** Processes that share one database, as behind a balancer. Whoever starts one stops it: `afterAll(() => fleet.stop())`. */
export class Fleet {
  private constructor(readonly all: readonly ServiceProcess[]) {}

  /** Starts all at once, so that they race for the migration and the first administrator as well. */
  static async start(options: FleetOptions): Promise<Fleet> {
    const fleet = await Fleet.prepare(options);
    try {
      await Promise.all(fleet.all.map((one) => one.start()));
      return fleet;
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  }

  /** The same without starting any of them. */
  static async prepare(options: FleetOptions): Promise<Fleet> {
    const { database, size = 2, environment = {}, withoutAdmin = false } = options;
    const ports = await freePorts(size);
    const common = {
      NODE_ENV: 'test',
      // One address for all: it is the issuer and audience of their tokens.
      REEVE_PUBLIC_URL: `http://127.0.0.1:${ports[0]}`,
      REEVE_SECRET_KEY: SHARED_SECRET_KEY,
      REEVE_MIGRATION_DATABASE_URL: database.ownerUrl,
      REEVE_DB_POOL_SIZE: '10',
      // What the processes said is shown at the end of the fleet when this is set.
      REEVE_LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'info',
      ...UNLIMITED,
      ...(withoutAdmin ? {} : ADMIN_VARIABLES),
      ...environment,
    };
    const all = ports.map((port, index) => {
      const dataDir = mkdtempSync(join(tmpdir(), 'reeve-process-'));
      const databaseUrl = options.runtimeUrlOf?.(index) ?? database.runtimeUrl;
      const own = { PORT: String(port), REEVE_DATA_DIR: dataDir, DATABASE_URL: databaseUrl };
      return new ServiceProcess(port, dataDir, { ...common, ...own });
    });
    return new Fleet(all);
  }

  /** One after the other in turn, so that work is spread over the processes. */
  http(turn = 0): HttpClient {
    return this.all[turn % this.all.length].http;
  }

  /** Signs the first administrator in. */
  async admin(): Promise<HttpClient> {
    return this.http().as(await this.adminToken());
  }

  async adminToken(): Promise<string> {
    const { email: login, password } = ADMIN;
    const { status, body } = await this.http().post('/auth/login', { login, password });
    if (status !== 200) throw new Error(`The administrator was answered ${status}: ${JSON.stringify(body)}`);
    return (body as { accessToken: string }).accessToken;
  }

  /** Waits for a mail to the address, whichever process sent it, whose text matches; gives what matched. */
  async mailedTo(address: string, pattern: RegExp, withinMs = 15_000): Promise<string> {
    for (const deadline = performance.now() + withinMs; performance.now() < deadline; await sleep(50)) {
      for (const raw of this.all.flatMap((one) => one.mails)) {
        const mail = await PostalMime.parse(raw);
        const found = pattern.exec(mail.text ?? '')?.[0];
        if (found !== undefined && mail.to?.[0].address === address) return found;
      }
    }
    throw new Error(`There is no mail to ${address} with ${String(pattern)}.`);
  }

  /** Ends all of them at once, in whatever state they are, and removes their directories. */
  async stop(): Promise<void> {
    await Promise.all(this.all.map((one) => one.kill()));
    if (process.env.TEST_LOG_LEVEL !== undefined)
      for (const { url, output } of this.all) process.stderr.write(`\n${url} said:\n${output}`);
    for (const { dataDir } of this.all) rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The compiled service: `dist`, or the directory that REEVE_DIST names. */
function builtEntry(): string {
  const entry = resolve(CHECKOUT, process.env.REEVE_DIST ?? 'dist', 'src/main.js');
  if (!existsSync(entry))
    throw new Error(
      `These tests run the compiled service, and there is no ${entry}. Run "npm run build" first.`,
    );
  return entry;
}

async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(Array.from({ length: count }, listening));
  // All are open together, so that none is handed out twice.
  return Promise.all(
    probes.map(async (probe) => {
      const address = probe.address();
      probe.close();
      await once(probe, 'close');
      if (address === null || typeof address === 'string') throw new Error('There is no free port.');
      return address.port;
    }),
  );
}

async function listening() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  return probe;
}

function parsed(line: string): LogLine[] {
  try {
    return [JSON.parse(line) as LogLine];
  } catch {
    // A process that was killed may leave half a line.
    return [];
  }
}
