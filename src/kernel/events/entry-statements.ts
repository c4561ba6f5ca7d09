import {
  arrayLiteral,
  type LastWrite,
  literal,
  type Spelling,
  type Statement,
  statement,
} from '../database/index.js';
import type { SealedEntry } from './audit-entry.js';

interface Column {
  readonly name: string;
  readonly type: string;
  /** Of the value; `text` when not given. */
  readonly spelling?: Spelling;
  readonly value: (sealed: SealedEntry) => string | null;
}

const ENTRY: readonly Column[] = [
  { name: 'id', type: 'uuid', spelling: 'plain', value: ({ entry }) => entry.id },
  { name: 'tenant_id', type: 'uuid', spelling: 'plain', value: ({ entry }) => entry.tenantId },
  { name: 'occurred_at', type: 'timestamptz', spelling: 'plain', value: ({ entry }) => entry.occurredAt },
  { name: 'actor_kind', type: 'text', value: ({ entry }) => entry.actorKind },
  { name: 'actor_id', type: 'text', value: ({ entry }) => entry.actorId },
  { name: 'actor_role', type: 'text', value: ({ entry }) => entry.actorRole },
  { name: 'on_behalf_of', type: 'text[]', value: ({ entry }) => listText(entry.onBehalfOf) },
  { name: 'delegation_path', type: 'text[]', value: ({ entry }) => listText(entry.delegationPath) },
  { name: 'action', type: 'text', value: ({ entry }) => entry.action },
  { name: 'resource_type', type: 'text', value: ({ entry }) => entry.resourceType },
  { name: 'resource_id', type: 'text', value: ({ entry }) => entry.resourceId },
  { name: 'department_id', type: 'uuid', spelling: 'plain', value: ({ entry }) => entry.departmentId },
  { name: 'gateway_id', type: 'uuid', spelling: 'plain', value: ({ entry }) => entry.gatewayId },
  { name: 'gateway_name', type: 'text', value: ({ entry }) => entry.gatewayName },
  { name: 'outcome', type: 'text', value: ({ entry }) => entry.outcome },
  { name: 'request_id', type: 'text', value: ({ entry }) => entry.requestId },
  { name: 'approval_id', type: 'uuid', spelling: 'plain', value: ({ entry }) => entry.approvalId },
  { name: 'command_id', type: 'uuid', spelling: 'plain', value: ({ entry }) => entry.commandId },
  { name: 'event_code', type: 'text', value: ({ entry }) => entry.eventCode },
  { name: 'detail', type: 'text', spelling: 'json', value: ({ entry }) => entry.detail },
  { name: 'personal_digest', type: 'bytea', spelling: 'bytes', value: ({ entry }) => entry.personalDigest },
  { name: 'leaf_hash', type: 'bytea', spelling: 'bytes', value: ({ leafHash }) => leafHash.toString('hex') },
];

/** In the statements the personal detail is called otherwise, because the entry has a detail too. */
const PERSONAL: readonly Column[] = [
  { name: 'salt', type: 'bytea', spelling: 'bytes', value: ({ salt }) => salt.toString('hex') },
  { name: 'actor_name', type: 'text', value: ({ personal }) => personal.actorName },
  { name: 'client_ip', type: 'text', value: ({ personal }) => personal.clientIp },
  { name: 'user_agent', type: 'text', value: ({ personal }) => personal.userAgent },
  { name: 'personal_detail', type: 'text', spelling: 'json', value: ({ personal }) => personal.detail },
];

const COLUMNS = [...ENTRY, ...PERSONAL];
const names = (columns: readonly Column[]) => columns.map(({ name }) => name).join(', ');
const parameter = (column: Column) => `$${COLUMNS.indexOf(column) + 1}`;
const INTO_PERSONAL =
  'INSERT INTO audit_personal (entry_id, salt, actor_name, client_ip, user_agent, detail)';
const INTO_ENTRIES = `INSERT INTO audit_entries (${names(ENTRY)})`;

/** One statement for both tables: one round trip, and neither row can be there without the other. */
export const insertEntry = statement(
  'events.insert_entry',
  `WITH personal AS (${INTO_PERSONAL} VALUES ($1, ${PERSONAL.map(parameter).join(', ')}))
   ${INTO_ENTRIES} VALUES (${ENTRY.map(parameter).join(', ')})`,
);

export function entryValues(sealed: SealedEntry): (string | null)[] {
  return COLUMNS.map(({ value, spelling }) => literal(value(sealed), spelling));
}

/** Arrays of arrays must be rectangular, so the list columns travel as text and become lists inside. */
const transport = ({ type }: Column) => (type === 'text[]' ? 'text' : type);

/** Both inserts for rows that come column by column, in parameters after the first `before`. */
function insertAll(
  before: number,
  condition: string,
): { readonly personal: string; readonly entries: string } {
  const arrays = COLUMNS.map((column, index) => `$${before + index + 1}::${transport(column)}[]`);
  return {
    personal: `sealed AS (
     SELECT ${COLUMNS.map(({ name, type }) => `${name}::${type}`).join(', ')}
     FROM unnest(${arrays.join(', ')}) AS row (${names(COLUMNS)}) ${condition}
   ), personal AS (
     ${INTO_PERSONAL} SELECT id, ${names(PERSONAL)} FROM sealed
   )`,
    entries: `${INTO_ENTRIES} SELECT ${names(ENTRY)} FROM sealed`,
  };
}

const all = insertAll(0, '');
export const insertEntries = statement('events.insert_entries', `WITH ${all.personal} ${all.entries}`);

/** One entry, or however many. */
export const writeEntries: LastWrite<SealedEntry> = {
  compose: (batch) =>
    batch.length === 1
      ? { statement: insertEntry, values: entryValues(batch[0]) }
      : { statement: insertEntries, values: entriesValues(batch) },
};

/** A statement that makes a change and writes its entries. */
export type RecordedChange<Row> = Statement<Row> & { readonly recordsItself: true };

/**
 * Declares a change that is one statement with its entries in it, for `EventLog.recordedWith`.
 *
 * @param parts common table expressions, `first AS (…), changed AS (…)`. The entries are written when `changed` has a
 *   row; its rows are those of the statement. None may be called `sealed`, `personal` or `entries`
 * @param parameters how many of them the parts use, `$1` and so on
 */
export function recordedChange<Row>(name: string, parameters: number, parts: string): RecordedChange<Row> {
  const { personal, entries } = insertAll(parameters, 'WHERE EXISTS (SELECT FROM changed)');
  const text = `WITH ${parts}, ${personal}, entries AS (${entries}) SELECT * FROM changed`;
  return Object.freeze({ ...statement<Row>(name, text), recordsItself: true as const });
}

/** Column by column, for unnest. */
export function entriesValues(batch: readonly SealedEntry[]): string[] {
  return COLUMNS.map(({ value, spelling }) => arrayLiteral(batch.map(value), spelling));
}

/** The text of a list that is itself an element of the column's array. */
function listText(items: readonly string[]): string {
  return items.length === 0 ? '{}' : arrayLiteral(items);
}
