import { Injectable } from '@nestjs/common';
import type { Subject } from '../../../kernel/access/index.js';
import { Database, statement } from '../../../kernel/database/index.js';

const CHUNK = 500;
const NOTHING_BEFORE = ['', '00000000-0000-0000-0000-000000000000'] as const;

export interface MemberRow {
  readonly kind: 'user' | 'service';
  readonly id: string;
  /** Null for one that is being deleted. */
  readonly name: string | null;
  readonly createdAt: Date;
}

const has = statement<{ found: boolean }>(
  'group_members.has',
  `SELECT true AS found FROM group_members WHERE group_id = $1 AND principal_kind = $2 AND principal_id = $3`,
);
const page = statement<MemberRow>(
  'group_members.page',
  `SELECT m.principal_kind AS kind, m.principal_id AS id, coalesce(u.username, s.name) AS name, m.created_at AS "createdAt"
   FROM group_members m
   LEFT JOIN users u ON m.principal_kind = 'user' AND u.id = m.principal_id
   LEFT JOIN service_principals s ON m.principal_kind = 'service' AND s.id = m.principal_id
   WHERE m.group_id = $1 AND (m.principal_kind, m.principal_id) > ($2, $3::uuid)
   ORDER BY m.principal_kind, m.principal_id LIMIT $4`,
);
const count = statement<{ count: number }>(
  'group_members.count',
  'SELECT count(*)::int AS count FROM (SELECT FROM group_members WHERE group_id = $1 LIMIT $2) AS counted',
);
const add = statement<{ added: boolean }>(
  'group_members.add',
  `WITH added AS (
     INSERT INTO group_members (group_id, principal_kind, principal_id, created_by, created_at)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING group_id)
   UPDATE groups SET member_count = member_count + 1 FROM added WHERE id = added.group_id RETURNING true AS added`,
);
const remove = statement<{ removed: boolean }>(
  'group_members.remove',
  `WITH removed AS (
     DELETE FROM group_members WHERE group_id = $1 AND principal_kind = $2 AND principal_id = $3 RETURNING group_id)
   UPDATE groups SET member_count = member_count - 1 FROM removed WHERE id = removed.group_id RETURNING true AS removed`,
);
const removeEverywhere = statement<{ id: string; name: string }>(
  'group_members.remove_everywhere',
  `WITH removed AS (
     DELETE FROM group_members WHERE principal_kind = $1 AND principal_id = $2 RETURNING group_id)
   UPDATE groups SET member_count = member_count - 1 FROM removed WHERE id = removed.group_id RETURNING id, name`,
);

type Member = Pick<Subject, 'kind' | 'id'>;

@Injectable()
export class GroupMembersRepository {
  constructor(private readonly database: Database) {}

  async has(groupId: string, { kind, id }: Member): Promise<boolean> {
    return (await this.database.readOne(has, [groupId, kind, id])) !== null;
  }

  /** Services before users, each by id; those after `after`. */
  page(groupId: string, after: readonly [string, string] | null, limit: number): Promise<MemberRow[]> {
    return this.database.read(page, [groupId, ...(after ?? NOTHING_BEFORE), limit]);
  }

  /** Counts no further than `limit`. */
  async count(groupId: string, limit: number): Promise<number> {
    return (await this.database.readOne(count, [groupId, limit]))?.count ?? 0;
  }

  /** All members, some at a time. */
  async *inChunks(groupId: string, tenantId: string): AsyncGenerator<Subject[]> {
    let after: readonly [string, string] | null = null;
    for (;;) {
      const rows: MemberRow[] = await this.page(groupId, after, CHUNK);
      if (rows.length > 0) yield rows.map(({ kind, id }) => ({ kind, id, tenantId }));
      const last = rows.at(-1);
      if (last === undefined || rows.length < CHUNK) return;
      after = [last.kind, last.id];
    }
  }

  /** False when it was in the group already. */
  async add(groupId: string, { kind, id }: Member, createdBy: string | null, at: Date): Promise<boolean> {
    return (await this.database.write(add, [groupId, kind, id, createdBy, at])).length === 1;
  }

  /** False when it was not in the group. */
  async remove(groupId: string, { kind, id }: Member): Promise<boolean> {
    return (await this.database.write(remove, [groupId, kind, id])).length === 1;
  }

  /** The groups that it was in. */
  removeEverywhere({ kind, id }: Member): Promise<{ id: string; name: string }[]> {
    return this.database.write(removeEverywhere, [kind, id]);
  }
}
