import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions in which somebody acts as another user. A new table only: the previous release does not look at it. */
export class Impersonation1767225611000 implements MigrationInterface {
  name = 'Impersonation1767225611000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE impersonations (
  id uuid CONSTRAINT pk_impersonations PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT fk_impersonations_tenant REFERENCES tenants (id),
  actor_id uuid NOT NULL CONSTRAINT fk_impersonations_actor REFERENCES users (id),
  actor_name varchar(64) NOT NULL,
  -- Of auth_sessions; not referenced, since its rows are deleted when they are long over and these are kept.
  actor_family_id uuid NOT NULL,
  user_id uuid NOT NULL CONSTRAINT fk_impersonations_user REFERENCES users (id),
  user_name varchar(64) NOT NULL,
  reason varchar(512) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  ended_reason varchar(16) CONSTRAINT ck_impersonations_ended_reason CHECK (ended_reason IN ('manual', 'expired', 'revoked')),
  CONSTRAINT ck_impersonations_ended CHECK ((ended_at IS NULL) = (ended_reason IS NULL)),
  CONSTRAINT ck_impersonations_other CHECK (actor_id <> user_id)
);
-- Lists are walked by id: all, those of one user, those of one who acts.
CREATE INDEX ix_impersonations_tenant ON impersonations (tenant_id, id DESC);
CREATE INDEX ix_impersonations_user ON impersonations (user_id, id DESC);
CREATE INDEX ix_impersonations_actor ON impersonations (actor_id, id DESC);
-- What ends with a session, and what is swept: few rows among those that are over.
CREATE INDEX ix_impersonations_live_family ON impersonations (actor_family_id) WHERE ended_at IS NULL;
CREATE INDEX ix_impersonations_live ON impersonations (id) WHERE ended_at IS NULL;
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are forward only: restore a backup instead.');
  }
}
