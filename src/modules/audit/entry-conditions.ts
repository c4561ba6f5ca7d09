import type { AuditEntriesQuery } from './audit-entry.dto.js';

/** The WHERE of a search: SQL about the alias `e`, with the values of its `$n`. */
export interface EntryConditions {
  readonly where: string;
  readonly values: unknown[];
}

type Filter = Omit<AuditEntriesQuery, 'limit' | 'cursor' | 'total'>;

/** Each condition is written so that an index of audit_entries answers it in the order of the list. */
export function conditionsFor(tenantId: string, filter: Filter, beforeId: string | null): EntryConditions {
  const values: unknown[] = [];
  const conditions: string[] = [];
  /** `?` stands for the next value. */
  const add = (sql: string, ...its: unknown[]) => {
    conditions.push(sql.replace(/\?/g, () => `$${values.push(its.shift())}`));
  };

  add('e.tenant_id = ?::uuid', tenantId);
  if (beforeId !== null) add('e.id < ?::uuid', beforeId);
  if (filter.actor !== undefined) addActor(add, filter.actor);
  if (filter.action !== undefined) addAction(add, filter.action);
  if (filter.resourceType !== undefined) add('e.resource_type = ?', filter.resourceType);
  if (filter.resourceId !== undefined) add('e.resource_id = ?', filter.resourceId);
  if (filter.gateway !== undefined) add('e.gateway_id = ?::uuid', filter.gateway);
  if (filter.department !== undefined) add('e.department_id = ?::uuid', filter.department);
  if (filter.outcome !== undefined) add('e.outcome = ?', filter.outcome);
  if (filter.requestId !== undefined) add('e.request_id = ?', filter.requestId);
  // The empty path is left out of the index, so the query must say that it does not want it.
  if (filter.delegation !== undefined) {
    add(`e.delegation_path @> ARRAY[?]::text[] AND e.delegation_path <> '{}'`, filter.delegation);
  }
  if (filter.since !== undefined) addSince(add, new Date(filter.since));
  if (filter.until !== undefined) addUntil(add, new Date(filter.until));
  return { where: conditions.join(' AND '), values };
}

type Add = (sql: string, ...values: unknown[]) => void;

function addActor(add: Add, actor: string): void {
  const named = /^(user|service|agent|system|anonymous):(.+)$/.exec(actor);
  if (named === null) add('e.actor_id = ?', actor);
  else add('e.actor_id = ? AND e.actor_kind = ?', named[2], named[1]);
}

/** A range of the bytewise order instead of LIKE, which finds an index only when the pattern is no parameter. */
function addAction(add: Add, action: string): void {
  if (!action.endsWith('*')) return add('e.action = ?', action);
  const beginning = action.slice(0, -1);
  // `{` follows every character that an action is made of.
  if (beginning !== '') add('e.action ~>=~ ? AND e.action ~<~ ?', beginning, `${beginning}{`);
}

/**
 * Ids are ordered by time, so a bound on the id lets every index stop early. Ids may run a little ahead of the clock
 * that the time stamp comes from, hence the room; the time stamp itself decides.
 */
const ROOM_MS = 60_000;

function addSince(add: Add, since: Date): void {
  add('e.occurred_at >= ? AND e.id >= ?::uuid', since, firstIdAt(since.getTime() - ROOM_MS));
}

function addUntil(add: Add, until: Date): void {
  add('e.occurred_at < ? AND e.id < ?::uuid', until, firstIdAt(until.getTime() + ROOM_MS));
}

/** The smallest UUIDv7 of a millisecond (RFC 9562 §5.7: 48 bits of Unix time come first). */
function firstIdAt(ms: number): string {
  const hex = Math.min(Math.max(ms, 0), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
