import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What reading the audit log needs: ways to the entries of one command and of one approval, which few entries have, and
 * how far each exporter has come.
 */
export class AuditReading1767225621000 implements MigrationInterface {
  name = 'AuditReading1767225621000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE INDEX ix_audit_entries_command ON audit_entries (tenant_id, command_id, id DESC) WHERE command_id IS NOT NULL;
CREATE INDEX ix_audit_entries_approval ON audit_entries (tenant_id, approval_id, id DESC) WHERE approval_id IS NOT NULL;

-- Everything up to and with the checkpoint of this position has arrived at the receiver.
CREATE TABLE audit_exporters (
  name varchar(16) CONSTRAINT pk_audit_exporters PRIMARY KEY,
  position bigint NOT NULL DEFAULT 0,
  -- Whose turn it is to deliver, and until when if nothing more is heard of it.
  holder uuid,
  held_until timestamptz(3)
);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are forward only: restore a backup instead.');
  }
}
