import { Injectable } from '@nestjs/common';
import type { AccessScope, TenantScope } from '../../../kernel/access/index.js';
import { columnsOf, Database, refusing, statement } from '../../../kernel/database/index.js';
import { nameKey } from '../names/name-rules.js';
import { RoleInUse, RoleNameTaken } from '../rbac.errors.js';
import { Role } from './role.entity.js';

const MEMBER = 'member';

const page = statement<Role>(
  'roles.page',
  `SELECT ${columnsOf(Role)} FROM roles WHERE tenant_id = $1 AND name > $2 ORDER BY name LIMIT $3`,
);
const byId = statement<Role>(
  'roles.by_id',
  `SELECT ${columnsOf(Role)} FROM roles WHERE tenant_id = $1 AND id = $2`,
);
const lock = statement<Role>(
  'roles.lock',
  `SELECT ${columnsOf(Role)} FROM roles WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
);
const byKey = statement<{ id: string }>(
  'roles.by_key',
  'SELECT id FROM roles WHERE tenant_id = $1 AND name_key = $2',
);
const remove = statement('roles.remove', 'DELETE FROM roles WHERE id = $1');
const byNames = statement<Role>(
  'roles.by_names',
  `SELECT ${columnsOf(Role)} FROM roles WHERE tenant_id = $1 AND name = ANY ($2)`,
);
const counted = statement<{ count: number }>(
  'roles.count',
  'SELECT count(*)::int AS count FROM (SELECT 1 FROM roles WHERE tenant_id = $1 LIMIT $2) AS counted',
);
const tenants = statement<{ id: string }>('roles.tenants', 'SELECT id FROM tenants ORDER BY id');
const builtIns = statement<{ name: string; description: string; permissions: string[] }>(
  'roles.built_ins',
  'SELECT name, description, permissions FROM roles WHERE tenant_id = $1 AND is_built_in AND name_key IS NOT NULL',
);
/** Rows that say the same already are left alone, so that N processes which start at once make one change. */
const defineBuiltIn = statement<{ id: string }>(
  'roles.define_built_in',
  `INSERT INTO roles AS present (id, tenant_id, name, name_key, description, permissions, is_built_in, created_at, updated_at)
   VALUES ($1, $2, $3, $7, $4, $5, true, $6, $6)
   ON CONFLICT (tenant_id, name) DO UPDATE
   SET description = EXCLUDED.description, permissions = EXCLUDED.permissions, is_built_in = true,
       name_key = EXCLUDED.name_key, updated_at = EXCLUDED.updated_at, version = present.version + 1
   WHERE (present.description, present.permissions, present.is_built_in, present.name_key)
         IS DISTINCT FROM (EXCLUDED.description, EXCLUDED.permissions, true, EXCLUDED.name_key)
   RETURNING id`,
);

const taken = () => new RoleNameTaken();
const uniqueName = { uq_roles_name: taken, uq_roles_name_key: taken };

export interface BuiltInDefinition {
  readonly name: string;
  readonly description: string;
  /** Sorted. */
  readonly permissions: string[];
}

@Injectable()
export class RolesRepository {
  constructor(private readonly database: Database) {}

  /** By name, those after `afterName`; one more than `limit` when there are more. */
  page(scope: AccessScope, afterName: string, limit: number): Promise<Role[]> {
    return this.database.read(page, [scope.tenantId, afterName, limit + 1]);
  }

  async countUpTo(scope: AccessScope, most: number): Promise<number> {
    const row = await this.database.readOne(counted, [scope.tenantId, most]);
    return row?.count ?? 0;
  }

  byId(scope: TenantScope, id: string): Promise<Role | null> {
    return this.database.readOne(byId, [scope.tenantId, id]);
  }

  byNames(tenantId: string, names: readonly string[]): Promise<Role[]> {
    return this.database.read(byNames, [tenantId, names]);
  }

  /** The row, held until the transaction ends. */
  lock({ tenantId }: TenantScope, id: string): Promise<Role | null> {
    return this.database.writeOne(lock, [tenantId, id]);
  }

  /** By any spelling of the name. */
  async idOf({ tenantId }: TenantScope, name: string): Promise<string | null> {
    return (await this.database.readOne(byKey, [tenantId, nameKey(name)]))?.id ?? null;
  }

  /** @throws RoleNameTaken */
  async add(role: Role): Promise<void> {
    await refusing(this.database.entities(Role).insert(role), uniqueName);
  }

  /** @throws RoleNameTaken */
  async update(id: string, change: Partial<Role>): Promise<void> {
    await refusing(this.database.entities(Role).update({ id }, change), uniqueName);
  }

  /** @throws RoleInUse */
  async remove(id: string): Promise<void> {
    await refusing(this.database.write(remove, [id]), { fk_role_bindings_role: () => new RoleInUse() });
  }

  async tenants(): Promise<string[]> {
    return (await this.database.read(tenants)).map(({ id }) => id);
  }

  builtInsOf(tenantId: string): Promise<BuiltInDefinition[]> {
    return this.database.read(builtIns, [tenantId]);
  }

  /** The role's id, or null when it was like this already. */
  async defineBuiltIn(
    id: string,
    tenantId: string,
    role: BuiltInDefinition,
    now: Date,
  ): Promise<string | null> {
    const { name, description, permissions } = role;
    const row = await this.database.writeOne(defineBuiltIn, [
      id,
      tenantId,
      name,
      description,
      permissions,
      now,
      nameKey(name),
    ]);
    return row?.id ?? null;
  }
}

/** Everybody who is signed in has it, so nobody is bound to it. */
export function isBaseline(roleName: string): boolean {
  return roleName === MEMBER;
}
