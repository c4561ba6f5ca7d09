import { operationOrNull, type Transaction } from '../../operation/index.js';
import type { ChangeFeed } from './change-feed.js';

export interface TaggedCacheOptions<K, V> {
  /** Most entries kept, or the most that they may weigh together; those not asked for lately go first. */
  readonly max: number;
  /** What a value takes of `max`, 1 when all are about as large. */
  readonly weightOf?: (value: V) => number;
  /** Everything the value depends on, as `kind:subject`. */
  readonly tagsOf: (value: V, key: K) => readonly string[];
}

interface Entry<V> {
  readonly value: V;
  readonly tags: readonly string[];
  readonly weight: number;
  used: boolean;
}

/** A value on its way from the database, and what has changed since it set out. */
interface Fill<V> {
  readonly changed: Set<string>;
  everythingChanged: boolean;
  promise: Promise<V> | null;
}

/**
 * Remembers values until something they depend on changes, in whichever process. While changes cannot be read
 * nothing remembered is given out: every look-up goes to the loader.
 */
export class TaggedCache<K, V> {
  private readonly entries = new Map<K, Entry<V>>();
  private readonly keysByTag = new Map<string, Set<K>>();
  private readonly shared = new Map<K, Fill<V>>();
  private readonly fills = new Set<Fill<V>>();
  private weight = 0;
  private changesSeen = 0;

  constructor(
    private readonly feed: ChangeFeed,
    private readonly options: TaggedCacheOptions<K, V>,
  ) {
    feed.subscribe({ changed: (tag) => this.drop(tag), changedUnseen: () => this.dropAll() });
  }

  get size(): number {
    return this.entries.size;
  }

  /** The value if it is known and can be trusted at this moment; takes no time worth counting. */
  peek(key: K): V | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || !this.feed.isFresh()) return undefined;
    entry.used = true;
    return entry.value;
  }

  /**
   * The value, loaded when it has to be. Callers that ask at the same time share one load. Inside a transaction the
   * load sees what the transaction did, so it is not shared and is kept only once that is committed.
   */
  get(key: K, load: () => Promise<V>): Promise<V> {
    const known = this.peek(key);
    if (known !== undefined) return Promise.resolve(known);
    if (!this.feed.isFresh()) return load();
    const transaction = operationOrNull()?.transaction ?? null;
    if (transaction === null) return this.sharedLoad(key, load);
    return this.loadInTransaction(key, load, transaction);
  }

  forget(key: K): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    this.weight -= entry.weight;
    for (const tag of entry.tags) {
      const keys = this.keysByTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.keysByTag.delete(tag);
    }
  }

  private async loadInTransaction(key: K, load: () => Promise<V>, transaction: Transaction): Promise<V> {
    const changesBefore = this.changesSeen;
    const value = await load();
    transaction.afterCommit(() => {
      if (this.changesSeen === changesBefore) this.keep(key, value);
    });
    return value;
  }

  private sharedLoad(key: K, load: () => Promise<V>): Promise<V> {
    const under = this.shared.get(key);
    // A load that set out before some change may bring the state before it: not for one who asks after it.
    if (under?.promise && under.changed.size === 0 && !under.everythingChanged) return under.promise;
    const fill = this.newFill();
    this.shared.set(key, fill);
    fill.promise = this.loadInto(fill, load, (value) => this.keepUnlessChanged(key, value, fill)).finally(
      () => {
        if (this.shared.get(key) === fill) this.shared.delete(key);
      },
    );
    return fill.promise;
  }

  private newFill(): Fill<V> {
    const fill: Fill<V> = { changed: new Set(), everythingChanged: false, promise: null };
    this.fills.add(fill);
    return fill;
  }

  private async loadInto(fill: Fill<V>, load: () => Promise<V>, then: (value: V) => void): Promise<V> {
    try {
      const value = await load();
      then(value);
      return value;
    } finally {
      this.fills.delete(fill);
    }
  }

  private keepUnlessChanged(key: K, value: V, fill: Fill<V>): void {
    const tags = this.options.tagsOf(value, key);
    if (!fill.everythingChanged && !tags.some((tag) => fill.changed.has(tag))) this.keep(key, value, tags);
  }

  private keep(key: K, value: V, tags = this.options.tagsOf(value, key)): void {
    this.forget(key);
    const weight = this.options.weightOf?.(value) ?? 1;
    if (weight > this.options.max) return;
    this.makeRoom(weight);
    this.entries.set(key, { value, tags, weight, used: false });
    this.weight += weight;
    for (const tag of tags) {
      const keys = this.keysByTag.get(tag);
      if (keys === undefined) this.keysByTag.set(tag, new Set([key]));
      else keys.add(key);
    }
  }

  /** Oldest first, but an entry asked for since it was last considered goes to the end once more. */
  private makeRoom(weight: number): void {
    while (this.weight + weight > this.options.max) {
      const [key, entry] = this.entries.entries().next().value as [K, Entry<V>];
      if (!entry.used) {
        this.forget(key);
        continue;
      }
      entry.used = false;
      this.entries.delete(key);
      this.entries.set(key, entry);
    }
  }

  private drop(tag: string): void {
    this.changesSeen += 1;
    for (const fill of this.fills) fill.changed.add(tag);
    const keys = this.keysByTag.get(tag);
    if (keys !== undefined) for (const key of [...keys]) this.forget(key);
  }

  private dropAll(): void {
    this.changesSeen += 1;
    for (const fill of this.fills) fill.everythingChanged = true;
    this.entries.clear();
    this.weight = 0;
    this.keysByTag.clear();
  }
}
