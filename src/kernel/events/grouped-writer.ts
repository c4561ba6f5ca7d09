interface Waiting<Row> {
  readonly row: Row;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupedWriterOptions<Row> {
  /** How many connections there are for everybody. */
  readonly poolSize: number;
  /** Writes all rows durably, or none. */
  readonly writeAll: (rows: readonly Row[]) => Promise<unknown>;
  /** Whether the failure says something about a row rather than about the database, so that others may still succeed. */
  readonly isRowsFault: (error: unknown) => boolean;
}

const MOST_ROWS = 100;
/** With fewer rows to share its cost, a write of its own costs more than working at the same time gains. */
const WORTH_A_GROUP = 16;
/** Enough for the processors to have something to do while one waits for the disk. */
const MOST_WRITERS = 6;

/**
 * Lets many callers share few durable writes. A caller who comes alone is written at once (callers of the same turn
 * of the event loop count as one); those who come while writes are under way are written together by the next. Each
 * waits for its own row to be on disk, no longer. Many who wait while nothing is written are two groups: callers who
 * write again as soon as they have been answered would stay one group for ever, and while the database works on it
 * nobody makes the next.
 */
export class GroupedWriter<Row> {
  private waiting: Waiting<Row>[] = [];
  private writing = 0;
  private scheduled = false;
  private readonly writers: number;

  constructor(private readonly options: GroupedWriterOptions<Row>) {
    // While they wait for the disk, others need connections too.
    this.writers = Math.max(1, Math.min(MOST_WRITERS, Math.floor(options.poolSize / 2)));
  }

  write(row: Row): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ row, resolve, reject });
      this.schedule();
    });
  }

  /** A finished write wakes all its callers at once: waiting for the end of the turn keeps those who write again together. */
  private schedule(): void {
    if (this.scheduled || this.waiting.length === 0 || this.writing === this.writers) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.writeNext();
    });
  }

  private writeNext(): void {
    const group = this.waiting.splice(0, this.rowsOfNext());
    this.writing += 1;
    void this.writeGroup(group).finally(() => {
      this.writing -= 1;
      this.schedule();
    });
    this.schedule();
  }

  private rowsOfNext(): number {
    const { length } = this.waiting;
    const half = Math.ceil(length / 2);
    const makesTwo = this.writing === 0 && this.writers > 1 && half >= WORTH_A_GROUP;
    return Math.min(MOST_ROWS, makesTwo ? half : length);
  }

  private async writeGroup(group: readonly Waiting<Row>[]): Promise<void> {
    try {
      await this.options.writeAll(group.map(({ row }) => row));
      for (const { resolve } of group) resolve();
    } catch (error) {
      if (group.length > 1 && this.options.isRowsFault(error)) await this.writeSingly(group);
      else for (const { reject } of group) reject(error);
    }
  }

  /** One row that cannot be written must not take the others with it. */
  private async writeSingly(group: readonly Waiting<Row>[]): Promise<void> {
    for (const { row, resolve, reject } of group) {
      await this.options.writeAll([row]).then(resolve, reject);
    }
  }
}
