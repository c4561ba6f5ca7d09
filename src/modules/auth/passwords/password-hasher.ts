import { parseOptions } from '@node-rs/argon2';
import { availableParallelism } from 'node:os';
import { HashPace } from './hash-pace.js';
import { hashThreads, HashQueue } from './hash-queue.js';
import { type HashOutcome, type HashTask, HashThread } from './hash-thread.js';

/** Cost of an argon2id hash. */
export interface Argon2Cost {
  /** Memory in KiB. */
  readonly memoryKib: number;
  /** Passes over the memory. */
  readonly passes: number;
  /** Lanes. */
  readonly lanes: number;
}

/** The floor of ASVS 5.0 (appendix C); configuration goes up from here. */
export const DEFAULT_ARGON2_COST: Argon2Cost = { memoryKib: 47_104, passes: 1, lanes: 1 };

export interface PasswordHasherOptions {
  readonly cost?: Argon2Cost;
  /** Threads that hash; by default what the processors allow. */
  readonly threads?: number;
  /** Checks that may wait before further ones are refused. Default 1000. */
  readonly maxWaiting?: number;
}

const ARGON2ID = 2;
const HASH_BYTES = 32;
/** What a thread has at hand: the one under way, and the next, so that it need not wait for the event loop in between. */
const TASKS_PER_THREAD = 2;
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const BCRYPT_MOST_ROUNDS = 15;
const BCRYPT_MOST_BYTES = 71;

/**
 * Hashes passwords with argon2id and checks them, off the event loop and a few at a time. Passwords are normalised to
 * NFKC (NIST SP 800-63B), so the keyboard's way of writing é does not matter; nothing else about them is changed, cut or
 * folded. Hashes are PHC strings with a random 128-bit salt.
 */
export class PasswordHasher {
  private readonly cost: Argon2Cost;
  private readonly threads: readonly HashThread[];
  private readonly queue: HashQueue;
  private readonly pace = new HashPace();
  private dummy: Promise<string> | undefined;

  /** @throws RangeError for a cost below the default: configuration only goes up. */
  constructor(options: PasswordHasherOptions = {}) {
    this.cost = options.cost ?? DEFAULT_ARGON2_COST;
    refuseWeak(this.cost);
    const threads = options.threads ?? hashThreads(availableParallelism());
    this.threads = Array.from({ length: threads }, () => new HashThread());
    this.queue = new HashQueue(threads * TASKS_PER_THREAD, options.maxWaiting ?? 1000);
  }

  /** Checks and hashes that have not begun, for the queue-depth metric. */
  get waiting(): number {
    return this.queue.depth;
  }

  /** Makes the hash that stands in for absent ones, so that the first unknown user costs no more than the next. */
  async prepare(): Promise<void> {
    await this.dummyHash();
  }

  /** @throws HashQueueFull */
  async hash(password: string): Promise<string> {
    const { answer } = await this.run(this.hashOf(normalized(password)));
    return answer as string;
  }

  /**
   * Whether the password made this hash. Without a hash (unknown user, invitation not yet accepted) the same work is done
   * on a stand-in and the answer is no; so it is for a hash that cannot be read.
   *
   * @throws HashQueueFull
   */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const check = await this.checkOf(stored, password);
    const { answer, tookMs } = await this.run(check.task);
    this.pace.record(check.kind, tookMs);
    await this.pace.waitOut(tookMs);
    return answer === true && check.counts;
  }

  /**
   * Tells the hasher that such a hash is still among the stored ones, by checking it once, so that the very first login
   * against one already takes no other time than the rest. Call at start with the dearest hash of an older kind.
   */
  async expect(stored: string): Promise<void> {
    await this.verify(null, 'stand-in');
    await this.verify(stored, 'stand-in');
  }

  /** Whether the hash is of an older kind or cost and should be made again now that the password is at hand. */
  needsRehash(stored: string): boolean {
    const made = argon2CostOf(stored);
    if (made === null) return true;
    const { memoryKib, passes, lanes } = this.cost;
    return made.memoryKib !== memoryKib || made.passes !== passes || made.lanes !== lanes;
  }

  private async checkOf(stored: string | null, password: string): Promise<Check> {
    if (stored !== null) {
      if (argon2CostOf(stored) !== null) return argon2Check(stored, password);
      const rounds = Number(BCRYPT.exec(stored)?.[1] ?? Infinity);
      if (rounds <= BCRYPT_MOST_ROUNDS) return bcryptCheck(stored, rounds, password);
    }
    const check = argon2Check(await this.dummyHash(), password);
    return { ...check, counts: false };
  }

  private run(task: HashTask): Promise<HashOutcome> {
    return this.queue.run(() => {
      const [first, ...others] = this.threads;
      const freest = others.reduce((best, thread) => (thread.load < best.load ? thread : best), first);
      return freest.run(task);
    });
  }

  private dummyHash(): Promise<string> {
    // Of what nobody can type: a lone control character is refused everywhere a password is accepted.
    this.dummy ??= this.run(this.hashOf('\u0000')).then(
      ({ answer }) => answer as string,
      (error: unknown) => {
        this.dummy = undefined;
        throw error;
      },
    );
    return this.dummy;
  }

  private hashOf(password: string): HashTask {
    const { memoryKib, passes, lanes } = this.cost;
    const options = {
      algorithm: ARGON2ID,
      memoryCost: memoryKib,
      timeCost: passes,
      parallelism: lanes,
      outputLen: HASH_BYTES,
    };
    return { kind: 'argon2 hash', password, options };
  }
}

/** One comparison, and what makes its price: only comparisons of one kind take the same time. */
interface Check {
  readonly kind: string;
  readonly task: HashTask;
  /** Whether a yes is one; otherwise the work is only done for the time it takes. */
  readonly counts: boolean;
}

function argon2Check(stored: string, password: string): Check {
  const [, , , parameters] = stored.split('$');
  const task: HashTask = { kind: 'argon2 verify', stored, password: normalized(password) };
  return { kind: `argon2id ${parameters}`, task, counts: true };
}

/**
 * An imported hash, made from the password as it was typed. bcrypt reads 72 bytes and repeats a shorter password around a
 * NUL, so a password of 72 bytes or more, or with a NUL, would stand for many: those are refused after the same work,
 * and their owners reset.
 */
function bcryptCheck(stored: string, rounds: number, password: string): Check {
  const isWhole = Buffer.byteLength(password) <= BCRYPT_MOST_BYTES && !password.includes('\0');
  const task: HashTask = { kind: 'bcrypt verify', stored, password: isWhole ? password : 'stand-in' };
  return { kind: `bcrypt ${rounds}`, task, counts: isWhole };
}

function argon2CostOf(stored: string): Argon2Cost | null {
  if (!stored.startsWith('$argon2id$')) return null;
  try {
    const { memoryCost, timeCost, parallelism } = parseOptions(stored);
    return { memoryKib: memoryCost, passes: timeCost, lanes: parallelism };
  } catch {
    return null;
  }
}

function refuseWeak(cost: Argon2Cost): void {
  const { memoryKib, passes, lanes } = DEFAULT_ARGON2_COST;
  if (cost.memoryKib < memoryKib || cost.passes < passes || cost.lanes < lanes) {
    throw new RangeError(`Argon2id must cost at least m=${memoryKib}, t=${passes}, p=${lanes}`);
  }
}

function normalized(password: string): string {
  return password.normalize('NFKC');
}
