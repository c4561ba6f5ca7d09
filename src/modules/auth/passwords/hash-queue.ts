/** More verifications are waiting than the service will queue; the caller answers 429 or 503 with `Retry-After`. */
export class HashQueueFull extends Error {
  constructor(
    /** Whole seconds after which the queue is expected to be empty, at least 1. */
    readonly retryAfterSeconds: number,
  ) {
    super('Too many passwords are waiting to be checked');
    this.name = 'HashQueueFull';
  }
}

/**
 * Lets few expensive pieces of work run at a time and the others wait in the order they came, up to a bound.
 */
export class HashQueue {
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  /** Milliseconds one piece of work takes, smoothed; only used to say how long a full queue will last. */
  private typicalMs = 50;

  constructor(
    private readonly concurrency: number,
    private readonly maxWaiting: number,
  ) {}

  /** Pieces of work that have not begun. */
  get depth(): number {
    return this.waiting.length;
  }

  /** @throws HashQueueFull at once, without waiting. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.turn();
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      this.typicalMs += (performance.now() - startedAt - this.typicalMs) / 16;
      this.next();
    }
  }

  private turn(): Promise<void> | undefined {
    if (this.running < this.concurrency) {
      this.running += 1;
      return undefined;
    }
    if (this.waiting.length >= this.maxWaiting) throw new HashQueueFull(this.secondsToDrain());
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Hands the place over without giving it up, so that nobody who comes between can overtake. */
  private next(): void {
    const first = this.waiting.shift();
    if (first === undefined) this.running -= 1;
    else first();
  }

  private secondsToDrain(): number {
    return Math.max(1, Math.ceil((this.waiting.length * this.typicalMs) / this.concurrency / 1000));
  }
}

/** More would take memory that is better left to others: each holds all of its own while it works. */
const MOST_THREADS = 4;

/** How many threads hash: one processor stays with the event loop. */
export function hashThreads(processors: number): number {
  return Math.max(1, Math.min(processors - 1, MOST_THREADS));
}
