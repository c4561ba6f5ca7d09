import { Readable } from 'node:stream';
import type { Clock } from '../../../kernel/runtime/index.js';

/**
 * A stream of text that ends when it is told to. `Readable.from` would not do: destroyed, it waits for what its source is
 * waiting for.
 */
export class EventFlow extends Readable {
  private readonly ending = new AbortController();
  private readonly source: AsyncGenerator<string>;
  /** Since when the reader takes nothing. */
  private fullSinceMs: number | null = null;

  constructor(
    source: (ending: AbortSignal) => AsyncGenerator<string>,
    private readonly clock: Clock,
  ) {
    super();
    this.source = source(this.ending.signal);
  }

  get stalledForMs(): number {
    return this.fullSinceMs === null ? 0 : this.clock.monotonicMs() - this.fullSinceMs;
  }

  /** In order for a reader that keeps up; what another one does not take cannot be ended in order. */
  finish(): void {
    this.ending.abort();
    if (this.fullSinceMs !== null) this.destroy();
  }

  override _read(): void {
    this.fullSinceMs = null;
    this.source.next().then(
      ({ done, value }) => this.pass(done === true ? null : value),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.ending.abort();
    done(error);
  }

  private pass(text: string | null): void {
    if (!this.push(text) && text !== null) this.fullSinceMs = this.clock.monotonicMs();
  }
}
