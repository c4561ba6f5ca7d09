import { Injectable, Logger } from '@nestjs/common';
import {
  type Affiliation,
  Affiliations,
  type PermissionScope,
  PermissionSet,
  type Subject,
} from '../../../kernel/access/index.js';
import { Database, databaseProblemOf, statement } from '../../../kernel/database/index.js';
import { Problem, ServiceUnavailable } from '../../../kernel/problem/index.js';
import type { Reach, ReachingBinding, ReachingRole } from './reach.js';

interface ReachRow {
  /** Null for the role that everybody has. */
  readonly subjectKind: 'user' | 'service' | null;
  readonly subjectId: string | null;
  readonly groupId: string | null;
  readonly groupName: string | null;
  /** Null for a group without bindings. */
  readonly bindingId: string | null;
  readonly effect: 'allow' | 'deny';
  readonly scopeKind: 'global' | PermissionScope['kind'];
  readonly scopeId: string | null;
  readonly expiresAt: Date | null;
  readonly roleId: string;
  readonly role: string;
  readonly permissions: string[];
}

const BINDING = `b.id AS "bindingId", b.effect, b.scope_kind AS "scopeKind", b.scope_id AS "scopeId",
  b.expires_at AS "expiresAt", r.id AS "roleId", r.name AS role, r.permissions`;
const COUNTS = '($4::timestamptz IS NULL OR b.expires_at IS NULL OR b.expires_at > $4)';

const reaching = statement<ReachRow>(
  'reach.of',
  `WITH asked AS (SELECT kind, id FROM unnest($2::text[], $3::uuid[]) AS named (kind, id))
   SELECT asked.kind AS "subjectKind", asked.id AS "subjectId", NULL::uuid AS "groupId", NULL AS "groupName", ${BINDING}
   FROM asked
   JOIN role_bindings b ON b.subject_kind = asked.kind AND b.subject_id = asked.id AND b.tenant_id = $1
   JOIN roles r ON r.id = b.role_id
   WHERE ${COUNTS}
   UNION ALL
   SELECT asked.kind, asked.id, g.id, g.name, ${BINDING}
   FROM asked
   JOIN group_members m ON m.principal_kind = asked.kind AND m.principal_id = asked.id
   JOIN groups g ON g.id = m.group_id AND g.tenant_id = $1
   LEFT JOIN role_bindings b ON b.subject_kind = 'group' AND b.subject_id = g.id AND b.tenant_id = $1 AND ${COUNTS}
   LEFT JOIN roles r ON r.id = b.role_id
   UNION ALL
   SELECT NULL, NULL, NULL, NULL, NULL, 'allow', 'global', NULL, NULL, r.id, r.name, r.permissions
   FROM roles r WHERE r.tenant_id = $1 AND r.name = 'member' AND r.is_built_in`,
);

const MOST_ROLES_KEPT = 10_000;

/** Reads what decisions about principals rest on. */
@Injectable()
export class ReachRepository {
  private readonly log = new Logger('Roles');
  /** Everybody who has a role shares its object, or fifty thousand remembered principals would each keep a copy. */
  private readonly roles = new Map<string, { text: string; role: ReachingRole }>();

  constructor(
    private readonly database: Database,
    private readonly affiliations: Affiliations,
  ) {}

  /**
   * @param countingAt leaves out what has ended by then; null brings everything
   * @throws ServiceUnavailable when they cannot be read, or the tenant has no roles: nothing is guessed
   */
  async of(subject: Subject, countingAt: Date | null): Promise<Reach> {
    const [reach] = await this.ofAll(subject.tenantId, [subject], countingAt);
    return reach;
  }

  /** The same for several of one tenant, in the order they were named. */
  async ofAll(tenantId: string, subjects: readonly Subject[], countingAt: Date | null): Promise<Reach[]> {
    try {
      return await this.read(tenantId, subjects, countingAt);
    } catch (error) {
      // What the database module has an answer for is left to it: a transaction in the way of others is run again.
      if (error instanceof Problem || databaseProblemOf(error) !== null) throw error;
      this.log.error('Roles and bindings cannot be read.', error);
      throw new ServiceUnavailable('Who may do what cannot be read now.');
    }
  }

  private async read(
    tenantId: string,
    subjects: readonly Subject[],
    countingAt: Date | null,
  ): Promise<Reach[]> {
    const kinds = subjects.map(({ kind }) => kind);
    const ids = subjects.map(({ id }) => id);
    const rows = await this.database.read(reaching, [tenantId, kinds, ids, countingAt]);
    const member = rows.find(({ subjectId }) => subjectId === null);
    if (member === undefined) throw new ServiceUnavailable('The roles of the tenant are not there yet.');
    const rowsOf = bySubject(rows);
    const baseline = this.roleOf(member);
    const reaches = subjects.map(({ kind, id }) =>
      this.reachFrom(rowsOf.get(`${kind} ${id}`) ?? [], baseline),
    );
    return this.withDepartments(subjects, reaches);
  }

  private reachFrom(rows: readonly ReachRow[], baseline: ReachingRole): Reach {
    const groupIds = new Set(rows.flatMap(({ groupId }) => groupId ?? []));
    const bindings = rows.flatMap((row) =>
      row.bindingId === null ? [] : [this.bindingFrom(row, row.bindingId)],
    );
    return { baseline, bindings, groupIds: [...groupIds], departments: null };
  }

  private bindingFrom(row: ReachRow, id: string): ReachingBinding {
    const { effect, scopeKind, scopeId, expiresAt, groupId, groupName } = row;
    return {
      id,
      role: this.roleOf(row),
      effect,
      scope: scopeKind === 'global' || scopeId === null ? null : { kind: scopeKind, id: scopeId },
      expiresAt,
      group: groupId === null ? null : { id: groupId, name: groupName ?? '' },
    };
  }

  /** Recognised by its content: what a transaction read that was undone may come back under the same version as something else. */
  private roleOf({ roleId, role: name, permissions }: ReachRow): ReachingRole {
    const text = [name, ...permissions].join(' ');
    const known = this.roles.get(roleId);
    if (known?.text === text) return known.role;
    const role = { id: roleId, name, permissions: PermissionSet.of(permissions), size: permissions.length };
    if (this.roles.size >= MOST_ROLES_KEPT) this.roles.clear();
    this.roles.set(roleId, { text, role });
    return role;
  }

  /** Asked only about those whom it can make a difference to. */
  private async withDepartments(subjects: readonly Subject[], reaches: readonly Reach[]): Promise<Reach[]> {
    const concerned = subjects.filter((_, index) =>
      reaches[index].bindings.some(({ scope }) => scope?.kind === 'department'),
    );
    const known = concerned.length === 0 ? null : await this.affiliations.of(concerned);
    if (known === null) return [...reaches];
    const departments = new Map<Subject, readonly Affiliation[]>(
      concerned.map((subject, index) => [subject, known[index]]),
    );
    return reaches.map((reach, index) => ({
      ...reach,
      departments: departments.get(subjects[index]) ?? null,
    }));
  }
}

function bySubject(rows: readonly ReachRow[]): Map<string, ReachRow[]> {
  const groups = new Map<string, ReachRow[]>();
  for (const row of rows) {
    const key = `${row.subjectKind} ${row.subjectId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
