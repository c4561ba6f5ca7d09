-- The database after all migrations, for reading and reviewing. Generated from the catalogues of a fresh installation.
-- The schema "graphile_worker" belongs to the job queue and is not listed.

-- Sequences

CREATE SEQUENCE access_changes_id_seq;
CREATE SEQUENCE audit_checkpoints_position_seq;
CREATE SEQUENCE schema_migrations_id_seq;

-- Tables

CREATE TABLE access_changes (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  kind character varying(16) NOT NULL,
  subject character varying(64) NOT NULL,
  xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

CREATE TABLE api_keys (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  owner_kind character varying(16) NOT NULL,
  owner_id uuid NOT NULL,
  name character varying(64) DEFAULT ''::character varying NOT NULL,
  key_prefix character varying(16) NOT NULL,
  key_hash character varying(64) NOT NULL,
  scopes text[],
  allowed_cidrs text[] DEFAULT '{}'::text[] NOT NULL,
  created_by uuid,
  created_at timestamp(3) with time zone NOT NULL,
  last_used_at timestamp(3) with time zone,
  expires_at timestamp(3) with time zone NOT NULL,
  revoked_at timestamp(3) with time zone,
  replaced_by_id uuid
);

CREATE TABLE approval_votes (
  approval_id uuid NOT NULL,
  voter_id uuid NOT NULL,
  voter_name character varying(254) NOT NULL,
  vote character varying(8) NOT NULL,
  note character varying(512),
  digest character varying(64) NOT NULL,
  created_at timestamp(3) with time zone NOT NULL
);

CREATE TABLE audit_checkpoints (
  tenant_id uuid NOT NULL,
  tree_size bigint NOT NULL,
  root_hash bytea NOT NULL,
  key_id character varying(64) NOT NULL,
  note text NOT NULL,
  prev_checkpoint bigint,
  created_at timestamp(3) with time zone NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY NOT NULL
);

CREATE TABLE audit_entries (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  occurred_at timestamp(3) with time zone NOT NULL,
  actor_kind character varying(16) NOT NULL,
  actor_id character varying(253),
  actor_role character varying(64),
  on_behalf_of text[] DEFAULT '{}'::text[] NOT NULL,
  delegation_path text[] DEFAULT '{}'::text[] NOT NULL,
  action character varying(100) NOT NULL,
  resource_type character varying(50) NOT NULL,
  resource_id character varying(253),
  department_id uuid,
  gateway_id uuid,
  gateway_name character varying(253),
  outcome character varying(16) NOT NULL,
  request_id character varying(128),
  approval_id uuid,
  command_id uuid,
  event_code character varying(64),
  detail text NOT NULL,
  personal_digest bytea,
  leaf_hash bytea NOT NULL,
  xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
  cluster_epoch integer DEFAULT 1 NOT NULL
);

CREATE TABLE audit_epochs (
  epoch integer NOT NULL,
  system_identifier character varying(20) NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

CREATE TABLE audit_exporters (
  name character varying(16) NOT NULL,
  position bigint DEFAULT 0 NOT NULL,
  holder uuid,
  held_until timestamp(3) with time zone
);

CREATE TABLE audit_keys (
  key_id character varying(64) NOT NULL,
  public_key bytea NOT NULL,
  previous_key_id character varying(64),
  endorsement bytea,
  created_at timestamp(3) with time zone NOT NULL
);

CREATE TABLE audit_leaves (
  tenant_id uuid NOT NULL,
  seq bigint NOT NULL,
  entry_id uuid NOT NULL,
  leaf_hash bytea NOT NULL
);

CREATE TABLE audit_personal (
  entry_id uuid NOT NULL,
  salt bytea NOT NULL,
  actor_name character varying(254),
  client_ip character varying(64),
  user_agent character varying(512),
  detail text
);

CREATE TABLE audit_private_keys (
  key_id character varying(64) NOT NULL,
  sealed_key text NOT NULL
);

CREATE TABLE audit_sealing (
  id smallint DEFAULT 1 NOT NULL,
  cluster_epoch integer NOT NULL,
  xid xid8 NOT NULL,
  entry_id uuid NOT NULL,
  sealed_at timestamp(3) with time zone
);

CREATE TABLE audit_segments (
  tenant_id uuid NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  root_hash bytea NOT NULL,
  location character varying(1024) NOT NULL,
  digest bytea NOT NULL,
  created_at timestamp(3) with time zone NOT NULL
);

CREATE TABLE audit_tiles (
  tenant_id uuid NOT NULL,
  level smallint NOT NULL,
  position bigint NOT NULL,
  root bytea NOT NULL,
  hashes bytea NOT NULL
);

CREATE TABLE auth_meta (
  key character varying(128) NOT NULL,
  value character varying(1024) NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

CREATE TABLE auth_sessions (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  family_id uuid NOT NULL,
  refresh_token_hash character varying(128) NOT NULL,
  device_fingerprint character varying(128) DEFAULT 'unknown'::character varying NOT NULL,
  device_label character varying(256) DEFAULT 'Unknown device'::character varying NOT NULL,
  ip character varying(64),
  user_agent character varying(512),
  auth_provider character varying(32) DEFAULT 'local'::character varying NOT NULL,
  amr text[] DEFAULT '{}'::text[] NOT NULL,
  authenticated_at timestamp(3) with time zone NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  last_active_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  revoked boolean DEFAULT false NOT NULL,
  revoked_at timestamp(3) with time zone,
  revoked_reason character varying(64),
  previous_session_id uuid
);

CREATE TABLE command_output (
  command_id uuid NOT NULL,
  byte_offset integer NOT NULL,
  stream character varying(8) NOT NULL,
  data bytea NOT NULL,
  created_at timestamp(3) with time zone NOT NULL
);

CREATE TABLE command_requests (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  principal_kind character varying(16) NOT NULL,
  principal_id uuid NOT NULL,
  principal_name character varying(254) NOT NULL,
  delegator_id uuid,
  delegation_id uuid,
  session_id character varying(64) NOT NULL,
  mode character varying(8) NOT NULL,
  gateway_id uuid,
  command character varying(10000),
  argv jsonb,
  display text NOT NULL,
  segments jsonb DEFAULT '[]'::jsonb NOT NULL,
  cwd character varying(1024),
  env jsonb DEFAULT '{}'::jsonb NOT NULL,
  interactive boolean,
  reason character varying(512),
  digest character varying(64) NOT NULL,
  policy_version character varying(64) NOT NULL,
  verdict character varying(8) NOT NULL,
  reasons jsonb DEFAULT '[]'::jsonb NOT NULL,
  status character varying(24) NOT NULL,
  decision character varying(16),
  decided_at timestamp(3) with time zone,
  approval_id uuid,
  trust_window_id uuid,
  timeout_seconds integer DEFAULT 60 NOT NULL,
  executor_id uuid,
  lease_until timestamp(3) with time zone,
  stop_because character varying(32),
  exit_code integer,
  signal character varying(16),
  output_sha256 character varying(64),
  output_bytes bigint DEFAULT 0 NOT NULL,
  started_at timestamp(3) with time zone,
  finished_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone NOT NULL
);

CREATE TABLE group_members (
  group_id uuid NOT NULL,
  principal_kind character varying(16) NOT NULL,
  principal_id uuid NOT NULL,
  created_by uuid,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

CREATE TABLE groups (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  name character varying(100) NOT NULL,
  name_key character varying(256) NOT NULL,
  description character varying(1024) DEFAULT ''::character varying NOT NULL,
  member_count integer DEFAULT 0 NOT NULL,
  created_by uuid,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  version integer DEFAULT 1 NOT NULL
);

CREATE TABLE idempotency_keys (
  scope_hash bytea NOT NULL,
  tenant_id uuid NOT NULL,
  body_mac bytea NOT NULL,
  status integer NOT NULL,
  headers jsonb DEFAULT '{}'::jsonb NOT NULL,
  body bytea NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL
);

CREATE TABLE impersonations (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  actor_id uuid NOT NULL,
  actor_name character varying(64) NOT NULL,
  actor_family_id uuid NOT NULL,
  user_id uuid NOT NULL,
  user_name character varying(64) NOT NULL,
  reason character varying(512) NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  ended_at timestamp(3) with time zone,
  ended_reason character varying(16)
);

CREATE TABLE job_outbox (
  id uuid NOT NULL,
  name character varying(100) NOT NULL,
  payload jsonb NOT NULL,
  job_key character varying(253),
  run_at timestamp(3) with time zone NOT NULL,
  max_attempts integer DEFAULT 10 NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

CREATE TABLE job_workers (
  worker_id character varying(128) NOT NULL,
  heartbeat_at timestamp(3) with time zone NOT NULL
);

CREATE TABLE login_throttles (
  tenant_id uuid NOT NULL,
  kind character varying(16) NOT NULL,
  key_hash character varying(64) NOT NULL,
  failures integer NOT NULL,
  window_started_at timestamp(3) with time zone NOT NULL,
  last_failure_at timestamp(3) with time zone NOT NULL,
  locked_until timestamp(3) with time zone
);

CREATE TABLE one_time_tokens (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  purpose character varying(32) NOT NULL,
  token_hash character varying(64) NOT NULL,
  subject_id uuid,
  payload text,
  created_by uuid,
  created_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  used_at timestamp(3) with time zone
);

CREATE TABLE pairings (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  device_code_hash character varying(64) NOT NULL,
  user_code character varying(9) NOT NULL,
  device_name character varying(64) NOT NULL,
  ip character varying(64),
  user_agent character varying(512),
  status character varying(16) NOT NULL,
  interval_seconds integer NOT NULL,
  last_polled_at timestamp(3) with time zone,
  decided_by uuid,
  decided_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL
);

CREATE TABLE rate_windows (
  bucket character varying(128) NOT NULL,
  window_started_at timestamp(3) with time zone NOT NULL,
  spent integer NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL
);

CREATE TABLE role_bindings (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  subject_kind character varying(16) NOT NULL,
  subject_id uuid NOT NULL,
  role_id uuid NOT NULL,
  scope_kind character varying(16) DEFAULT 'global'::character varying NOT NULL,
  scope_id uuid,
  effect character varying(8) DEFAULT 'allow'::character varying NOT NULL,
  created_by uuid,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  expires_at timestamp(3) with time zone
);

CREATE TABLE roles (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  name character varying(64) NOT NULL,
  description character varying(1024) DEFAULT ''::character varying NOT NULL,
  permissions text[] DEFAULT '{}'::text[] NOT NULL,
  is_built_in boolean DEFAULT false NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  name_key character varying(256)
);

CREATE TABLE schedules (
  name character varying(100) NOT NULL,
  lease_holder character varying(128),
  lease_until timestamp(3) with time zone,
  last_started_at timestamp(3) with time zone,
  last_finished_at timestamp(3) with time zone,
  last_outcome character varying(16),
  last_error character varying(1024),
  next_run_at timestamp(3) with time zone
);

CREATE TABLE schema_migrations (
  id integer DEFAULT nextval('schema_migrations_id_seq'::regclass) NOT NULL,
  timestamp bigint NOT NULL,
  name character varying NOT NULL
);

CREATE TABLE service_principals (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  name character varying(100) NOT NULL,
  description character varying(1024) DEFAULT ''::character varying NOT NULL,
  is_active boolean DEFAULT true NOT NULL,
  is_terminal_authorized boolean DEFAULT false NOT NULL,
  is_server_terminal_authorized boolean DEFAULT false NOT NULL,
  created_by uuid,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  version integer DEFAULT 1 NOT NULL
);

CREATE TABLE signing_keys (
  kid character varying(64) NOT NULL,
  algorithm character varying(16) NOT NULL,
  public_jwk jsonb NOT NULL,
  private_key bytea NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  signs_from timestamp(3) with time zone NOT NULL,
  verifies_until timestamp(3) with time zone
);

CREATE TABLE tenant_settings (
  tenant_id uuid NOT NULL,
  values jsonb DEFAULT '{}'::jsonb NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  version integer DEFAULT 1 NOT NULL
);

CREATE TABLE tenants (
  id uuid NOT NULL,
  slug character varying(64) NOT NULL,
  name character varying(128) NOT NULL,
  is_active boolean DEFAULT true NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  version integer DEFAULT 1 NOT NULL
);

CREATE TABLE terminal_approvals (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  request_id uuid NOT NULL,
  requester_kind character varying(16) NOT NULL,
  requester_id uuid NOT NULL,
  requester_name character varying(254) NOT NULL,
  delegator_id uuid,
  digest character varying(64) NOT NULL,
  policy_version character varying(64) NOT NULL,
  reason character varying(512),
  status character varying(16) NOT NULL,
  required_approvals integer NOT NULL,
  required_roles text[] DEFAULT '{}'::text[] NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  escalate_at timestamp(3) with time zone,
  escalated_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone NOT NULL,
  changed_at timestamp(3) with time zone NOT NULL,
  resolved_at timestamp(3) with time zone,
  resolved_because character varying(32),
  version integer DEFAULT 1 NOT NULL
);

CREATE TABLE terminal_rules (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  effect character varying(8) NOT NULL,
  owner_scope character varying(16) NOT NULL,
  owner_id uuid,
  pattern character varying(512) NOT NULL,
  pattern_key character varying(1536) NOT NULL,
  options jsonb DEFAULT '{}'::jsonb NOT NULL,
  pins jsonb DEFAULT '[]'::jsonb NOT NULL,
  reason character varying(512),
  match text[] DEFAULT '{}'::text[] NOT NULL,
  not_match text[] DEFAULT '{}'::text[] NOT NULL,
  pack character varying(64),
  created_by uuid,
  created_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone,
  version integer DEFAULT 1 NOT NULL
);

CREATE TABLE trust_windows (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  principal_kind character varying(16) NOT NULL,
  principal_id uuid NOT NULL,
  pattern character varying(512),
  digest character varying(64),
  gateway_id uuid,
  reason character varying(512),
  granted_by uuid NOT NULL,
  granted_by_name character varying(254) NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  revoked_at timestamp(3) with time zone,
  max_uses integer NOT NULL,
  used integer DEFAULT 0 NOT NULL
);

CREATE TABLE user_sessions (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  refresh_token_hash character varying(128) NOT NULL,
  device_info character varying(2048),
  created_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  revoked_at timestamp(3) with time zone
);

CREATE TABLE users (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  username character varying(64) NOT NULL,
  username_key character varying(256) NOT NULL,
  email character varying(254) NOT NULL,
  email_key character varying(1024) NOT NULL,
  password_hash character varying(255),
  is_active boolean DEFAULT true NOT NULL,
  is_terminal_authorized boolean DEFAULT false NOT NULL,
  is_server_terminal_authorized boolean DEFAULT false NOT NULL,
  email_verified_at timestamp(3) with time zone,
  last_login_at timestamp(3) with time zone,
  password_changed_at timestamp(3) with time zone,
  oidc_provider character varying(100),
  oidc_sub character varying(255),
  disabled_reason character varying(256),
  created_by uuid,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp(3) with time zone,
  version integer DEFAULT 1 NOT NULL
);


-- Constraints

ALTER TABLE access_changes ADD CONSTRAINT pk_access_changes PRIMARY KEY (id);
ALTER TABLE api_keys ADD CONSTRAINT pk_api_keys PRIMARY KEY (id);
ALTER TABLE api_keys ADD CONSTRAINT uq_api_keys_key_hash UNIQUE (key_hash);
ALTER TABLE api_keys ADD CONSTRAINT ck_api_keys_owner_kind CHECK (((owner_kind)::text = ANY ((ARRAY['user'::character varying, 'service'::character varying])::text[])));
ALTER TABLE api_keys ADD CONSTRAINT fk_api_keys_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id);
ALTER TABLE approval_votes ADD CONSTRAINT pk_approval_votes PRIMARY KEY (approval_id, voter_id);
ALTER TABLE approval_votes ADD CONSTRAINT ck_approval_votes_vote CHECK (((vote)::text = ANY ((ARRAY['approve'::character varying, 'reject'::character varying])::text[])));
ALTER TABLE approval_votes ADD CONSTRAINT fk_approval_votes_approval FOREIGN KEY (approval_id) REFERENCES terminal_approvals(id);
ALTER TABLE audit_checkpoints ADD CONSTRAINT pk_audit_checkpoints PRIMARY KEY (tenant_id, tree_size);
ALTER TABLE audit_checkpoints ADD CONSTRAINT uq_audit_checkpoints_position UNIQUE ("position");
ALTER TABLE audit_checkpoints ADD CONSTRAINT ck_audit_checkpoints_root_hash CHECK ((octet_length(root_hash) = 32));
ALTER TABLE audit_checkpoints ADD CONSTRAINT ck_audit_checkpoints_tree_size CHECK ((tree_size > 0));
ALTER TABLE audit_checkpoints ADD CONSTRAINT fk_audit_checkpoints_key FOREIGN KEY (key_id) REFERENCES audit_keys(key_id);
ALTER TABLE audit_entries ADD CONSTRAINT pk_audit_entries PRIMARY KEY (id);
ALTER TABLE audit_entries ADD CONSTRAINT ck_audit_entries_detail CHECK ((octet_length(detail) <= 16384));
ALTER TABLE audit_entries ADD CONSTRAINT ck_audit_entries_outcome CHECK (((outcome)::text = ANY ('{success,failure,denied}'::text[])));
ALTER TABLE audit_epochs ADD CONSTRAINT pk_audit_epochs PRIMARY KEY (epoch);
ALTER TABLE audit_exporters ADD CONSTRAINT pk_audit_exporters PRIMARY KEY (name);
ALTER TABLE audit_keys ADD CONSTRAINT pk_audit_keys PRIMARY KEY (key_id);
ALTER TABLE audit_keys ADD CONSTRAINT uq_audit_keys_previous UNIQUE (previous_key_id);
ALTER TABLE audit_keys ADD CONSTRAINT ck_audit_keys_endorsement CHECK ((octet_length(endorsement) = 64));
ALTER TABLE audit_keys ADD CONSTRAINT ck_audit_keys_public_key CHECK ((octet_length(public_key) = 32));
ALTER TABLE audit_keys ADD CONSTRAINT fk_audit_keys_previous FOREIGN KEY (previous_key_id) REFERENCES audit_keys(key_id);
ALTER TABLE audit_leaves ADD CONSTRAINT pk_audit_leaves PRIMARY KEY (tenant_id, seq);
ALTER TABLE audit_leaves ADD CONSTRAINT uq_audit_leaves_entry UNIQUE (entry_id);
ALTER TABLE audit_leaves ADD CONSTRAINT ck_audit_leaves_hash CHECK ((octet_length(leaf_hash) = 32));
ALTER TABLE audit_personal ADD CONSTRAINT pk_audit_personal PRIMARY KEY (entry_id);
ALTER TABLE audit_private_keys ADD CONSTRAINT pk_audit_private_keys PRIMARY KEY (key_id);
ALTER TABLE audit_private_keys ADD CONSTRAINT fk_audit_private_keys_key FOREIGN KEY (key_id) REFERENCES audit_keys(key_id);
ALTER TABLE audit_sealing ADD CONSTRAINT pk_audit_sealing PRIMARY KEY (id);
ALTER TABLE audit_sealing ADD CONSTRAINT ck_audit_sealing_one CHECK ((id = 1));
ALTER TABLE audit_segments ADD CONSTRAINT pk_audit_segments PRIMARY KEY (tenant_id, first_seq);
ALTER TABLE audit_segments ADD CONSTRAINT uq_audit_segments_last UNIQUE (tenant_id, last_seq);
ALTER TABLE audit_segments ADD CONSTRAINT ck_audit_segments_digest CHECK ((octet_length(digest) = 32));
ALTER TABLE audit_segments ADD CONSTRAINT ck_audit_segments_range CHECK (((first_seq >= 0) AND (last_seq >= first_seq)));
ALTER TABLE audit_tiles ADD CONSTRAINT pk_audit_tiles PRIMARY KEY (tenant_id, level, "position");
ALTER TABLE audit_tiles ADD CONSTRAINT ck_audit_tiles_hashes CHECK ((octet_length(hashes) = 8192));
ALTER TABLE audit_tiles ADD CONSTRAINT ck_audit_tiles_root CHECK ((octet_length(root) = 32));
ALTER TABLE auth_meta ADD CONSTRAINT pk_auth_meta PRIMARY KEY (key);
ALTER TABLE auth_sessions ADD CONSTRAINT pk_auth_sessions PRIMARY KEY (id);
ALTER TABLE auth_sessions ADD CONSTRAINT uq_auth_sessions_previous UNIQUE (previous_session_id);
ALTER TABLE auth_sessions ADD CONSTRAINT uq_auth_sessions_refresh_token_hash UNIQUE (refresh_token_hash);
ALTER TABLE auth_sessions ADD CONSTRAINT fk_auth_sessions_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id);
ALTER TABLE auth_sessions ADD CONSTRAINT fk_auth_sessions_user FOREIGN KEY (user_id) REFERENCES users(id);
ALTER TABLE command_output ADD CONSTRAINT pk_command_output PRIMARY KEY (command_id, byte_offset);
ALTER TABLE command_output ADD CONSTRAINT ck_command_output_stream CHECK (((stream)::text = ANY ((ARRAY['stdout'::character varying, 'stderr'::character varying])::text[])));
ALTER TABLE command_output ADD CONSTRAINT fk_command_output_command FOREIGN KEY (command_id) REFERENCES command_requests(id);
ALTER TABLE command_requests ADD CONSTRAINT pk_command_requests PRIMARY KEY (id);
ALTER TABLE command_requests ADD CONSTRAINT ck_command_requests_decision CHECK (((decision)::text = ANY ((ARRAY['executed'::character varying, 'confirmed'::character varying, 'rejected'::character varying, 'denied'::character varying])::text[])));
ALTER TABLE command_requests ADD CONSTRAINT ck_command_requests_mode CHECK (((mode)::text = ANY ((ARRAY['local'::character varying, 'server'::character varying])::text[])));
ALTER TABLE command_requests ADD CONSTRAINT ck_command_requests_status CHECK (((status)::text = ANY ((ARRAY['evaluated'::character varying, 'awaiting_confirmation'::character varying, 'awaiting_approval'::character varying, 'queued'::character varying, 'running'::character varying, 'succeeded'::character varying, 'failed'::character varying, 'timed_out'::character varying, 'cancelled'::character varying, 'rejected'::character varying, 'denied'::character varying, 'expired'::character varying, 'unknown'::character varying])::text[])));
ALTER TABLE command_requests ADD CONSTRAINT ck_command_requests_timeout CHECK (((timeout_seconds >= 1) AND (timeout_seconds <= 3600)));
ALTER TABLE command_requests ADD CONSTRAINT ck_command_requests_verdict CHECK (((verdict)::text = ANY ((ARRAY['allow'::character varying, 'confirm'::character varying, 'approve'::character varying, 'reject'::character varying, 'deny'::character varying])::text[])));
ALTER TABLE command_requests ADD CONSTRAINT fk_command_requests_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id);
ALTER TABLE group_members ADD CONSTRAINT pk_group_members PRIMARY KEY (group_id, principal_kind, principal_id);
ALTER TABLE group_members ADD CONSTRAINT ck_group_members_principal_kind CHECK (((principal_kind)::text = ANY ((ARRAY['user'::character varying, 'service'::character varying])::text[])));
ALTER TABLE group_members ADD CONSTRAINT fk_group_members_group FOREIGN KEY (group_id) REFERENCES groups(id) ON DELETE CASCADE;
ALTER TABLE groups ADD CONSTRAINT pk_groups PRIMARY KEY (id);
ALTER TABLE groups ADD CONSTRAINT uq_groups_name UNIQUE (tenant_id, name_key);
ALTER TABLE groups ADD CONSTRAINT fk_groups_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id);
ALTER TABLE idempotency_keys ADD CONSTRAINT pk_idempotency_keys PRIMARY KEY (scope_hash);
ALTER TABLE impersonations ADD CONSTRAINT pk_impersonations PRIMARY KEY (id);
ALTER TABLE impersonations ADD CONSTRAINT ck_impersonations_ended CHECK (((ended_at IS NULL) = (ended_reason IS NULL)));
ALTER TABLE impersonations ADD CONSTRAINT ck_impersonations_ended_reason CHECK (((ended_reason)::text = ANY ((ARRAY['manual'::character varying, 'expired'::character varying, 'revoked'::character varying])::text[])));
ALTER TABLE impersonations ADD CONSTRAINT ck_impersonations_other CHECK ((actor_id <> user_id));
ALTER TABLE impersonations ADD CONSTRAINT fk_impersonations_actor FOREIGN KEY (actor_id) REFERENCES users(id);
ALTER TABLE impersonations ADD CONSTRAINT fk_impersonations_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id);
ALTER TABLE impersonations ADD CONSTRAINT fk_impersonations_user FOREIGN KEY (user_id) REFERENCES users(id);
ALTER TABLE job_outbox ADD CONSTRAINT pk_job_outbox PRIMARY KEY (id);
ALTER TABLE job_workers ADD CONSTRAINT pk_job_workers PRIMARY KEY (worker_id);
ALTER TABLE login_throttles ADD CONSTRAINT pk_login_throttles PRIMARY KEY (tenant_id, kind, key_hash);
ALTER TABLE login_throttles ADD CONSTRAINT ck_login_throttles_kind CHECK (((kind)::text = ANY ((ARRAY['login_address'::character varying, 'login'::character varying, 'address'::character varying])::text[])));
ALTER TABLE one_time_tokens ADD CONSTRAINT pk_one_time_tokens PRIMARY KEY (id);
ALTER TABLE one_time_tokens ADD CONSTRAINT uq_one_time_tokens_hash UNIQUE (token_hash);
ALTER TABLE one_time_tokens ADD CONSTRAINT fk_one_time_tokens_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id);
ALTER TABLE pairings ADD CONSTRAINT pk_pairings PRIMARY KEY (id);
ALTER TABLE pairings ADD CONSTRAINT uq_pairings_device_code_hash UNIQUE (device_code_hash);
ALTER TABLE pairings ADD CONSTRAINT uq_pairings_user_code UNIQUE (user_code);
ALTER TABLE pairings ADD CONSTRAINT ck_pairings_status CHECK (((status)::text = ANY ((ARRAY['pending'::character varying, 'approved'::character varying, 'denied'::character varying, 'claimed'::character varying])::text[])));
ALTER TABLE pairings ADD CONSTRAINT fk_pairings_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id);
ALTER TABLE rate_windows ADD CONSTRAINT pk_rate_windows PRIMARY KEY (bucket, window_started_at);
ALTER TABLE role_bindings ADD CONSTRAINT pk_role_bindings PRIMARY KEY (id);
ALTER TABLE role_bindings ADD CONSTRAINT ck_role_bindings_effect CHECK (((effect)::text = ANY ((ARRAY['allow'::character varying, 'deny'::character varying])::text[])));
ALTER TABLE role_bindings ADD CONSTRAINT ck_role_bindings_scope CHECK ((((scope_kind)::text = 'global'::text) = (scope_id IS NULL)));
ALTER TABLE role_bindings ADD CONSTRAINT ck_role_bindings_scope_kind CHECK (((scope_kind)::text = ANY ((ARRAY['global'::character varying, 'gateway'::character varying, 'department'::character varying])::text[])));
ALTER TABLE role_bindings ADD CONSTRAINT ck_role_bindings_subject_kind CHECK (((subject_kind)::text = ANY ((ARRAY['user'::character varying, 'group'::character varying, 'service'::character varying])::text[])));
ALTER TABLE role_bindings ADD CONSTRAINT fk_role_bindings_role FOREIGN KEY (role_id) REFERENCES roles(id);
ALTER TABLE role_bindings ADD CONSTRAINT fk_role_bindings_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id);
ALTER TABLE roles ADD CONSTRAINT pk_roles PRIMARY KEY (id);
ALTER TABLE roles ADD CONSTRAINT uq_roles_name UNIQUE (tenant_id, name);
ALTER TABLE roles ADD CONSTRAINT fk_roles_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id);
ALTER TABLE schedules ADD CONSTRAINT pk_schedules PRIMARY KEY (name);
ALTER TABLE schema_migrations ADD CONSTRAINT PK_62441bec32630ced9e4cccae336 PRIMARY KEY (id);
ALTER TABLE service_principals ADD CONSTRAINT pk_service_principals PRIMARY KEY (id);
ALTER TABLE service_principals ADD CONSTRAINT uq_service_principals_name UNIQUE (tenant_id, name);
ALTER TABLE service_principals ADD CONSTRAINT fk_service_principals_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id);
ALTER TABLE signing_keys ADD CONSTRAINT pk_signing_keys PRIMARY KEY (kid);
ALTER TABLE tenant_settings ADD CONSTRAINT pk_tenant_settings PRIMARY KEY (tenant_id);
ALTER TABLE tenant_settings ADD CONSTRAINT fk_tenant_settings_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE;
ALTER TABLE tenants ADD CONSTRAINT pk_tenants PRIMARY KEY (id);
ALTER TABLE tenants ADD CONSTRAINT uq_tenants_slug UNIQUE (slug);
ALTER TABLE terminal_approvals ADD CONSTRAINT pk_terminal_approvals PRIMARY KEY (id);
ALTER TABLE terminal_approvals ADD CONSTRAINT uq_terminal_approvals_request UNIQUE (request_id);
ALTER TABLE terminal_approvals ADD CONSTRAINT ck_terminal_approvals_required CHECK (((required_approvals >= 1) AND (required_approvals <= 20)));
ALTER TABLE terminal_approvals ADD CONSTRAINT ck_terminal_approvals_resolved CHECK ((((status)::text = 'pending'::text) = (resolved_at IS NULL)));
ALTER TABLE terminal_approvals ADD CONSTRAINT ck_terminal_approvals_status CHECK (((status)::text = ANY ((ARRAY['pending'::character varying, 'approved'::character varying, 'rejected'::character varying, 'expired'::character varying, 'cancelled'::character varying])::text[])));
ALTER TABLE terminal_approvals ADD CONSTRAINT fk_terminal_approvals_request FOREIGN KEY (request_id) REFERENCES command_requests(id);
ALTER TABLE terminal_approvals ADD CONSTRAINT fk_terminal_approvals_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id);
ALTER TABLE terminal_rules ADD CONSTRAINT pk_terminal_rules PRIMARY KEY (id);
ALTER TABLE terminal_rules ADD CONSTRAINT ck_terminal_rules_effect CHECK (((effect)::text = ANY ((ARRAY['allow'::character varying, 'block'::character varying])::text[])));
ALTER TABLE terminal_rules ADD CONSTRAINT ck_terminal_rules_owner CHECK ((((owner_scope)::text = 'global'::text) = (owner_id IS NULL)));
ALTER TABLE terminal_rules ADD CONSTRAINT ck_terminal_rules_owner_scope CHECK (((owner_scope)::text = ANY ((ARRAY['user'::character varying, 'department'::character varying, 'gateway'::character varying, 'global'::character varying])::text[])));
ALTER TABLE terminal_rules ADD CONSTRAINT fk_terminal_rules_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id);
ALTER TABLE trust_windows ADD CONSTRAINT pk_trust_windows PRIMARY KEY (id);
ALTER TABLE trust_windows ADD CONSTRAINT ck_trust_windows_length CHECK ((expires_at <= (created_at + '01:00:00'::interval)));
ALTER TABLE trust_windows ADD CONSTRAINT ck_trust_windows_max_uses CHECK (((max_uses >= 1) AND (max_uses <= 1000)));
ALTER TABLE trust_windows ADD CONSTRAINT ck_trust_windows_principal_kind CHECK (((principal_kind)::text = ANY ((ARRAY['user'::character varying, 'service'::character varying, 'agent'::character varying])::text[])));
ALTER TABLE trust_windows ADD CONSTRAINT ck_trust_windows_used CHECK (((used >= 0) AND (used <= max_uses)));
ALTER TABLE trust_windows ADD CONSTRAINT ck_trust_windows_what CHECK (((pattern IS NULL) <> (digest IS NULL)));
ALTER TABLE trust_windows ADD CONSTRAINT fk_trust_windows_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id);
ALTER TABLE user_sessions ADD CONSTRAINT pk_user_sessions PRIMARY KEY (id);
ALTER TABLE users ADD CONSTRAINT pk_users PRIMARY KEY (id);
ALTER TABLE users ADD CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants(id);

-- Indexes besides those of constraints

CREATE INDEX ix_access_changes_created_at ON access_changes USING btree (created_at);
CREATE INDEX ix_access_changes_xid ON access_changes USING btree (xid);
CREATE INDEX ix_api_keys_owner ON api_keys USING btree (owner_kind, owner_id, id DESC);
CREATE UNIQUE INDEX uq_audit_checkpoints_prev ON audit_checkpoints USING btree (tenant_id, prev_checkpoint) NULLS NOT DISTINCT;
CREATE INDEX ix_audit_entries_action ON audit_entries USING btree (tenant_id, action text_pattern_ops, id);
CREATE INDEX ix_audit_entries_actor ON audit_entries USING btree (tenant_id, actor_id, id) WHERE (actor_id IS NOT NULL);
CREATE INDEX ix_audit_entries_approval ON audit_entries USING btree (tenant_id, approval_id, id) WHERE (approval_id IS NOT NULL);
CREATE INDEX ix_audit_entries_command ON audit_entries USING btree (tenant_id, command_id, id) WHERE (command_id IS NOT NULL);
CREATE INDEX ix_audit_entries_delegation ON audit_entries USING gin (delegation_path) WHERE (delegation_path <> '{}'::text[]);
CREATE INDEX ix_audit_entries_department ON audit_entries USING btree (tenant_id, department_id, id) WHERE (department_id IS NOT NULL);
CREATE INDEX ix_audit_entries_gateway ON audit_entries USING btree (tenant_id, gateway_id, id) WHERE (gateway_id IS NOT NULL);
CREATE INDEX ix_audit_entries_outcome ON audit_entries USING btree (tenant_id, outcome, id) WHERE ((outcome)::text <> 'success'::text);
CREATE INDEX ix_audit_entries_request ON audit_entries USING btree (tenant_id, request_id, id) WHERE (request_id IS NOT NULL);
CREATE INDEX ix_audit_entries_resource ON audit_entries USING btree (tenant_id, resource_id, id) WHERE (resource_id IS NOT NULL);
CREATE INDEX ix_audit_entries_resource_type ON audit_entries USING btree (tenant_id, resource_type, id);
CREATE INDEX ix_audit_entries_sealing ON audit_entries USING btree (cluster_epoch, xid, id);
CREATE INDEX ix_audit_entries_tenant ON audit_entries USING btree (tenant_id, id);
CREATE UNIQUE INDEX uq_audit_keys_first ON audit_keys USING btree ((true)) WHERE (previous_key_id IS NULL);
CREATE INDEX ix_auth_sessions_expires_at ON auth_sessions USING btree (expires_at);
CREATE INDEX ix_auth_sessions_family ON auth_sessions USING btree (family_id);
CREATE INDEX ix_auth_sessions_provider ON auth_sessions USING btree (tenant_id, auth_provider, id DESC) WHERE (NOT revoked);
CREATE INDEX ix_auth_sessions_tenant ON auth_sessions USING btree (tenant_id, id DESC) WHERE (NOT revoked);
CREATE INDEX ix_auth_sessions_user ON auth_sessions USING btree (user_id, id DESC) WHERE (NOT revoked);
CREATE INDEX ix_auth_sessions_user_live ON auth_sessions USING btree (user_id, revoked, expires_at);
CREATE UNIQUE INDEX uq_auth_sessions_live_family ON auth_sessions USING btree (family_id) WHERE (NOT revoked);
CREATE INDEX ix_command_output_created_at ON command_output USING btree (created_at);
CREATE INDEX ix_command_requests_decided ON command_requests USING btree (tenant_id, id DESC) WHERE (decision IS NOT NULL);
CREATE INDEX ix_command_requests_decision ON command_requests USING btree (tenant_id, decision, id DESC) WHERE (decision IS NOT NULL);
CREATE INDEX ix_command_requests_mode ON command_requests USING btree (tenant_id, mode, id DESC) WHERE (decision IS NOT NULL);
CREATE INDEX ix_command_requests_offered ON command_requests USING btree (id) WHERE ((status)::text = ANY ((ARRAY['awaiting_confirmation'::character varying, 'queued'::character varying])::text[]));
CREATE INDEX ix_command_requests_principal ON command_requests USING btree (tenant_id, principal_id, id DESC);
CREATE INDEX ix_command_requests_queue ON command_requests USING btree (COALESCE(delegator_id, principal_id), id) WHERE (((mode)::text = 'server'::text) AND ((status)::text = 'queued'::text));
CREATE INDEX ix_command_requests_runs ON command_requests USING btree (id) WHERE (((mode)::text = 'server'::text) AND ((status)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying])::text[])));
CREATE INDEX ix_command_requests_session ON command_requests USING btree (tenant_id, session_id, id DESC);
CREATE INDEX ix_command_requests_status ON command_requests USING btree (tenant_id, status, id DESC);
CREATE INDEX ix_command_requests_tenant ON command_requests USING btree (tenant_id, id DESC);
CREATE INDEX ix_group_members_principal ON group_members USING btree (principal_kind, principal_id);
CREATE INDEX ix_groups_list ON groups USING btree (tenant_id, name, id);
CREATE INDEX ix_idempotency_keys_expires_at ON idempotency_keys USING btree (expires_at);
CREATE INDEX ix_impersonations_actor ON impersonations USING btree (actor_id, id DESC);
CREATE INDEX ix_impersonations_live ON impersonations USING btree (id) WHERE (ended_at IS NULL);
CREATE INDEX ix_impersonations_live_family ON impersonations USING btree (actor_family_id) WHERE (ended_at IS NULL);
CREATE INDEX ix_impersonations_tenant ON impersonations USING btree (tenant_id, id DESC);
CREATE INDEX ix_impersonations_user ON impersonations USING btree (user_id, id DESC);
CREATE INDEX ix_login_throttles_last_failure ON login_throttles USING btree (last_failure_at);
CREATE INDEX ix_one_time_tokens_expires_at ON one_time_tokens USING btree (expires_at);
CREATE INDEX ix_one_time_tokens_subject ON one_time_tokens USING btree (purpose, subject_id);
CREATE INDEX ix_pairings_expires_at ON pairings USING btree (expires_at);
CREATE INDEX ix_rate_windows_expires_at ON rate_windows USING btree (expires_at);
CREATE INDEX ix_role_bindings_by_role ON role_bindings USING btree (role_id, id DESC);
CREATE INDEX ix_role_bindings_by_role_scope ON role_bindings USING btree (role_id, scope_kind, scope_id, id DESC);
CREATE INDEX ix_role_bindings_by_subject ON role_bindings USING btree (subject_kind, subject_id, id);
CREATE INDEX ix_role_bindings_expires_at ON role_bindings USING btree (expires_at) WHERE (expires_at IS NOT NULL);
CREATE INDEX ix_role_bindings_scope ON role_bindings USING btree (tenant_id, scope_kind, scope_id, id DESC);
CREATE INDEX ix_role_bindings_tenant ON role_bindings USING btree (tenant_id, id DESC);
CREATE UNIQUE INDEX uq_role_bindings ON role_bindings USING btree (tenant_id, subject_kind, subject_id, role_id, scope_kind, scope_id, effect) NULLS NOT DISTINCT;
CREATE UNIQUE INDEX uq_roles_name_key ON roles USING btree (tenant_id, name_key);
CREATE INDEX ix_service_principals_tenant_id ON service_principals USING btree (tenant_id, id DESC);
CREATE UNIQUE INDEX uq_signing_keys_current ON signing_keys USING btree ((true)) WHERE (verifies_until IS NULL);
CREATE INDEX ix_terminal_approvals_changed ON terminal_approvals USING btree (tenant_id, changed_at, id);
CREATE INDEX ix_terminal_approvals_due ON terminal_approvals USING btree (expires_at) WHERE ((status)::text = 'pending'::text);
CREATE INDEX ix_terminal_approvals_escalation ON terminal_approvals USING btree (escalate_at) WHERE (((status)::text = 'pending'::text) AND (escalated_at IS NULL));
CREATE INDEX ix_terminal_approvals_requester ON terminal_approvals USING btree (tenant_id, requester_id, id DESC);
CREATE INDEX ix_terminal_approvals_status ON terminal_approvals USING btree (tenant_id, status, id DESC);
CREATE INDEX ix_terminal_approvals_tenant ON terminal_approvals USING btree (tenant_id, id DESC);
CREATE INDEX ix_terminal_approvals_waiting ON terminal_approvals USING btree (tenant_id, changed_at, id) WHERE ((status)::text = 'pending'::text);
CREATE INDEX ix_terminal_rules_owner ON terminal_rules USING btree (tenant_id, effect, owner_scope, owner_id, id DESC);
CREATE UNIQUE INDEX uq_terminal_rules_block ON terminal_rules USING btree (tenant_id, owner_scope, owner_id, pattern_key) NULLS NOT DISTINCT WHERE ((effect)::text = 'block'::text);
CREATE INDEX ix_trust_windows_principal ON trust_windows USING btree (tenant_id, principal_id, expires_at);
CREATE INDEX ix_trust_windows_tenant ON trust_windows USING btree (tenant_id, id DESC);
CREATE INDEX ix_users_active ON users USING btree (tenant_id, is_active, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX ix_users_deleted ON users USING btree (tenant_id, id DESC) WHERE (deleted_at IS NOT NULL);
CREATE INDEX ix_users_live ON users USING btree (tenant_id, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX ix_users_unverified ON users USING btree (created_at) WHERE ((email_verified_at IS NULL) AND (deleted_at IS NULL));
CREATE UNIQUE INDEX uq_users_email ON users USING btree (tenant_id, email_key) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX uq_users_oidc ON users USING btree (tenant_id, oidc_provider, oidc_sub) WHERE (oidc_sub IS NOT NULL);
CREATE UNIQUE INDEX uq_users_username ON users USING btree (tenant_id, username_key) WHERE (deleted_at IS NULL);

-- Functions

CREATE OR REPLACE FUNCTION public.audit_is_append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME IN ('audit_entries', 'audit_leaves') AND current_setting('reeve.pruning', true) = 'on'
     AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only (% of % refused)', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END;
$function$
;

CREATE OR REPLACE FUNCTION public.votes_are_kept()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'votes are kept for ever (% refused)', TG_OP USING ERRCODE = 'insufficient_privilege';
END;
$function$
;


-- Triggers

CREATE TRIGGER approval_votes_kept BEFORE DELETE OR UPDATE ON approval_votes FOR EACH ROW EXECUTE FUNCTION votes_are_kept();
CREATE TRIGGER approval_votes_no_truncate BEFORE TRUNCATE ON approval_votes FOR EACH STATEMENT EXECUTE FUNCTION votes_are_kept();
CREATE TRIGGER audit_checkpoints_append_only BEFORE DELETE OR UPDATE ON audit_checkpoints FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_checkpoints_no_truncate BEFORE TRUNCATE ON audit_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_entries_append_only BEFORE DELETE OR UPDATE ON audit_entries FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_epochs_append_only BEFORE DELETE OR UPDATE ON audit_epochs FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_epochs_no_truncate BEFORE TRUNCATE ON audit_epochs FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_keys_append_only BEFORE DELETE OR UPDATE ON audit_keys FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_keys_no_truncate BEFORE TRUNCATE ON audit_keys FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_leaves_append_only BEFORE DELETE OR UPDATE ON audit_leaves FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_leaves_no_truncate BEFORE TRUNCATE ON audit_leaves FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_segments_append_only BEFORE DELETE OR UPDATE ON audit_segments FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_segments_no_truncate BEFORE TRUNCATE ON audit_segments FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_tiles_append_only BEFORE DELETE OR UPDATE ON audit_tiles FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_tiles_no_truncate BEFORE TRUNCATE ON audit_tiles FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- Rights of the run-time role

GRANT DELETE, INSERT, SELECT, UPDATE ON access_changes TO reeve_app;
GRANT SELECT, USAGE ON SEQUENCE access_changes_id_seq TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON api_keys TO reeve_app;
GRANT INSERT, SELECT ON approval_votes TO reeve_app;
GRANT INSERT, SELECT ON audit_checkpoints TO reeve_app;
GRANT SELECT, USAGE ON SEQUENCE audit_checkpoints_position_seq TO reeve_app;
GRANT INSERT, SELECT ON audit_entries TO reeve_app;
GRANT SELECT ON audit_epochs TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON audit_exporters TO reeve_app;
GRANT INSERT, SELECT ON audit_keys TO reeve_app;
GRANT INSERT, SELECT ON audit_leaves TO reeve_app;
GRANT DELETE, INSERT, SELECT ON audit_personal TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON audit_private_keys TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON audit_sealing TO reeve_app;
GRANT SELECT ON audit_segments TO reeve_app;
GRANT INSERT, SELECT ON audit_tiles TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON auth_meta TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON auth_sessions TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON command_output TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON command_requests TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON group_members TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON groups TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_keys TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON impersonations TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON job_outbox TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON job_workers TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON login_throttles TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON one_time_tokens TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON pairings TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON rate_windows TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON role_bindings TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON roles TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON schedules TO reeve_app;
GRANT SELECT ON schema_migrations TO reeve_app;
GRANT SELECT, USAGE ON SEQUENCE schema_migrations_id_seq TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON service_principals TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON signing_keys TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON tenant_settings TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON tenants TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON terminal_approvals TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON terminal_rules TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON trust_windows TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON user_sessions TO reeve_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON users TO reeve_app;
