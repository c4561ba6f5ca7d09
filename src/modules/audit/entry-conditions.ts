import type { AuditEntriesFilter } from './audit-entries-query.dto.js';

/** The WHERE of a search: SQL about the alias `e`, with the values of its `$n`. */
export class EntryConditions {
  readonly values: unknown[] = [];
  private readonly parts: string[] = [];

  get where(): string {
    return this.parts.join(' AND ');
  }

  /** `?` stands for the next value. */
  add(sql: string, ...values: unknown[]): this {
    this.parts.push(sql.replace(/\?/g, () => this.value(values.shift())));
    return this;
  }

  /** @returns the `$n` that stands for it */
  value(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** Each condition is written so that an index of audit_entries answers it in the order of the list. */
export function conditionsFor(tenantId: string, filter: AuditEntriesFilter): EntryConditions {
  const conditions = new EntryConditions().add('e.tenant_id = ?::uuid', tenantId);
  const { actor, action, resourceType, resourceId, gateway, department, outcome } = filter;
  const { requestId, delegation, since, until } = filter;
  if (actor !== undefined) addActor(conditions, actor);
  if (action !== undefined) addAction(conditions, action);
  if (resourceType !== undefined) conditions.add('e.resource_type = ?', resourceType);
  if (resourceId !== undefined) conditions.add('e.resource_id = ?', resourceId);
  if (gateway !== undefined) conditions.add('e.gateway_id = ?::uuid', gateway);
  if (department !== undefined) conditions.add('e.department_id = ?::uuid', department);
  if (outcome !== undefined) conditions.add('e.outcome = ?', outcome);
  if (requestId !== undefined) conditions.add('e.request_id = ?', requestId);
  // The empty path is left out of the index, so the query must say that it does not want it.
  if (delegation !== undefined)
    conditions.add(`e.delegation_path @> ARRAY[?]::text[] AND e.delegation_path <> '{}'`, delegation);
  if (since !== undefined) addSince(conditions, new Date(since));
  if (until !== undefined) addUntil(conditions, new Date(until));
  return conditions;
}

/** What the actions that a filter means begin with; null when it means one action, or all. */
export function beginningOf(action: string | undefined): string | null {
  return action?.endsWith('*') === true && action !== '*' ? action.slice(0, -1) : null;
}

/** `{` follows every character that an action is made of. */
export const endOfBeginning = (beginning: string): string => `${beginning}{`;

function addActor(conditions: EntryConditions, actor: string): void {
  const named = /^(user|service|agent|system|anonymous):(.+)$/.exec(actor);
  if (named === null) conditions.add('e.actor_id = ?', actor);
  else conditions.add('e.actor_id = ? AND e.actor_kind = ?', named[2], named[1]);
}

/** A range of the bytewise order instead of LIKE, which finds an index only when the pattern is no parameter. */
function addAction(conditions: EntryConditions, action: string): void {
  const beginning = beginningOf(action);
  if (beginning !== null)
    conditions.add('e.action ~>=~ ? AND e.action ~<~ ?', beginning, endOfBeginning(beginning));
  else if (action !== '*') conditions.add('e.action = ?', action);
}

/**
 * Ids are ordered by time, so a bound on the id lets every index stop early. Ids may run a little ahead of the clock
 * that the time stamp comes from, hence the room; the time stamp itself decides.
 */
const ROOM_MS = 60_000;

function addSince(conditions: EntryConditions, since: Date): void {
  const first = firstIdAt(since.getTime() - ROOM_MS);
  conditions.add('e.occurred_at >= ? AND e.id >= ?::uuid', since, first);
}

function addUntil(conditions: EntryConditions, until: Date): void {
  const end = firstIdAt(until.getTime() + ROOM_MS);
  conditions.add('e.occurred_at < ? AND e.id < ?::uuid', until, end);
}

/** The smallest UUIDv7 of a millisecond (RFC 9562 §5.7: 48 bits of Unix time come first). */
function firstIdAt(ms: number): string {
  const hex = Math.min(Math.max(ms, 0), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
