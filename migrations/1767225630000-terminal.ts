import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rules that commands are judged by, the commands themselves, and what people said about them. Forward only. */
export class Terminal1767225630000 implements MigrationInterface {
  name = 'Terminal1767225630000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(rules);
    await runner.query(commands);
    await runner.query(approvals);
    await runner.query(trust);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are forward only: restore a backup instead.');
  }
}

const rules = `
CREATE TABLE terminal_rules (
  id uuid CONSTRAINT pk_terminal_rules PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT fk_terminal_rules_tenant REFERENCES tenants (id),
  effect varchar(8) NOT NULL CONSTRAINT ck_terminal_rules_effect CHECK (effect IN ('allow', 'block')),
  owner_scope varchar(16) NOT NULL CONSTRAINT ck_terminal_rules_owner_scope CHECK (owner_scope IN ('user', 'department', 'gateway', 'global')),
  owner_id uuid,
  pattern varchar(512) NOT NULL,
  pattern_key varchar(1536) NOT NULL,
  options jsonb NOT NULL DEFAULT '{}',
  pins jsonb NOT NULL DEFAULT '[]',
  reason varchar(512),
  match text[] NOT NULL DEFAULT '{}',
  not_match text[] NOT NULL DEFAULT '{}',
  pack varchar(64),
  created_by uuid,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT ck_terminal_rules_owner CHECK ((owner_scope = 'global') = (owner_id IS NULL))
);
CREATE INDEX ix_terminal_rules_owner ON terminal_rules (tenant_id, effect, owner_scope, owner_id, id DESC);
-- A block rule says the same in every case, so two that differ in case are one.
CREATE UNIQUE INDEX uq_terminal_rules_block ON terminal_rules (tenant_id, owner_scope, owner_id, pattern_key) NULLS NOT DISTINCT WHERE effect = 'block';
`;

const commands = `
CREATE TABLE command_requests (
  id uuid CONSTRAINT pk_command_requests PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT fk_command_requests_tenant REFERENCES tenants (id),
  principal_kind varchar(16) NOT NULL,
  principal_id uuid NOT NULL,
  principal_name varchar(254) NOT NULL,
  delegator_id uuid,
  delegation_id uuid,
  session_id varchar(64) NOT NULL,
  mode varchar(8) NOT NULL CONSTRAINT ck_command_requests_mode CHECK (mode IN ('local', 'server')),
  gateway_id uuid,
  command varchar(10000),
  argv jsonb,
  display text NOT NULL,
  segments jsonb NOT NULL DEFAULT '[]',
  cwd varchar(1024),
  env jsonb NOT NULL DEFAULT '{}',
  interactive boolean,
  reason varchar(512),
  digest varchar(64) NOT NULL,
  policy_version varchar(64) NOT NULL,
  verdict varchar(8) NOT NULL CONSTRAINT ck_command_requests_verdict CHECK (verdict IN ('allow', 'confirm', 'approve', 'reject', 'deny')),
  reasons jsonb NOT NULL DEFAULT '[]',
  status varchar(24) NOT NULL CONSTRAINT ck_command_requests_status CHECK (status IN ('evaluated', 'awaiting_confirmation', 'awaiting_approval', 'queued', 'running', 'succeeded', 'failed', 'timed_out', 'cancelled', 'rejected', 'denied', 'expired', 'unknown')),
  decision varchar(16) CONSTRAINT ck_command_requests_decision CHECK (decision IN ('executed', 'confirmed', 'rejected', 'denied')),
  decided_at timestamptz(3),
  approval_id uuid,
  trust_window_id uuid,
  timeout_seconds integer NOT NULL DEFAULT 60 CONSTRAINT ck_command_requests_timeout CHECK (timeout_seconds BETWEEN 1 AND 3600),
  -- Which process runs it, until when if nothing more is heard of that process, and why it is to end it.
  executor_id uuid,
  lease_until timestamptz(3),
  stop_because varchar(32),
  exit_code integer,
  signal varchar(16),
  output_sha256 varchar(64),
  output_bytes bigint NOT NULL DEFAULT 0,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  created_at timestamptz(3) NOT NULL
);
-- Lists are walked by id, which is by time.
CREATE INDEX ix_command_requests_tenant ON command_requests (tenant_id, id DESC);
CREATE INDEX ix_command_requests_principal ON command_requests (tenant_id, principal_id, id DESC);
CREATE INDEX ix_command_requests_session ON command_requests (tenant_id, session_id, id DESC);
CREATE INDEX ix_command_requests_status ON command_requests (tenant_id, status, id DESC);
CREATE INDEX ix_command_requests_decision ON command_requests (tenant_id, decision, id DESC) WHERE decision IS NOT NULL;
CREATE INDEX ix_command_requests_mode ON command_requests (tenant_id, mode, id DESC) WHERE decision IS NOT NULL;
CREATE INDEX ix_command_requests_decided ON command_requests (tenant_id, id DESC) WHERE decision IS NOT NULL;
CREATE INDEX ix_command_requests_offered ON command_requests (id) WHERE status IN ('awaiting_confirmation', 'queued');
-- What the server is to run, and what it runs.
CREATE INDEX ix_command_requests_runs ON command_requests (id) WHERE mode = 'server' AND status IN ('queued', 'running');
-- By who answers for them, so that each has their turn however much others have asked for.
CREATE INDEX ix_command_requests_queue ON command_requests (coalesce(delegator_id, principal_id), id) WHERE mode = 'server' AND status = 'queued';
`;

const approvals = `
CREATE TABLE terminal_approvals (
  id uuid CONSTRAINT pk_terminal_approvals PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT fk_terminal_approvals_tenant REFERENCES tenants (id),
  request_id uuid NOT NULL CONSTRAINT uq_terminal_approvals_request UNIQUE CONSTRAINT fk_terminal_approvals_request REFERENCES command_requests (id),
  requester_kind varchar(16) NOT NULL,
  requester_id uuid NOT NULL,
  requester_name varchar(254) NOT NULL,
  delegator_id uuid,
  digest varchar(64) NOT NULL,
  policy_version varchar(64) NOT NULL,
  reason varchar(512),
  status varchar(16) NOT NULL CONSTRAINT ck_terminal_approvals_status CHECK (status IN ('pending', 'approved', 'rejected', 'expired', 'cancelled')),
  required_approvals integer NOT NULL CONSTRAINT ck_terminal_approvals_required CHECK (required_approvals BETWEEN 1 AND 20),
  required_roles text[] NOT NULL DEFAULT '{}',
  expires_at timestamptz(3) NOT NULL,
  escalate_at timestamptz(3),
  escalated_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  changed_at timestamptz(3) NOT NULL,
  resolved_at timestamptz(3),
  resolved_because varchar(32),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT ck_terminal_approvals_resolved CHECK ((status = 'pending') = (resolved_at IS NULL))
);
CREATE INDEX ix_terminal_approvals_tenant ON terminal_approvals (tenant_id, id DESC);
CREATE INDEX ix_terminal_approvals_status ON terminal_approvals (tenant_id, status, id DESC);
CREATE INDEX ix_terminal_approvals_requester ON terminal_approvals (tenant_id, requester_id, id DESC);
CREATE INDEX ix_terminal_approvals_changed ON terminal_approvals (tenant_id, changed_at, id);
CREATE INDEX ix_terminal_approvals_waiting ON terminal_approvals (tenant_id, changed_at, id) WHERE status = 'pending';
CREATE INDEX ix_terminal_approvals_due ON terminal_approvals (expires_at) WHERE status = 'pending';
CREATE INDEX ix_terminal_approvals_escalation ON terminal_approvals (escalate_at) WHERE status = 'pending' AND escalated_at IS NULL;

-- Kept for ever: the run-time role may insert and read, and the trigger refuses the rest to everybody.
CREATE TABLE approval_votes (
  approval_id uuid NOT NULL CONSTRAINT fk_approval_votes_approval REFERENCES terminal_approvals (id),
  voter_id uuid NOT NULL,
  voter_name varchar(254) NOT NULL,
  vote varchar(8) NOT NULL CONSTRAINT ck_approval_votes_vote CHECK (vote IN ('approve', 'reject')),
  note varchar(512),
  digest varchar(64) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT pk_approval_votes PRIMARY KEY (approval_id, voter_id)
);
CREATE FUNCTION votes_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'votes are kept for ever (% refused)', TG_OP USING ERRCODE = 'insufficient_privilege';
END;
$$;
CREATE TRIGGER approval_votes_kept BEFORE UPDATE OR DELETE ON approval_votes FOR EACH ROW EXECUTE FUNCTION votes_are_kept();
CREATE TRIGGER approval_votes_no_truncate BEFORE TRUNCATE ON approval_votes FOR EACH STATEMENT EXECUTE FUNCTION votes_are_kept();
`;

const trust = `
CREATE TABLE trust_windows (
  id uuid CONSTRAINT pk_trust_windows PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT fk_trust_windows_tenant REFERENCES tenants (id),
  principal_kind varchar(16) NOT NULL CONSTRAINT ck_trust_windows_principal_kind CHECK (principal_kind IN ('user', 'service', 'agent')),
  principal_id uuid NOT NULL,
  pattern varchar(512),
  digest varchar(64),
  gateway_id uuid,
  reason varchar(512),
  granted_by uuid NOT NULL,
  granted_by_name varchar(254) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  max_uses integer NOT NULL CONSTRAINT ck_trust_windows_max_uses CHECK (max_uses BETWEEN 1 AND 1000),
  used integer NOT NULL DEFAULT 0,
  CONSTRAINT ck_trust_windows_used CHECK (used BETWEEN 0 AND max_uses),
  CONSTRAINT ck_trust_windows_what CHECK ((pattern IS NULL) <> (digest IS NULL)),
  CONSTRAINT ck_trust_windows_length CHECK (expires_at <= created_at + interval '60 minutes')
);
CREATE INDEX ix_trust_windows_tenant ON trust_windows (tenant_id, id DESC);
CREATE INDEX ix_trust_windows_principal ON trust_windows (tenant_id, principal_id, expires_at);
`;
