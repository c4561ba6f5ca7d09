import { Injectable } from '@nestjs/common';
import { outsideOperations } from '../operation/index.js';

interface Watcher {
  readonly every: number;
  readonly tell: () => void;
  waiting: number;
}

/** Counts the entries that this process has written, for those who want to know when there are many. */
@Injectable()
export class AppendedEntries {
  private readonly watchers: Watcher[] = [];

  /**
   * Calls back, within the turn, whenever so many more entries have been written. Those of other processes do not count.
   * Whoever is told is outside the operation that wrote the last of them, and outside its transaction.
   */
  onEvery(every: number, tell: () => void): void {
    this.watchers.push({ every, tell, waiting: 0 });
  }

  add(count: number): void {
    for (const watcher of this.watchers) {
      watcher.waiting += count;
      if (watcher.waiting < watcher.every) continue;
      watcher.waiting = 0;
      outsideOperations(watcher.tell);
    }
  }
}
