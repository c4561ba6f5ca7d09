import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Groups, and what bindings of roles of one's own making need to be found by. */
export class Rbac1767225610000 implements MigrationInterface {
  name = 'Rbac1767225610000';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [roles, groups, bindings]) await runner.query(part);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are forward only: restore a backup instead.');
  }
}

// Null for rows that the release before writes meanwhile, which are built-in roles: the next start of this one fills it.
const roles = `
ALTER TABLE roles ADD COLUMN name_key varchar(256);
UPDATE roles SET name_key = lower(name);
CREATE UNIQUE INDEX uq_roles_name_key ON roles (tenant_id, name_key);
`;

const groups = `
CREATE TABLE groups (
  id uuid CONSTRAINT pk_groups PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT fk_groups_tenant REFERENCES tenants (id),
  name varchar(100) NOT NULL,
  name_key varchar(256) NOT NULL,
  description varchar(1024) NOT NULL DEFAULT '',
  -- Counted as members come and go: a list of groups must not count the members of each.
  member_count integer NOT NULL DEFAULT 0,
  created_by uuid,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT uq_groups_name UNIQUE (tenant_id, name_key)
);
CREATE INDEX ix_groups_list ON groups (tenant_id, name, id);

CREATE TABLE group_members (
  group_id uuid NOT NULL CONSTRAINT fk_group_members_group REFERENCES groups (id) ON DELETE CASCADE,
  principal_kind varchar(16) NOT NULL CONSTRAINT ck_group_members_principal_kind CHECK (principal_kind IN ('user', 'service')),
  principal_id uuid NOT NULL,
  created_by uuid,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT pk_group_members PRIMARY KEY (group_id, principal_kind, principal_id)
);
CREATE INDEX ix_group_members_principal ON group_members (principal_kind, principal_id);
`;

// Each filter of the list has an index that is in the order of the list, so that it stays fast however many there are.
const bindings = `
CREATE INDEX ix_role_bindings_tenant ON role_bindings (tenant_id, id DESC);
CREATE INDEX ix_role_bindings_scope ON role_bindings (tenant_id, scope_kind, scope_id, id DESC);
CREATE INDEX ix_role_bindings_by_role ON role_bindings (role_id, id DESC);
DROP INDEX ix_role_bindings_role;
CREATE INDEX ix_role_bindings_expires_at ON role_bindings (expires_at) WHERE expires_at IS NOT NULL;
`;
