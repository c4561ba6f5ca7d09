import { Injectable } from '@nestjs/common';
import { Database, statement } from '../../../kernel/database/index.js';

/** How long nobody else delivers after the last sign of life. */
const HELD_SECONDS = 10;

const UNTIL = `clock_timestamp() + ${HELD_SECONDS} * interval '1 second'`;
const take = statement<{ position: string }>(
  'audit.take_exporter',
  `INSERT INTO audit_exporters AS e (name, holder, held_until) VALUES ($1, $2, ${UNTIL})
   ON CONFLICT (name) DO UPDATE SET holder = $2, held_until = ${UNTIL}
     WHERE e.holder IS NULL OR e.holder = $2 OR e.held_until < clock_timestamp()
   RETURNING position`,
);
const keep = statement<{ name: string }>(
  'audit.keep_exporter',
  `UPDATE audit_exporters SET held_until = ${UNTIL} WHERE name = $1 AND holder = $2 RETURNING name`,
);
const advance = statement<{ name: string }>(
  'audit.advance_exporter',
  'UPDATE audit_exporters SET position = $3 WHERE name = $1 AND holder = $2 AND position <= $3 RETURNING name',
);
const leave = statement(
  'audit.leave_exporter',
  'UPDATE audit_exporters SET holder = NULL, held_until = NULL WHERE name = $1 AND holder = $2',
);
const positions = statement<{ name: string; position: string }>(
  'audit.exporter_positions',
  'SELECT name, position FROM audit_exporters WHERE name = ANY ($1::text[])',
);

/** Whose turn it is to deliver for an exporter, and from where on. Times are the database's. */
@Injectable()
export class ExporterTurns {
  constructor(private readonly database: Database) {}

  /** @returns the position to go on from; null when it is another's turn */
  async take(name: string, holder: string): Promise<string | null> {
    return (await this.database.writeAlone(take, [name, holder])).at(0)?.position ?? null;
  }

  /** False when another has taken over. */
  async keep(name: string, holder: string): Promise<boolean> {
    return (await this.database.writeAlone(keep, [name, holder])).length === 1;
  }

  /** For good: nobody will send again what comes before. False when another has taken over. */
  async advance(name: string, holder: string, position: string): Promise<boolean> {
    return (await this.database.writeAlone(advance, [name, holder, position])).length === 1;
  }

  async leave(name: string, holder: string): Promise<void> {
    await this.database.writeAlone(leave, [name, holder]);
  }

  /** The position that all of these have reached; '0' for one that has not begun. */
  async reachedByAll(names: readonly string[]): Promise<string | null> {
    if (names.length === 0) return null;
    const rows = await this.database.read(positions, [names]);
    const reached = names.map((name) => BigInt(rows.find((row) => row.name === name)?.position ?? 0));
    return reached.reduce((least, position) => (position < least ? position : least)).toString();
  }
}
