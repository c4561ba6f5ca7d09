import type { MigrationInterface, QueryRunner } from 'typeorm';
import { backfillUserSessions } from '../src/modules/auth/legacy/backfill-user-sessions.js';

/** Takes over the sessions of the former system; nothing to do on a fresh install but to say so. */
export class BackfillUserSessions1767225601000 implements MigrationInterface {
  name = 'BackfillUserSessions1767225601000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `INSERT INTO auth_meta (key, value) VALUES ('schema_version', '2') ON CONFLICT DO NOTHING`,
    );
    await backfillUserSessions((text, values) => runner.query(text, values));
  }

  async down(): Promise<void> {
    throw new Error('Migrations are forward only: restore a backup instead.');
  }
}
