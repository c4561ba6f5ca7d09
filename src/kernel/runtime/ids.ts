import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { Clock } from './clock.js';
import { Entropy } from './entropy.js';

const BYTES_PER_ID = 16;
const IDS_PER_REFILL = 256;
/** Greater than every identifier that will be made: where a list of newest first begins. */
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Makes UUIDv7 identifiers (RFC 9562 §5.7). Those of one process are strictly ascending, also within a millisecond
 * and when the clock is set back, so that sorting by id is sorting by creation.
 */
@Injectable()
export class Ids {
  private pool: Buffer = Buffer.alloc(0);
  private used = 0;
  private lastMs = -Infinity;
  private sequence = 0;

  constructor(
    private readonly clock: Clock,
    private readonly entropy: Entropy,
  ) {}

  next(): string {
    const random = this.randomBytes();
    this.advance(random);
    return v7({ msecs: this.lastMs, seq: this.sequence, random });
  }

  /** A system call per id would cost more than the id, so the bytes are drawn for many ids at once. */
  private randomBytes(): Uint8Array {
    if (this.used === this.pool.length) {
      this.pool = this.entropy.bytes(BYTES_PER_ID * IDS_PER_REFILL);
      this.used = 0;
    }
    this.used += BYTES_PER_ID;
    return this.pool.subarray(this.used - BYTES_PER_ID, this.used);
  }

  private advance(random: Uint8Array): void {
    const now = this.clock.nowMs();
    if (now > this.lastMs) {
      this.lastMs = now;
      // A 31-bit start leaves half of the 32-bit sequence as room to count up within the millisecond.
      this.sequence = (((random[6] & 0x7f) << 24) | (random[7] << 16) | (random[8] << 8) | random[9]) >>> 0;
      return;
    }
    this.sequence = (this.sequence + 1) >>> 0;
    if (this.sequence === 0) this.lastMs += 1;
  }
}

/** Whether the text is an identifier in the one spelling we produce: lower case, with hyphens. */
export function isUuid(text: string): boolean {
  return CANONICAL.test(text);
}

/** The smallest identifier of a millisecond (RFC 9562 §5.7: 48 bits of Unix time come first). */
export function firstIdAt(ms: number): string {
  const hex = Math.min(Math.max(ms, 0), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
