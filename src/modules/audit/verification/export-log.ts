import { type FileHandle, open } from 'node:fs/promises';
import type { CompactRange } from '../tree/compact-range.js';
import { type ExportHeader, kindOf, readCheckpoint, readHeader, readKey, readLine } from './export-lines.js';
import { fileLines } from './file-lines.js';
import { UsageError } from './findings.js';
import type { LogCheckpoint, LogKey, LogLine, SealedLog } from './sealed-log.js';

/** An export, read twice: once for its keys and its newest checkpoint, which come last, and once for the rest. */
export class ExportLog implements SealedLog {
  private constructor(
    private readonly file: FileHandle,
    private readonly header: ExportHeader,
    private readonly firstCheckpointAt: number | null,
    readonly newest: LogCheckpoint | null,
    readonly keys: readonly LogKey[],
  ) {}

  /** @throws UsageError when the file cannot be read or is no export */
  static async open(path: string): Promise<ExportLog> {
    const file = await open(path).catch((error: Error) => {
      throw new UsageError(`The export cannot be read: ${error.message}`);
    });
    try {
      return await ExportLog.survey(file, path);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get tenantId(): string {
    return this.header.tenantId;
  }

  get firstSeq(): number {
    return this.header.firstSeq;
  }

  get lastSeq(): number {
    return this.header.lastSeq;
  }

  get frontier(): CompactRange | null {
    return this.header.frontier;
  }

  async *entries(): AsyncGenerator<readonly LogLine[]> {
    let isHeader = true;
    for await (const lines of fileLines(this.file)) {
      const read: LogLine[] = [];
      for (const { bytes } of isHeader ? lines.slice(1) : lines) {
        if (kindOf(bytes) !== 'other') continue;
        const line = readLine(bytes.toString('utf8'));
        if (line !== null) read.push(line);
      }
      if (lines.length > 0) isHeader = false;
      yield read;
    }
  }

  async *checkpoints(): AsyncGenerator<LogCheckpoint> {
    if (this.firstCheckpointAt === null) return;
    for await (const lines of fileLines(this.file, this.firstCheckpointAt)) {
      for (const { bytes } of lines) {
        const checkpoint = kindOf(bytes) === 'checkpoint' ? readCheckpoint(bytes.toString('utf8')) : null;
        if (checkpoint !== null) yield checkpoint;
      }
    }
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private static async survey(file: FileHandle, path: string): Promise<ExportLog> {
    let header: ExportHeader | null = null;
    let isFirst = true;
    let firstAt: number | null = null;
    let newest: LogCheckpoint | null = null;
    const keys: LogKey[] = [];
    for await (const lines of fileLines(file)) {
      for (const { bytes, offset } of lines) {
        if (isFirst) header = readHeader(bytes.toString('utf8'));
        if (isFirst && header === null) break;
        isFirst = false;
        const kind = kindOf(bytes);
        if (kind === 'checkpoint') {
          firstAt ??= offset;
          const read = readCheckpoint(bytes.toString('utf8'));
          if (read !== null && read.treeSize >= (newest?.treeSize ?? 0)) newest = read;
        } else if (kind === 'key') {
          const key = readKey(bytes.toString('utf8'));
          if (key !== null) keys.push(key);
        }
      }
      if (isFirst) break;
    }
    if (header === null)
      throw new UsageError(`${path} is no export of an audit log: its first line is no header.`);
    return new ExportLog(file, header, firstAt, newest, keys);
  }
}
