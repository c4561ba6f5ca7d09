import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Everything the kernel and AuthModule stand on. Forward only; grants to the run-time role are given after each run. */
export class Foundation1767225600000 implements MigrationInterface {
  name = 'Foundation1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tenancy);
    await runner.query(people);
    await runner.query(credentials);
    await runner.query(authorisation);
    await runner.query(audit);
    await runner.query(machinery);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are forward only: restore a backup instead.');
  }
}

const tenancy = `
CREATE TABLE tenants (
  id uuid CONSTRAINT pk_tenants PRIMARY KEY,
  slug varchar(64) NOT NULL CONSTRAINT uq_tenants_slug UNIQUE,
  name varchar(128) NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1
);

CREATE TABLE tenant_settings (
  tenant_id uuid CONSTRAINT pk_tenant_settings PRIMARY KEY CONSTRAINT fk_tenant_settings_tenant REFERENCES tenants (id) ON DELETE CASCADE,
  "values" jsonb NOT NULL DEFAULT '{}',
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1
);
`;

const people = `
CREATE TABLE users (
  id uuid CONSTRAINT pk_users PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT fk_users_tenant REFERENCES tenants (id),
  username varchar(64) NOT NULL,
  username_key varchar(256) NOT NULL,
  email varchar(254) NOT NULL,
  email_key varchar(1024) NOT NULL,
  password_hash varchar(255),
  is_active boolean NOT NULL DEFAULT true,
  is_terminal_authorized boolean NOT NULL DEFAULT false,
  is_server_terminal_authorized boolean NOT NULL DEFAULT false,
  email_verified_at timestamptz(3),
  last_login_at timestamptz(3),
  password_changed_at timestamptz(3),
  oidc_provider varchar(100),
  oidc_sub varchar(255),
  disabled_reason varchar(256),
  created_by uuid,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  version integer NOT NULL DEFAULT 1
);
-- A deleted user's name is free again; undelete meets these and answers 409 when it was taken meanwhile.
CREATE UNIQUE INDEX uq_users_username ON users (tenant_id, username_key) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX uq_users_email ON users (tenant_id, email_key) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX uq_users_oidc ON users (tenant_id, oidc_provider, oidc_sub) WHERE oidc_sub IS NOT NULL;
-- Lists are walked by id: the usual one, the one narrowed by state, and the deleted ones.
CREATE INDEX ix_users_live ON users (tenant_id, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_users_active ON users (tenant_id, is_active, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_users_deleted ON users (tenant_id, id DESC) WHERE deleted_at IS NOT NULL;
-- What is swept: people who registered and never confirmed their address.
CREATE INDEX ix_users_unverified ON users (created_at) WHERE email_verified_at IS NULL AND deleted_at IS NULL;

CREATE TABLE service_principals (
  id uuid CONSTRAINT pk_service_principals PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT fk_service_principals_tenant REFERENCES tenants (id),
  name varchar(100) NOT NULL,
  description varchar(1024) NOT NULL DEFAULT '',
  is_active boolean NOT NULL DEFAULT true,
  is_terminal_authorized boolean NOT NULL DEFAULT false,
  is_server_terminal_authorized boolean NOT NULL DEFAULT false,
  created_by uuid,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT uq_service_principals_name UNIQUE (tenant_id, name)
);
CREATE INDEX ix_service_principals_tenant_id ON service_principals (tenant_id, id DESC);
`;

const credentials = `
CREATE TABLE auth_sessions (
  id uuid CONSTRAINT pk_auth_sessions PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT fk_auth_sessions_tenant REFERENCES tenants (id),
  user_id uuid NOT NULL CONSTRAINT fk_auth_sessions_user REFERENCES users (id),
  family_id uuid NOT NULL,
  refresh_token_hash varchar(128) NOT NULL CONSTRAINT uq_auth_sessions_refresh_token_hash UNIQUE,
  device_fingerprint varchar(128) NOT NULL DEFAULT 'unknown',
  device_label varchar(256) NOT NULL DEFAULT 'Unknown device',
  ip varchar(64),
  user_agent varchar(512),
  auth_provider varchar(32) NOT NULL DEFAULT 'local',
  amr text[] NOT NULL DEFAULT '{}',
  authenticated_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  last_active_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  revoked boolean NOT NULL DEFAULT false,
  revoked_at timestamptz(3),
  revoked_reason varchar(64),
  -- A refresh token has one successor, whatever number of requests or replicas spend it at once.
  previous_session_id uuid CONSTRAINT uq_auth_sessions_previous UNIQUE
);
CREATE INDEX ix_auth_sessions_user_live ON auth_sessions (user_id, revoked, expires_at);
CREATE INDEX ix_auth_sessions_family ON auth_sessions (family_id);
CREATE INDEX ix_auth_sessions_expires_at ON auth_sessions (expires_at);
-- Lists show live rows only, which are few among the rotated ones.
CREATE INDEX ix_auth_sessions_user ON auth_sessions (user_id, id DESC) WHERE NOT revoked;
CREATE INDEX ix_auth_sessions_provider ON auth_sessions (tenant_id, auth_provider, id DESC) WHERE NOT revoked;
CREATE INDEX ix_auth_sessions_tenant ON auth_sessions (tenant_id, id DESC) WHERE NOT revoked;
-- One row per family is live: a second child of one parent cannot exist.
CREATE UNIQUE INDEX uq_auth_sessions_live_family ON auth_sessions (family_id) WHERE NOT revoked;

CREATE TABLE user_sessions (
  id uuid CONSTRAINT pk_user_sessions PRIMARY KEY,
  user_id uuid NOT NULL,
  refresh_token_hash varchar(128) NOT NULL,
  device_info varchar(2048),
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3)
);
COMMENT ON TABLE user_sessions IS 'Legacy sessions, kept for import only.';

CREATE TABLE auth_meta (
  key varchar(128) CONSTRAINT pk_auth_meta PRIMARY KEY,
  value varchar(1024) NOT NULL,
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE api_keys (
  id uuid CONSTRAINT pk_api_keys PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT fk_api_keys_tenant REFERENCES tenants (id),
  owner_kind varchar(16) NOT NULL CONSTRAINT ck_api_keys_owner_kind CHECK (owner_kind IN ('user', 'service')),
  owner_id uuid NOT NULL,
  name varchar(64) NOT NULL DEFAULT '',
  key_prefix varchar(16) NOT NULL,
  key_hash varchar(64) NOT NULL CONSTRAINT uq_api_keys_key_hash UNIQUE,
  scopes text[],
  allowed_cidrs text[] NOT NULL DEFAULT '{}',
  created_by uuid,
  created_at timestamptz(3) NOT NULL,
  last_used_at timestamptz(3),
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  replaced_by_id uuid
);
CREATE INDEX ix_api_keys_owner ON api_keys (owner_kind, owner_id, id DESC);

CREATE TABLE login_throttles (
  tenant_id uuid NOT NULL,
  kind varchar(16) NOT NULL CONSTRAINT ck_login_throttles_kind CHECK (kind IN ('login_address', 'login', 'address')),
  key_hash varchar(64) NOT NULL,
  failures integer NOT NULL,
  window_started_at timestamptz(3) NOT NULL,
  last_failure_at timestamptz(3) NOT NULL,
  locked_until timestamptz(3),
  CONSTRAINT pk_login_throttles PRIMARY KEY (tenant_id, kind, key_hash)
);
CREATE INDEX ix_login_throttles_last_failure ON login_throttles (last_failure_at);

CREATE TABLE one_time_tokens (
  id uuid CONSTRAINT pk_one_time_tokens PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT fk_one_time_tokens_tenant REFERENCES tenants (id),
  purpose varchar(32) NOT NULL,
  token_hash varchar(64) NOT NULL CONSTRAINT uq_one_time_tokens_hash UNIQUE,
  subject_id uuid,
  payload text,
  created_by uuid,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3)
);
CREATE INDEX ix_one_time_tokens_subject ON one_time_tokens (purpose, subject_id);
CREATE INDEX ix_one_time_tokens_expires_at ON one_time_tokens (expires_at);

CREATE TABLE signing_keys (
  kid varchar(64) CONSTRAINT pk_signing_keys PRIMARY KEY,
  algorithm varchar(16) NOT NULL,
  public_jwk jsonb NOT NULL,
  private_key bytea NOT NULL,
  created_at timestamptz(3) NOT NULL,
  signs_from timestamptz(3) NOT NULL,
  verifies_until timestamptz(3)
);
-- One key at a time signs without an end; rotation closes it and opens the next in one transaction.
CREATE UNIQUE INDEX uq_signing_keys_current ON signing_keys ((true)) WHERE verifies_until IS NULL;
`;

const authorisation = `
CREATE TABLE roles (
  id uuid CONSTRAINT pk_roles PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT fk_roles_tenant REFERENCES tenants (id),
  name varchar(64) NOT NULL,
  description varchar(1024) NOT NULL DEFAULT '',
  permissions text[] NOT NULL DEFAULT '{}',
  is_built_in boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT uq_roles_name UNIQUE (tenant_id, name)
);

CREATE TABLE role_bindings (
  id uuid CONSTRAINT pk_role_bindings PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT fk_role_bindings_tenant REFERENCES tenants (id),
  subject_kind varchar(16) NOT NULL CONSTRAINT ck_role_bindings_subject_kind CHECK (subject_kind IN ('user', 'group', 'service')),
  subject_id uuid NOT NULL,
  role_id uuid NOT NULL CONSTRAINT fk_role_bindings_role REFERENCES roles (id),
  scope_kind varchar(16) NOT NULL DEFAULT 'global' CONSTRAINT ck_role_bindings_scope_kind CHECK (scope_kind IN ('global', 'gateway', 'department')),
  scope_id uuid,
  effect varchar(8) NOT NULL DEFAULT 'allow' CONSTRAINT ck_role_bindings_effect CHECK (effect IN ('allow', 'deny')),
  created_by uuid,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3),
  CONSTRAINT ck_role_bindings_scope CHECK ((scope_kind = 'global') = (scope_id IS NULL))
);
CREATE UNIQUE INDEX uq_role_bindings ON role_bindings (tenant_id, subject_kind, subject_id, role_id, scope_kind, scope_id, effect) NULLS NOT DISTINCT;
CREATE INDEX ix_role_bindings_subject ON role_bindings (subject_kind, subject_id);
CREATE INDEX ix_role_bindings_role ON role_bindings (role_id);
`;

const audit = `
CREATE TABLE audit_entries (
  id uuid CONSTRAINT pk_audit_entries PRIMARY KEY,
  tenant_id uuid NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  actor_kind varchar(16) NOT NULL,
  actor_id varchar(253),
  actor_role varchar(64),
  on_behalf_of text[] NOT NULL DEFAULT '{}',
  delegation_path text[] NOT NULL DEFAULT '{}',
  action varchar(100) NOT NULL,
  resource_type varchar(50) NOT NULL,
  resource_id varchar(253),
  department_id uuid,
  gateway_id uuid,
  gateway_name varchar(253),
  outcome varchar(16) NOT NULL CONSTRAINT ck_audit_entries_outcome CHECK (outcome IN ('success', 'failure', 'denied')),
  request_id varchar(128),
  approval_id uuid,
  command_id uuid,
  event_code varchar(64),
  detail text NOT NULL CONSTRAINT ck_audit_entries_detail CHECK (octet_length(detail) <= 16384),
  personal_digest bytea,
  leaf_hash bytea NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  cluster_epoch integer NOT NULL DEFAULT 1
);
CREATE INDEX ix_audit_entries_tenant ON audit_entries (tenant_id, id DESC);
CREATE INDEX ix_audit_entries_actor ON audit_entries (tenant_id, actor_id, id DESC);
CREATE INDEX ix_audit_entries_action ON audit_entries (tenant_id, action text_pattern_ops, id DESC);
CREATE INDEX ix_audit_entries_resource ON audit_entries (tenant_id, resource_id, id DESC);
CREATE INDEX ix_audit_entries_resource_type ON audit_entries (tenant_id, resource_type, id DESC);
CREATE INDEX ix_audit_entries_request ON audit_entries (tenant_id, request_id, id DESC);
CREATE INDEX ix_audit_entries_outcome ON audit_entries (tenant_id, outcome, id DESC) WHERE outcome <> 'success';
CREATE INDEX ix_audit_entries_gateway ON audit_entries (tenant_id, gateway_id, id DESC) WHERE gateway_id IS NOT NULL;
CREATE INDEX ix_audit_entries_department ON audit_entries (tenant_id, department_id, id DESC) WHERE department_id IS NOT NULL;
CREATE INDEX ix_audit_entries_delegation ON audit_entries USING gin (delegation_path) WHERE delegation_path <> '{}';
CREATE INDEX ix_audit_entries_xid ON audit_entries (xid);

CREATE TABLE audit_personal (
  entry_id uuid CONSTRAINT pk_audit_personal PRIMARY KEY CONSTRAINT fk_audit_personal_entry REFERENCES audit_entries (id),
  salt bytea NOT NULL,
  actor_name varchar(254),
  client_ip varchar(64),
  user_agent varchar(512),
  detail text
);

-- The log is append-only for everyone: the run-time role holds INSERT and SELECT, and this refuses the rest even to a role that holds more.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit entries are append-only (% refused)', TG_OP USING ERRCODE = 'insufficient_privilege';
END;
$$;
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
`;

const machinery = `
CREATE TABLE access_changes (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_access_changes PRIMARY KEY,
  kind varchar(16) NOT NULL,
  subject varchar(64) NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX ix_access_changes_xid ON access_changes (xid);
CREATE INDEX ix_access_changes_created_at ON access_changes (created_at);

CREATE TABLE idempotency_keys (
  scope_hash bytea CONSTRAINT pk_idempotency_keys PRIMARY KEY,
  tenant_id uuid NOT NULL,
  body_mac bytea NOT NULL,
  status integer NOT NULL,
  headers jsonb NOT NULL DEFAULT '{}',
  body bytea NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX ix_idempotency_keys_expires_at ON idempotency_keys (expires_at);

CREATE TABLE rate_windows (
  bucket varchar(128) NOT NULL,
  window_started_at timestamptz(3) NOT NULL,
  spent integer NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT pk_rate_windows PRIMARY KEY (bucket, window_started_at)
);
CREATE INDEX ix_rate_windows_expires_at ON rate_windows (expires_at);

CREATE TABLE job_outbox (
  id uuid CONSTRAINT pk_job_outbox PRIMARY KEY,
  name varchar(100) NOT NULL,
  payload jsonb NOT NULL,
  job_key varchar(253),
  run_at timestamptz(3) NOT NULL,
  max_attempts integer NOT NULL DEFAULT 10,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE schedules (
  name varchar(100) CONSTRAINT pk_schedules PRIMARY KEY,
  lease_holder varchar(128),
  lease_until timestamptz(3),
  last_started_at timestamptz(3),
  last_finished_at timestamptz(3),
  last_outcome varchar(16),
  last_error varchar(1024),
  next_run_at timestamptz(3)
);

CREATE TABLE job_workers (
  worker_id varchar(128) CONSTRAINT pk_job_workers PRIMARY KEY,
  heartbeat_at timestamptz(3) NOT NULL
);

INSERT INTO tenants (id, slug, name) VALUES ('00000000-0000-7000-8000-000000000001', 'default', 'Default');
`;
