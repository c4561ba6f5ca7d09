import { copyFile, open, stat, truncate } from 'node:fs/promises';

const LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * Where the server writes what it has to say; at most twice 8 MB with its predecessor. It lies beside the cluster and
 * not inside: root opens, copies and cuts it, and must not do that where the server's account could place a link.
 */
export class ServerLog {
  readonly path: string;

  constructor(cluster: string) {
    this.path = `${cluster}.log`;
  }

  /** A descriptor for the server's output. Appending, so that the file may be cut while it is written. */
  async open(): Promise<{ readonly fd: number; close(): Promise<void> }> {
    await this.limit().catch(() => undefined);
    return open(this.path, 'a', 0o600);
  }

  /** When it has grown too long, its text moves to `….log.1` and it begins anew. */
  async limit(): Promise<void> {
    if ((await stat(this.path)).size < LIMIT_BYTES) return;
    await copyFile(this.path, `${this.path}.1`);
    await truncate(this.path);
  }

  /** The last lines, for the message of a failed start. */
  async tail(lines: number): Promise<string> {
    const file = await open(this.path, 'r');
    try {
      const { size } = await file.stat();
      const length = Math.min(size, 4096);
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString('utf8').trim().split('\n').slice(-lines).join('\n');
    } finally {
      await file.close();
    }
  }
}
