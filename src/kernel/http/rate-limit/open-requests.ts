import type { Principal } from '../../operation/index.js';
import { TooManyStreams } from '../../problem/index.js';

export interface MostOpen {
  /** Of one principal. */
  readonly each: number;
  /** Of everybody. */
  readonly together: number;
}

/**
 * Requests that stay open at this process: streams, and those that wait for something. A rate limit counts their
 * beginnings only, and each holds a connection for as long as it likes.
 */
export class OpenRequests {
  private readonly taken = new Map<string, number>();
  private all = 0;

  constructor(private readonly most: MostOpen) {}

  get together(): number {
    return this.all;
  }

  /** @returns what gives the place back, however often it is called. @throws TooManyStreams */
  take({ tenantId, kind, id }: Principal): () => void {
    const key = `${tenantId} ${kind} ${id}`;
    const own = this.taken.get(key) ?? 0;
    if (own >= this.most.each)
      throw new TooManyStreams(`You have ${own} open here, as many as one principal may.`);
    if (this.all >= this.most.together) throw new TooManyStreams('This process has no room for another one.');
    this.taken.set(key, own + 1);
    this.all += 1;
    let isTaken = true;
    return () => {
      if (isTaken) this.giveBack(key);
      isTaken = false;
    };
  }

  /** Has a place while the work goes on. @throws TooManyStreams before any of it is done */
  async during<T>(principal: Principal, work: () => Promise<T>): Promise<T> {
    const giveBack = this.take(principal);
    try {
      return await work();
    } finally {
      giveBack();
    }
  }

  private giveBack(key: string): void {
    const own = (this.taken.get(key) ?? 1) - 1;
    if (own === 0) this.taken.delete(key);
    else this.taken.set(key, own);
    this.all -= 1;
  }
}
