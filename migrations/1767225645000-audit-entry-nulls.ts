import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Nobody searches for entries without an actor, a resource or a request, and yet each took a place in these indexes:
 * failed sign-ins have no actor, what schedules do has no request, and entries written in groups are often such.
 */
export class AuditEntryNulls1767225645000 implements MigrationInterface {
  name = 'AuditEntryNulls1767225645000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [index, column] of SEARCHED) {
      await runner.query(`DROP INDEX ix_audit_entries_${index}`);
      await runner.query(
        `CREATE INDEX ix_audit_entries_${index} ON audit_entries (tenant_id, ${column}, id) WHERE ${column} IS NOT NULL`,
      );
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations are forward only: restore a backup instead.');
  }
}

const SEARCHED = [
  ['actor', 'actor_id'],
  ['resource', 'resource_id'],
  ['request', 'request_id'],
] as const;
