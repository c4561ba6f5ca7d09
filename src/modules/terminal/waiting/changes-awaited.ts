import { Injectable } from '@nestjs/common';
import { ChangeFeed } from '../../../kernel/database/index.js';
import { Clock, Shutdown } from '../../../kernel/runtime/index.js';

/** What a client waits for, and for how long. */
export interface Wait<T> {
  /** `kind:subject` of the change feed. */
  readonly tag: string;
  readonly load: () => Promise<T>;
  readonly isOver: (state: T) => boolean;
  readonly longestMs: number;
  /** Aborted when the client goes away. */
  readonly gone: AbortSignal;
}

/**
 * Lets requests wait for something to change, without asking the database meanwhile. Those who wait are told by the
 * change feed, whichever process made the change, and all are sent home when this one ends.
 */
@Injectable()
export class ChangesAwaited {
  private readonly waiting = new Map<string, Set<() => void>>();
  private isEnding = false;

  constructor(
    feed: ChangeFeed,
    shutdown: Shutdown,
    private readonly clock: Clock,
  ) {
    feed.subscribe({ changed: (tag) => this.wake(tag), changedUnseen: () => this.wakeAll() });
    shutdown.on('readiness', 'waiting clients', () => this.end());
  }

  /** The state when it is over, or as it is when the time is over, the client has gone or the process ends. */
  async until<T>({ tag, load, isOver, longestMs, gone }: Wait<T>): Promise<T> {
    const deadline = this.clock.monotonicMs() + longestMs;
    for (;;) {
      // Before looking, so that a change between the look and the wait is not missed.
      const change = this.next(tag);
      try {
        const state = await load();
        const leftMs = deadline - this.clock.monotonicMs();
        if (isOver(state) || leftMs <= 0 || gone.aborted || this.isEnding) return state;
        await change.orAfter(leftMs, gone);
      } finally {
        change.forget();
      }
    }
  }

  private next(tag: string) {
    let tell: () => void = () => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    const waiting = this.waiting.get(tag) ?? new Set();
    this.waiting.set(tag, waiting.add(tell));
    return {
      orAfter: (ms: number, gone: AbortSignal): Promise<void> => {
        const timer = setTimeout(tell, ms);
        timer.unref();
        gone.addEventListener('abort', tell, { once: true });
        return told.finally(() => {
          clearTimeout(timer);
          gone.removeEventListener('abort', tell);
        });
      },
      forget: (): void => {
        waiting.delete(tell);
        if (waiting.size === 0 && this.waiting.get(tag) === waiting) this.waiting.delete(tag);
      },
    };
  }

  private wake(tag: string): void {
    for (const tell of this.waiting.get(tag) ?? []) tell();
  }

  private wakeAll(): void {
    for (const tag of this.waiting.keys()) this.wake(tag);
  }

  private end(): void {
    this.isEnding = true;
    this.wakeAll();
  }
}
