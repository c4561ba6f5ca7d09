import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What commands of the server wrote, for as long as it is kept. Forward only. */
export class TerminalOutput1767225631000 implements MigrationInterface {
  name = 'TerminalOutput1767225631000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE command_output (
  command_id uuid NOT NULL CONSTRAINT fk_command_output_command REFERENCES command_requests (id),
  byte_offset integer NOT NULL,
  stream varchar(8) NOT NULL CONSTRAINT ck_command_output_stream CHECK (stream IN ('stdout', 'stderr')),
  data bytea NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT pk_command_output PRIMARY KEY (command_id, byte_offset)
);
CREATE INDEX ix_command_output_created_at ON command_output (created_at);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are forward only: restore a backup instead.');
  }
}
