import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const GIBIBYTE = 1024 ** 3;

/** What one process of a command may use, by the options of prlimit(1) and the names in /proc/self/limits. */
const LIMITS = {
  data: { name: 'Max data size', most: 4 * GIBIBYTE },
  fsize: { name: 'Max file size', most: 2 * GIBIBYTE },
  nofile: { name: 'Max open files', most: 1_024 },
  core: { name: 'Max core file size', most: 0 },
} as const;
const CPU = 'Max cpu time';
const PROCESSES = { name: 'Max processes', most: 1_024 };

/** The words in front of a program that set limits and then become the program. */
export class Confinement {
  private constructor(
    private readonly hasLimits: boolean,
    private readonly endsWithParent: boolean,
    private readonly allowed: ReadonlyMap<string, number>,
    /** The count of processes is of the whole account, so it is limited for one that only commands use. */
    private readonly isOwnAccount: boolean,
  ) {}

  /** Finds out what this machine has (util-linux). Without it, time and output are limited all the same. */
  static async find(isOwnAccount: boolean): Promise<Confinement> {
    return new Confinement(
      await works('prlimit', ['--core=0', '--', 'true']),
      await works('setpriv', ['--pdeathsig', 'KILL', '--', 'true']),
      await hardLimits(),
      isOwnAccount,
    );
  }

  get isComplete(): boolean {
    return this.hasLimits && this.endsWithParent;
  }

  wordsFor(cpuSeconds: number): string[] {
    return [...this.limits(cpuSeconds), ...this.parenthood()];
  }

  private limits(cpuSeconds: number): string[] {
    if (!this.hasLimits) return [];
    const options = Object.entries(LIMITS).map(([option, { name, most }]) => this.option(option, name, most));
    if (this.isOwnAccount) options.push(this.option('nproc', PROCESSES.name, PROCESSES.most));
    return ['prlimit', this.option('cpu', CPU, cpuSeconds), ...options, '--'];
  }

  /** When the service is killed nobody is left to watch the command. */
  private parenthood(): string[] {
    return this.endsWithParent ? ['setpriv', '--pdeathsig', 'KILL', '--'] : [];
  }

  /** Nobody may raise what the service itself is limited to. */
  private option(option: string, name: string, most: number): string {
    return `--${option}=${Math.min(most, this.allowed.get(name) ?? Infinity)}`;
  }
}

async function works(program: string, words: readonly string[]): Promise<boolean> {
  try {
    await run(program, words);
    return true;
  } catch {
    return false;
  }
}

async function hardLimits(): Promise<Map<string, number>> {
  const limits = new Map<string, number>();
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  for (const line of text.split('\n')) {
    const found = /^(Max .*?) {2,}\S+ +(\d+) /.exec(line);
    if (found !== null) limits.set(found[1], Number(found[2]));
  }
  return limits;
}
