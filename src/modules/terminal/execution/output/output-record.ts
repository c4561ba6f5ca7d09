import { createHash } from 'node:crypto';
import type { OutputChannel } from '../driver.js';
import type { Piece } from './output.repository.js';

export const MOST_KEPT_BYTES = 1024 * 1024;
const FLUSH_INTERVAL_MS = 200;
const LARGEST_PIECE = 64 * 1024;

/** What one command writes: the digest and the count of all of it, and its beginning on the way to where it is kept. */
export class OutputRecord {
  private readonly hash = createHash('sha256');
  private total = 0;
  private kept = 0;
  private waiting: Piece[] = [];
  /** Of which the store may have kept some: they stay as they are, so that what is there already is the same. */
  private attempted: readonly Piece[] = [];
  private timer: NodeJS.Timeout | null = null;
  private storing: Promise<void> = Promise.resolve();

  /** @param store may fail; the same pieces are given to it again then */
  constructor(private readonly store: (pieces: readonly Piece[]) => Promise<void>) {}

  take(stream: OutputChannel, bytes: Buffer): void {
    this.hash.update(bytes);
    this.total += bytes.length;
    const room = MOST_KEPT_BYTES - this.kept;
    if (room <= 0) return;
    this.keep(stream, bytes.subarray(0, room));
    this.timer ??= setTimeout(() => this.flush(), FLUSH_INTERVAL_MS);
  }

  /** Of all that came; call it when nothing comes any more. */
  end(): { readonly outputSha256: string; readonly outputBytes: number } {
    return { outputSha256: this.hash.digest('hex'), outputBytes: this.total };
  }

  /** @throws what the store threw: something could not be kept */
  async stored(): Promise<void> {
    this.flush();
    await this.storing;
    if (this.attempted.length > 0) await this.store(this.attempted);
    this.attempted = [];
  }

  /** One row for what comes in crumbs. */
  private keep(stream: OutputChannel, bytes: Buffer): void {
    const last = this.waiting.at(-1);
    if (last?.stream === stream && last.data.length + bytes.length <= LARGEST_PIECE)
      this.waiting[this.waiting.length - 1] = { ...last, data: Buffer.concat([last.data, bytes]) };
    else this.waiting.push({ stream, byteOffset: this.kept, data: Buffer.from(bytes) });
    this.kept += bytes.length;
  }

  private flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.storing = this.storing.then(() => this.storeWaiting());
  }

  private async storeWaiting(): Promise<void> {
    this.attempted = [...this.attempted, ...this.waiting];
    this.waiting = [];
    if (this.attempted.length === 0) return;
    try {
      await this.store(this.attempted);
      this.attempted = [];
    } catch {
      // Tried again with what comes next, at the latest when the command has ended.
    }
  }
}
