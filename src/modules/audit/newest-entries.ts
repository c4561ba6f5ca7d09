import type { AuditEntriesFilter } from './audit-entries-query.dto.js';
import { beginningOf, conditionsFor, endOfBeginning } from './entry-conditions.js';

export interface SearchQuery {
  readonly text: string;
  readonly values: unknown[];
}

/** A page of `audit_entries` rows, newest first, those before `beforeId`. Reads about as many as it gives. */
export function newestEntries(
  tenantId: string,
  filter: AuditEntriesFilter,
  beforeId: string | null,
  limit: number,
): SearchQuery {
  const beginning = beginningOf(filter.action);
  if (beginning !== null && isFoundByActionOnly(filter))
    return newestOfActions(beginning, tenantId, { ...filter, action: undefined }, beforeId, limit);
  const conditions = conditionsFor(tenantId, filter);
  if (beforeId !== null) conditions.add('e.id < ?::uuid', beforeId);
  const text = `SELECT e.* FROM audit_entries e WHERE ${conditions.where} ORDER BY e.id DESC LIMIT ${limit}`;
  return { text, values: conditions.values };
}

/** How many entries match, counted up to `most`. */
export function cappedCount(tenantId: string, filter: AuditEntriesFilter, most: number): SearchQuery {
  const { where, values } = conditionsFor(tenantId, filter);
  // In an order that an index has, the index alone answers; the actions with one beginning have none.
  const order = beginningOf(filter.action) === null ? 'ORDER BY e.id DESC' : '';
  const text = `SELECT count(*)::int AS count FROM (SELECT FROM audit_entries e WHERE ${where} ${order} LIMIT ${most}) AS counted`;
  return { text, values };
}

/** Nothing else in the filter has an index of its own that narrows the search. */
function isFoundByActionOnly(filter: AuditEntriesFilter): boolean {
  const { actor, resourceType, resourceId, gateway, department, requestId, delegation, outcome } = filter;
  const others = [actor, resourceType, resourceId, gateway, department, requestId, delegation];
  return others.every((other) => other === undefined) && (outcome === undefined || outcome === 'success');
}

/**
 * An index is in the order of the list for one action at a time. So the actions with this beginning, of which there are
 * some dozens however long the log is, are looked up one after the other, and the newest of each are put together. A
 * range with one end: told that the action is one value, the planner would rather go through all entries by id.
 */
function newestOfActions(
  beginning: string,
  tenantId: string,
  filter: AuditEntriesFilter,
  beforeId: string | null,
  limit: number,
): SearchQuery {
  const conditions = conditionsFor(tenantId, filter);
  if (beforeId !== null) conditions.add('e.id < ?::uuid', beforeId);
  const tenant = `${conditions.value(tenantId)}::uuid`;
  const begin = conditions.value(beginning);
  const end = conditions.value(endOfBeginning(beginning));
  const nextAction = (after: string): string =>
    `SELECT a.action FROM audit_entries a
      WHERE a.tenant_id = ${tenant} AND a.action ${after} AND a.action ~<~ ${end} ORDER BY a.action USING ~<~ LIMIT 1`;
  const text = `WITH RECURSIVE actions (action) AS (
      (${nextAction(`~>=~ ${begin}`)})
      UNION ALL
      SELECT (${nextAction('~>~ actions.action')}) FROM actions WHERE actions.action IS NOT NULL
    )
    SELECT e.* FROM (
      SELECT found.id FROM actions CROSS JOIN LATERAL (
        SELECT e.id FROM audit_entries e
         WHERE e.action ~>=~ actions.action AND e.action ~<=~ actions.action AND ${conditions.where}
         ORDER BY e.action USING ~>~, e.id DESC LIMIT ${limit}
      ) found ORDER BY found.id DESC LIMIT ${limit}
    ) newest JOIN audit_entries e USING (id) ORDER BY e.id DESC`;
  return { text, values: conditions.values };
}
