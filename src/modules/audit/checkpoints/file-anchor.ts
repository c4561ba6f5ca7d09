import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type FileHandle, open } from 'node:fs/promises';
import {
  type AnnouncedCheckpoint,
  type CheckpointFollower,
  CheckpointFollowers,
} from '../../../kernel/events/index.js';
import { Configuration, isUuid } from '../../../kernel/runtime/index.js';
import { notesIn, readNote } from './checkpoint-note.js';
import { CheckpointsRepository } from './checkpoints.repository.js';

/** Many times the length of a note. */
const TAIL_BYTES = 64 * 1024;

/**
 * Appends every checkpoint to a file, which somebody keeps where whoever can change the database cannot: a volume of
 * another machine, a medium written once. `reeve audit verify --checkpoint` takes the file as it is.
 */
@Injectable()
export class FileAnchor implements CheckpointFollower, OnModuleInit {
  readonly name = 'Anchor file';
  private readonly log = new Logger('Audit');

  constructor(
    private readonly followers: CheckpointFollowers,
    private readonly checkpoints: CheckpointsRepository,
    private readonly configuration: Configuration,
  ) {}

  onModuleInit(): void {
    if (this.configuration.auditAnchor !== undefined) this.followers.register(this);
  }

  /** That of the last note in the file: the notes are there in the order they were signed. */
  async lastPosition(): Promise<string> {
    const last = readNote(notesIn(await this.tail()).at(-1) ?? '');
    const tenantId = last?.origin.slice(last.origin.lastIndexOf('/') + 1) ?? '';
    if (last === null || !isUuid(tenantId)) return '0';
    const stored = await this.checkpoints.ofSize(tenantId, last.size);
    if (stored !== null && stored.rootHash.equals(last.root)) return stored.position;
    this.log.error(
      `The anchor file ${this.path} has a checkpoint of ${last.size} entries of ${last.origin} that the database has not. ` +
        'It was restored from a backup, or somebody removed it: run reeve audit verify --checkpoint with this file.',
    );
    return this.checkpoints.lastPosition();
  }

  async receive(checkpoints: readonly AnnouncedCheckpoint[]): Promise<void> {
    await this.withFile(async (file) => {
      await file.appendFile(checkpoints.map(({ note }) => `${note}\n`).join(''));
      await file.sync();
    });
  }

  /** A crash may have left half a line: what follows begins on a new one. */
  private tail(): Promise<string> {
    return this.withFile(async (file) => {
      const { size } = await file.stat();
      const begin = Math.max(0, size - TAIL_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, begin);
      const text = buffer.toString('utf8', 0, bytesRead);
      if (text !== '' && !text.endsWith('\n')) await file.appendFile('\n');
      return text;
    });
  }

  private async withFile<T>(work: (file: FileHandle) => Promise<T>): Promise<T> {
    const file = await open(this.path, 'a+', 0o640);
    try {
      return await work(file);
    } finally {
      await file.close();
    }
  }

  private get path(): string {
    return this.configuration.auditAnchor ?? '';
  }
}
