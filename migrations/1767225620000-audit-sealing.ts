import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What makes the audit log provable: its order, its tree, its signed checkpoints, and what was pruned from it. The two
 * indexes of audit_entries are made while its writers wait; a log that is not sealed yet is short.
 */
export class AuditSealing1767225620000 implements MigrationInterface {
  name = 'AuditSealing1767225620000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(order);
    await runner.query(signatures);
    await runner.query(pruning);
    await runner.query(sealer);
    await runner.query(appendOnly);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are forward only: restore a backup instead.');
  }
}

const order = `
-- The place of each entry in the log of its tenant. No foreign key: what was deleted behind our back must be found, not hidden.
CREATE TABLE audit_leaves (
  tenant_id uuid NOT NULL,
  seq bigint NOT NULL,
  entry_id uuid NOT NULL CONSTRAINT uq_audit_leaves_entry UNIQUE,
  leaf_hash bytea NOT NULL CONSTRAINT ck_audit_leaves_hash CHECK (octet_length(leaf_hash) = 32),
  CONSTRAINT pk_audit_leaves PRIMARY KEY (tenant_id, seq)
);

-- Complete subtrees, 256 hashes together: at level 0 of leaves, at level n of the roots of the tiles of level n-1.
CREATE TABLE audit_tiles (
  tenant_id uuid NOT NULL,
  level smallint NOT NULL,
  position bigint NOT NULL,
  root bytea NOT NULL CONSTRAINT ck_audit_tiles_root CHECK (octet_length(root) = 32),
  hashes bytea NOT NULL CONSTRAINT ck_audit_tiles_hashes CHECK (octet_length(hashes) = 8192),
  CONSTRAINT pk_audit_tiles PRIMARY KEY (tenant_id, level, position)
);
-- Hashes do not compress.
ALTER TABLE audit_tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;
`;

const signatures = `
-- Public keys stay for ever: what they signed must be verifiable for ever. A key has one predecessor and one successor.
CREATE TABLE audit_keys (
  key_id varchar(64) CONSTRAINT pk_audit_keys PRIMARY KEY,
  public_key bytea NOT NULL CONSTRAINT ck_audit_keys_public_key CHECK (octet_length(public_key) = 32),
  previous_key_id varchar(64) CONSTRAINT uq_audit_keys_previous UNIQUE CONSTRAINT fk_audit_keys_previous REFERENCES audit_keys (key_id),
  endorsement bytea CONSTRAINT ck_audit_keys_endorsement CHECK (octet_length(endorsement) = 64),
  created_at timestamptz(3) NOT NULL
);
-- There is one first key.
CREATE UNIQUE INDEX uq_audit_keys_first ON audit_keys ((true)) WHERE previous_key_id IS NULL;

-- Apart from the public half, because it is wrapped anew when the key ring changes and destroyed when the key is replaced.
CREATE TABLE audit_private_keys (
  key_id varchar(64) CONSTRAINT pk_audit_private_keys PRIMARY KEY CONSTRAINT fk_audit_private_keys_key REFERENCES audit_keys (key_id),
  sealed_key text NOT NULL
);

CREATE TABLE audit_checkpoints (
  tenant_id uuid NOT NULL,
  tree_size bigint NOT NULL CONSTRAINT ck_audit_checkpoints_tree_size CHECK (tree_size > 0),
  root_hash bytea NOT NULL CONSTRAINT ck_audit_checkpoints_root_hash CHECK (octet_length(root_hash) = 32),
  key_id varchar(64) NOT NULL CONSTRAINT fk_audit_checkpoints_key REFERENCES audit_keys (key_id),
  -- The signed text, byte for byte.
  note text NOT NULL,
  -- Size of the checkpoint before.
  prev_checkpoint bigint,
  created_at timestamptz(3) NOT NULL,
  -- Ascending in the order of commits, over all tenants: whoever follows the checkpoints follows this.
  position bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT uq_audit_checkpoints_position UNIQUE,
  CONSTRAINT pk_audit_checkpoints PRIMARY KEY (tenant_id, tree_size)
);
-- A checkpoint has one successor: the log cannot fork.
CREATE UNIQUE INDEX uq_audit_checkpoints_prev ON audit_checkpoints (tenant_id, prev_checkpoint) NULLS NOT DISTINCT;
`;

const pruning = `
-- What was taken out of the log after it had been exported. The tiles stay, so everything that stayed remains provable.
CREATE TABLE audit_segments (
  tenant_id uuid NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  -- Of the tree of the entries 0 to last_seq; there is a checkpoint of that size.
  root_hash bytea NOT NULL,
  -- Where the export is, and its SHA-256.
  location varchar(1024) NOT NULL,
  digest bytea NOT NULL CONSTRAINT ck_audit_segments_digest CHECK (octet_length(digest) = 32),
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT pk_audit_segments PRIMARY KEY (tenant_id, first_seq),
  CONSTRAINT uq_audit_segments_last UNIQUE (tenant_id, last_seq),
  CONSTRAINT ck_audit_segments_range CHECK (first_seq >= 0 AND last_seq >= first_seq)
);
`;

const sealer = `
-- Transaction ids begin anew when a dump is restored into another cluster: each cluster is an epoch of its own.
CREATE TABLE audit_epochs (
  epoch integer CONSTRAINT pk_audit_epochs PRIMARY KEY,
  system_identifier varchar(20) NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

-- The last entry that was sealed, of all tenants. Who has this row locked is the sealer.
CREATE TABLE audit_sealing (
  id smallint CONSTRAINT pk_audit_sealing PRIMARY KEY DEFAULT 1 CONSTRAINT ck_audit_sealing_one CHECK (id = 1),
  cluster_epoch integer NOT NULL,
  xid xid8 NOT NULL,
  entry_id uuid NOT NULL,
  sealed_at timestamptz(3)
);
INSERT INTO audit_sealing (cluster_epoch, xid, entry_id) VALUES (1, '0', '00000000-0000-0000-0000-000000000000');

CREATE INDEX ix_audit_entries_sealing ON audit_entries (cluster_epoch, xid, id);
DROP INDEX ix_audit_entries_xid;
`;

/** Pruning says that it is pruning, and only the role that owns the table may: the run-time role has no DELETE at all. */
const appendOnly = `
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME IN ('audit_entries', 'audit_leaves') AND current_setting('reeve.pruning', true) = 'on'
     AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only (% of % refused)', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END;
$$;
${['audit_leaves', 'audit_tiles', 'audit_keys', 'audit_checkpoints', 'audit_segments', 'audit_epochs']
  .map(
    (table) => `
CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();`,
  )
  .join('')}
`;
