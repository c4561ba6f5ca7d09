import { readDeviceInfo } from './device-info.js';

/** Row of `auth_meta` that says the sessions of the former system have been taken over. */
export const BACKFILL_MARKER = 'backfill_user_sessions_v1_to_v2';

const AT_ONCE = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** The one thing needed of a connection; both a migration's and a pool's client have it. */
export type Query = (text: string, values?: unknown[]) => Promise<unknown>;

export interface BackfillOptions {
  /** Copies also when there are sessions already, leaving alone those whose id or token is there. */
  readonly mergesIntoExisting?: boolean;
}

interface LegacyRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly user_id: string;
  readonly refresh_token_hash: string;
  readonly device_info: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

/**
 * Copies the sessions of the former system that were not revoked, keeping their ids, so that people stay signed in. Each
 * becomes a family of its own. Rows of users who are not there are left out. Once done it says so in `auth_meta` and does
 * nothing any more, also when there was nothing to copy; so running it twice equals running it once.
 *
 * @param query runs statements of one transaction, which is the caller's
 * @returns how many sessions were copied
 */
export async function backfillUserSessions(
  query: Query,
  { mergesIntoExisting = false }: BackfillOptions = {},
): Promise<number> {
  // Two that run at once come one after the other, and the second finds the marker.
  await query('LOCK TABLE auth_meta IN SHARE ROW EXCLUSIVE MODE');
  if (await hasRows(query, 'SELECT 1 FROM auth_meta WHERE key = $1', [BACKFILL_MARKER])) return 0;
  const mayCopy = mergesIntoExisting || !(await hasRows(query, 'SELECT 1 FROM auth_sessions LIMIT 1'));
  const copied = mayCopy ? await copyAll(query) : 0;
  await query(`INSERT INTO auth_meta (key, value) VALUES ($1, $2)`, [
    BACKFILL_MARKER,
    `done, ${copied} copied`,
  ]);
  return copied;
}

async function copyAll(query: Query): Promise<number> {
  let copied = 0;
  for (let after = FIRST_ID; ;) {
    const rows = await nextRows(query, after);
    for (const row of rows) copied += await copy(query, row);
    if (rows.length < AT_ONCE) return copied;
    after = rows[rows.length - 1].id;
  }
}

async function nextRows(query: Query, after: string): Promise<LegacyRow[]> {
  const text = `
    SELECT s.id, u.tenant_id, s.user_id, s.refresh_token_hash, s.device_info, s.created_at, s.expires_at
    FROM user_sessions s JOIN users u ON u.id = s.user_id
    WHERE s.revoked_at IS NULL AND s.id > $1 ORDER BY s.id LIMIT ${AT_ONCE}`;
  return rowsOf<LegacyRow>(await query(text, [after]));
}

async function copy(query: Query, row: LegacyRow): Promise<number> {
  const { deviceFingerprint, deviceLabel, ip, userAgent } = readDeviceInfo(row.device_info);
  const text = `
    INSERT INTO auth_sessions (id, tenant_id, user_id, family_id, refresh_token_hash, device_fingerprint, device_label, ip,
      user_agent, auth_provider, amr, authenticated_at, created_at, last_active_at, expires_at)
    VALUES ($1, $2, $3, $1, $4, $5, $6, $7, $8, 'local', '{pwd}', $9, $9, $9, $10)
    ON CONFLICT DO NOTHING RETURNING id`;
  const device = [deviceFingerprint, deviceLabel, ip, userAgent];
  const values = [
    row.id,
    row.tenant_id,
    row.user_id,
    row.refresh_token_hash,
    ...device,
    row.created_at,
    row.expires_at,
  ];
  return rowsOf(await query(text, values)).length;
}

async function hasRows(query: Query, text: string, values: unknown[] = []): Promise<boolean> {
  return rowsOf(await query(text, values)).length > 0;
}

/** TypeORM gives the rows themselves, `pg` an object that holds them. */
function rowsOf<Row>(answer: unknown): Row[] {
  return (Array.isArray(answer) ? answer : (answer as { rows: unknown[] }).rows) as Row[];
}
