import { Injectable } from '@nestjs/common';
import { columnsOf, Database, statement } from '../../../../kernel/database/index.js';
import type { OutputChannel } from '../driver.js';
import { CommandOutput } from './command-output.entity.js';

export interface Piece {
  readonly byteOffset: number;
  readonly stream: OutputChannel;
  readonly data: Buffer;
}

/** A piece that is there already is the same one: the answer to an earlier attempt was lost. */
const add = statement(
  'command_output_add',
  `INSERT INTO command_output (command_id, byte_offset, stream, data, created_at)
   SELECT $1, piece.byte_offset, piece.stream, piece.data, clock_timestamp()
     FROM unnest($2::integer[], $3::text[], $4::bytea[]) AS piece (byte_offset, stream, data)
   ON CONFLICT DO NOTHING`,
);
/** From the piece on that the position is in. It is found by its place: a command may write a million crumbs. */
const from = statement<CommandOutput>(
  'command_output_from',
  `SELECT ${columnsOf(CommandOutput)} FROM command_output
    WHERE command_id = $1 AND byte_offset + length(data) > $2
      AND byte_offset >= coalesce(
        (SELECT max(byte_offset) FROM command_output WHERE command_id = $1 AND byte_offset <= $2), 0)
    ORDER BY byte_offset LIMIT $3`,
);
const prune = statement<{ pruned: number }>(
  'command_output_prune',
  `WITH gone AS (DELETE FROM command_output WHERE ctid IN (
     SELECT ctid FROM command_output WHERE created_at < clock_timestamp() - make_interval(days => $1) LIMIT $2) RETURNING 1)
   SELECT count(*)::integer AS pruned FROM gone`,
);

@Injectable()
export class OutputRepository {
  constructor(private readonly database: Database) {}

  async add(commandId: string, pieces: readonly Piece[]): Promise<void> {
    await this.database.write(add, [
      commandId,
      pieces.map(({ byteOffset }) => byteOffset),
      pieces.map(({ stream }) => stream),
      pieces.map(({ data }) => data),
    ]);
  }

  from(commandId: string, offset: number, limit: number): Promise<CommandOutput[]> {
    return this.database.read(from, [commandId, offset, limit]);
  }

  /** How many pieces are gone that are older than so many days. */
  async prune(days: number, limit: number): Promise<number> {
    return (await this.database.writeOne(prune, [days, limit]))?.pruned ?? 0;
  }
}
