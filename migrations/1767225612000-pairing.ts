import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Devices that wait for a person to confirm the code they show. A new table: nothing else is touched. */
export class Pairing1767225612000 implements MigrationInterface {
  name = 'Pairing1767225612000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(pairings);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are forward only: restore a backup instead.');
  }
}

const pairings = `
CREATE TABLE pairings (
  id uuid CONSTRAINT pk_pairings PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT fk_pairings_tenant REFERENCES tenants (id),
  device_code_hash varchar(64) NOT NULL CONSTRAINT uq_pairings_device_code_hash UNIQUE,
  user_code varchar(9) NOT NULL CONSTRAINT uq_pairings_user_code UNIQUE,
  device_name varchar(64) NOT NULL,
  ip varchar(64),
  user_agent varchar(512),
  status varchar(16) NOT NULL
    CONSTRAINT ck_pairings_status CHECK (status IN ('pending', 'approved', 'denied', 'claimed')),
  interval_seconds integer NOT NULL,
  last_polled_at timestamptz(3),
  decided_by uuid,
  decided_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX ix_pairings_expires_at ON pairings (expires_at);
`;
