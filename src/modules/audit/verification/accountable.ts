import { DEFAULT_TENANT_ID } from '../../../kernel/operation/index.js';

/** Rows that each must have left an entry. Everything is SQL over the row `r` and the entry `e`. */
export interface Accountable {
  /** Of one of them. */
  readonly name: string;
  readonly rows: string;
  readonly id: string;
  readonly tenant: string;
  /** When it was written: what is older than the log that was kept cannot be asked for its entry. */
  readonly at: string;
  readonly entry: string;
}

/** As most tables have it. */
const ITS_OWN = { id: 'r.id::text', tenant: 'r.tenant_id', at: 'r.created_at' };
const ABOUT_IT = 'e.resource_id = r.id::text';
const SEGMENT = `r.first_seq || '-' || r.last_seq`;

/** Whoever adds a table whose rows stand for something that was decided or done adds a line. */
export const ACCOUNTABLE: readonly Accountable[] = [
  {
    ...ITS_OWN,
    name: 'key',
    rows: '(SELECT * FROM api_keys k WHERE NOT EXISTS (SELECT FROM api_keys p WHERE p.replaced_by_id = k.id))',
    entry: ABOUT_IT,
  },
  {
    ...ITS_OWN,
    name: 'succeeding key',
    rows: '(SELECT k.*, p.id AS rotated_id FROM api_keys k JOIN api_keys p ON p.replaced_by_id = k.id)',
    // That of the rotation, which is about the key before it and names this one.
    entry: `e.resource_id = r.rotated_id::text AND e.action = 'api_key.rotate'
      AND strpos(e.detail, '"replacedById":"' || r.id || '"') > 0`,
  },
  { ...ITS_OWN, name: 'service principal', rows: 'service_principals', entry: ABOUT_IT },
  {
    ...ITS_OWN,
    name: 'command',
    rows: 'command_requests',
    entry: `${ABOUT_IT} AND e.action = 'command.request'`,
  },
  {
    ...ITS_OWN,
    name: 'confirmed command',
    rows: `(SELECT * FROM command_requests WHERE decision = 'confirmed')`,
    at: 'r.decided_at',
    entry: `e.command_id = r.id AND e.action IN ('command.confirm', 'approval.approve')`,
  },
  {
    ...ITS_OWN,
    name: 'reported command',
    rows: `(SELECT * FROM command_requests WHERE mode = 'local' AND exit_code IS NOT NULL)`,
    at: 'r.finished_at',
    entry: `${ABOUT_IT} AND e.action = 'command.report'`,
  },
  {
    ...ITS_OWN,
    name: 'run',
    rows: `(SELECT * FROM command_requests WHERE mode = 'server' AND started_at IS NOT NULL)`,
    at: 'r.started_at',
    entry: `${ABOUT_IT} AND e.action = 'command.start'`,
  },
  {
    ...ITS_OWN,
    name: 'ended run',
    rows: `(SELECT * FROM command_requests WHERE mode = 'server' AND started_at IS NOT NULL AND finished_at IS NOT NULL)`,
    at: 'r.finished_at',
    entry: `${ABOUT_IT} AND e.action = 'command.finish'`,
  },
  {
    ...ITS_OWN,
    name: 'approval',
    rows: 'terminal_approvals',
    entry: `${ABOUT_IT} AND e.action = 'approval.request'`,
  },
  {
    ...ITS_OWN,
    name: 'decided approval',
    rows: `(SELECT * FROM terminal_approvals WHERE status <> 'pending')`,
    at: 'r.resolved_at',
    entry: `${ABOUT_IT} AND e.action = CASE r.status WHEN 'approved' THEN 'approval.approve'
      WHEN 'rejected' THEN 'approval.reject' WHEN 'expired' THEN 'approval.expire' ELSE 'approval.cancel' END`,
  },
  {
    ...ITS_OWN,
    name: 'vote',
    rows: `(SELECT v.*, a.tenant_id FROM approval_votes v JOIN terminal_approvals a ON a.id = v.approval_id)`,
    id: `r.approval_id || ' by ' || r.voter_id`,
    entry: `e.resource_id = r.approval_id::text AND e.actor_id = r.voter_id::text AND (r.vote, e.action) IN
      (('approve', 'approval.vote'), ('approve', 'approval.approve'), ('reject', 'approval.reject'))`,
  },
  {
    ...ITS_OWN,
    name: 'trust window',
    rows: 'trust_windows',
    entry: `${ABOUT_IT} AND e.action = 'trust_window.grant'`,
  },
  {
    ...ITS_OWN,
    name: 'audit key',
    rows: 'audit_keys',
    id: 'r.key_id',
    tenant: `'${DEFAULT_TENANT_ID}'::uuid`,
    entry: 'e.resource_id = r.key_id',
  },
  {
    ...ITS_OWN,
    name: 'pruned segment',
    rows: 'audit_segments',
    id: SEGMENT,
    // Which file it is belongs to it: another one must not be passed off as the segment.
    entry: `e.resource_id = ${SEGMENT} AND e.action = 'segment.pruned'
      AND strpos(e.detail, '"digest":"' || encode(r.digest, 'hex') || '"') > 0
      AND strpos(e.detail, '"rootHash":"' || encode(r.root_hash, 'hex') || '"') > 0`,
  },
];
