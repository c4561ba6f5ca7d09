import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { columnsOf, Database, refusing, statement } from '../../../kernel/database/index.js';
import { GroupNameTaken } from '../rbac.errors.js';
import { Group } from './group.entity.js';

const OF_TENANT = `SELECT ${columnsOf(Group)} FROM groups WHERE tenant_id = $1`;

const page = statement<Group>('groups.page', `${OF_TENANT} AND name > $2 ORDER BY name LIMIT $3`);
const byId = statement<Group>('groups.by_id', `${OF_TENANT} AND id = $2`);
const lock = statement<Group>('groups.lock', `${OF_TENANT} AND id = $2 FOR NO KEY UPDATE`);
const counted = statement<{ count: number }>(
  'groups.count',
  'SELECT count(*)::int AS count FROM (SELECT FROM groups WHERE tenant_id = $1 LIMIT $2) AS counted',
);
const remove = statement('groups.remove', 'DELETE FROM groups WHERE id = $1');

const uniqueName = { uq_groups_name: () => new GroupNameTaken() };

@Injectable()
export class GroupsRepository {
  constructor(private readonly database: Database) {}

  /** By name, those after `afterName`; one more than `limit` when there are more. */
  page({ tenantId }: TenantScope, afterName: string, limit: number): Promise<Group[]> {
    return this.database.read(page, [tenantId, afterName, limit + 1]);
  }

  async countUpTo({ tenantId }: TenantScope, most: number): Promise<number> {
    return (await this.database.readOne(counted, [tenantId, most]))?.count ?? 0;
  }

  byId({ tenantId }: TenantScope, id: string): Promise<Group | null> {
    return this.database.readOne(byId, [tenantId, id]);
  }

  /** The row, held until the transaction ends. */
  lock({ tenantId }: TenantScope, id: string): Promise<Group | null> {
    return this.database.writeOne(lock, [tenantId, id]);
  }

  /** @throws GroupNameTaken */
  async add(group: Group): Promise<void> {
    await refusing(this.database.entities(Group).insert(group), uniqueName);
  }

  /** @throws GroupNameTaken */
  async update(id: string, change: Partial<Group>): Promise<void> {
    await refusing(this.database.entities(Group).update({ id }, change), uniqueName);
  }

  /** Its memberships go with it. */
  async remove(id: string): Promise<void> {
    await this.database.write(remove, [id]);
  }
}
