const MARGIN = 1.5;
const LONGEST_FLOOR_MS = 2000;
const MOST_KINDS = 16;

/**
 * Keeps verifications of differently expensive hashes from being told apart by time. While all hashes are of one kind
 * it does nothing. From the moment a second kind is seen (an imported bcrypt hash, or older argon2 parameters), no answer
 * leaves earlier than a floor above the dearest kind, whether the user exists or not. Waiting costs no processor.
 */
export class HashPace {
  /** The fastest time seen per kind: what it costs without the noise of other work. */
  private readonly fastestMs = new Map<string, number>();

  /** Milliseconds an answer must have taken; 0 while there is nothing to hide. */
  get floorMs(): number {
    if (this.fastestMs.size < 2) return 0;
    return Math.min(LONGEST_FLOOR_MS, MARGIN * Math.max(...this.fastestMs.values()));
  }

  record(kind: string, tookMs: number): void {
    if (this.fastestMs.size >= MOST_KINDS && !this.fastestMs.has(kind)) return;
    this.fastestMs.set(kind, Math.min(tookMs, this.fastestMs.get(kind) ?? Infinity));
  }

  async waitOut(tookMs: number): Promise<void> {
    const rest = this.floorMs - tookMs;
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  }
}
