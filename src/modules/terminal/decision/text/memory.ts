const WAYS = 4;
/** More than that many bytes, as far as they can be guessed, are not kept. */
const MOST_BYTES = 8_000_000;

interface Entry<Value> {
  readonly text: string;
  readonly value: Value;
  readonly bytes: number;
}

/**
 * Remembers what a text means, for texts that come again: a text is worth a place when it comes the second time while its
 * print is still known. Each print has a few places of its own, and those few prints lie side by side, so that looking
 * for a text that is not there costs next to nothing; a text that is sought is compared whole. When it grows too large
 * everything is forgotten at once.
 */
export class Memory<Value> {
  private readonly prints: Int32Array;
  private readonly entries: (Entry<Value> | undefined)[];
  /** Prints of texts that came once. Two texts with one print only mean that one is remembered a little sooner. */
  private readonly seen: Int32Array;
  private bytes = 0;

  /** The number of places is a power of two. */
  constructor(private readonly places: number) {
    this.prints = new Int32Array(places);
    this.entries = new Array<undefined>(places).fill(undefined);
    this.seen = new Int32Array(places);
  }

  /** What is remembered of a part of a text. */
  get(text: string, from: number, to: number, print: number): Value | undefined {
    const first = this.placeOf(print);
    for (let place = first; place < first + WAYS; place++) {
      if (this.prints[place] !== print) continue;
      const entry = this.entries[place];
      if (entry !== undefined && text.slice(from, to) === entry.text) return entry.value;
    }
    return undefined;
  }

  /** Whether a text with this print came before; from now on one did. */
  isSeenAgain(print: number): boolean {
    const { seen } = this;
    const first = this.placeOf(print);
    for (let place = first; place < first + WAYS; place++) if (seen[place] === print) return true;
    // By hand: what arrays have for moving costs more than all the rest.
    for (let place = first + WAYS - 1; place > first; place--) seen[place] = seen[place - 1];
    seen[first] = print;
    return false;
  }

  /** The one that came first makes room; `bytes` is about how much is kept. */
  put(text: string, print: number, value: Value, bytes: number): void {
    const first = this.placeOf(print);
    this.bytes -= this.entries[first + WAYS - 1]?.bytes ?? 0;
    if (this.bytes + bytes > MOST_BYTES) this.forget();
    this.bytes += bytes;
    this.prints.copyWithin(first + 1, first, first + WAYS - 1);
    this.entries.copyWithin(first + 1, first, first + WAYS - 1);
    this.prints[first] = print;
    this.entries[first] = { text, value, bytes };
  }

  private forget(): void {
    this.entries.fill(undefined);
    this.bytes = 0;
  }

  private placeOf(print: number): number {
    // Texts that differ little have prints that do, so they are spread first.
    const spread = Math.imul(print, 0x9e3779b1) >>> 12;
    return (spread & (this.places / WAYS - 1)) * WAYS;
  }
}
