import pg from 'pg';

/** Signature, flags, and the length of an extension that no server sends (PostgreSQL's manual, COPY, Binary Format). */
const HEADER_BYTES = 11 + 4 + 4;
const COUNT_BYTES = 2;
const LENGTH_BYTES = 4;

/** The columns of a row, each read once, from left to right. Valid until the next row comes. */
export class CopiedRow {
  bytes: Buffer = Buffer.alloc(0);
  /** Where the next column begins, or the value of this one does. */
  at = 0;

  /** Goes to the value of the next column. @returns its length; -1 for null */
  next(): number {
    const length = this.bytes.readInt32BE(this.at);
    this.at += LENGTH_BYTES;
    return length;
  }

  text(): string | null {
    return this.value('utf8');
  }

  hex(): string | null {
    return this.value('hex');
  }

  /** Of a bigint that is not null. */
  number(): number {
    this.next();
    this.at += 8;
    return this.bytes.readInt32BE(this.at - 8) * 2 ** 32 + this.bytes.readUInt32BE(this.at - 4);
  }

  /** Null is not true. */
  isTrue(): boolean {
    return this.next() === 1 && this.bytes[this.at++] === 1;
  }

  private value(encoding: BufferEncoding): string | null {
    const length = this.next();
    if (length === -1) return null;
    this.at += length;
    return this.bytes.toString(encoding, this.at - length, this.at);
  }
}

/**
 * Calls `take` with each row of a query as it comes in, while the server is at the next ones. The driver makes a string
 * of each value of each row, which costs more than hashing them: COPY hands the bytes over as they are.
 */
export function copyRows(client: pg.Client, query: string, take: (row: CopiedRow) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyOut(query, take, (error) => (error === null ? resolve() : reject(error))));
  });
}

/** What the driver's client calls while the query is the one being answered. */
class CopyOut implements pg.Submittable {
  private readonly row = new CopiedRow();
  private isFirst = true;
  private failure: Error | null = null;

  constructor(
    private readonly query: string,
    private readonly take: (row: CopiedRow) => void,
    /** The driver puts its own in front of it where queries have a time limit: it has to be told of the end. */
    public callback: (error: Error | null) => void,
  ) {}

  submit(connection: pg.Connection): void {
    connection.query(`COPY (${this.query}) TO STDOUT (FORMAT binary)`);
  }

  /** One message is one row; a count of -1 stands after the last. */
  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    const begin = this.isFirst ? HEADER_BYTES : 0;
    this.isFirst = false;
    if (this.failure !== null || chunk.readInt16BE(begin) === -1) return;
    this.row.bytes = chunk;
    this.row.at = begin + COUNT_BYTES;
    try {
      this.take(this.row);
    } catch (error) {
      this.failure = error as Error;
    }
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.callback(this.failure);
  }

  handleError(error: Error): void {
    this.callback(error);
  }
}
