import { columnsOf } from '../../../kernel/database/index.js';
import { RoleBinding } from './role-binding.entity.js';

export interface BindingFilter {
  readonly subject?: { readonly kind: string; readonly id: string };
  readonly roleId?: string;
  readonly scope?: { readonly kind: string; readonly id: string | null };
}

export interface BindingsQuery {
  readonly text: string;
  readonly values: unknown[];
}

/** A page of bindings, newest first, those before `beforeId`. Reads about as many as it gives. */
export function newestBindings(
  tenantId: string,
  filter: BindingFilter,
  beforeId: string | null,
  limit: number,
): BindingsQuery {
  const { where, values } = conditionsFor(tenantId, filter, beforeId);
  const text = `SELECT ${columnsOf(RoleBinding)} FROM role_bindings WHERE ${where} ${orderFor(filter)} LIMIT ${limit}`;
  return { text, values };
}

/** How many bindings match, counted up to `most`. */
export function cappedCount(tenantId: string, filter: BindingFilter, most: number): BindingsQuery {
  const { where, values } = conditionsFor(tenantId, filter, null);
  // In an order that an index has, so that the whole table is not read for a few at its end.
  const counted = `SELECT FROM role_bindings WHERE ${where} ${orderFor(filter)} LIMIT ${most}`;
  return { text: `SELECT count(*)::integer AS count FROM (${counted}) AS counted`, values };
}

/** Of one scope this is the order of the ids too; but of scopes that are null PostgreSQL does not see that they are one. */
function orderFor({ scope }: BindingFilter): string {
  return scope === undefined ? 'ORDER BY id DESC' : 'ORDER BY scope_id, id DESC';
}

function conditionsFor(
  tenantId: string,
  { subject, roleId, scope }: BindingFilter,
  beforeId: string | null,
): { where: string; values: unknown[] } {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const demand = (column: string, value: unknown, comparison = '='): void => {
    conditions.push(value === null ? `${column} IS NULL` : `${column} ${comparison} $${values.push(value)}`);
  };
  demand('tenant_id', tenantId);
  if (subject !== undefined) demand('subject_kind', subject.kind);
  if (subject !== undefined) demand('subject_id', subject.id);
  if (roleId !== undefined) demand('role_id', roleId);
  if (scope !== undefined) demand('scope_kind', scope.kind);
  if (scope !== undefined) demand('scope_id', scope.id);
  if (beforeId !== null) demand('id', beforeId, '<');
  return { where: conditions.join(' AND '), values };
}
