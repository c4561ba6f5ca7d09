const REMEMBERED_MS = 2_000;
const MOST_REMEMBERED = 10_000;

/**
 * Hashes of well-formed keys that were looked up a moment ago and do not exist, so that somebody who repeats one does not
 * reach the database each time. Nobody can know a key before it is made, so none is refused that is made later.
 */
export class UnknownKeys {
  /** By hash: until when, in milliseconds of the caller's clock; oldest first, since all are remembered equally long. */
  private readonly until = new Map<string, number>();

  has(keyHash: string, nowMs: number): boolean {
    return nowMs < (this.until.get(keyHash) ?? -Infinity);
  }

  add(keyHash: string, nowMs: number): void {
    if (this.until.size >= MOST_REMEMBERED) this.forgetOldest();
    this.until.delete(keyHash);
    this.until.set(keyHash, nowMs + REMEMBERED_MS);
  }

  private forgetOldest(): void {
    for (const oldest of this.until.keys()) {
      this.until.delete(oldest);
      return;
    }
  }
}
