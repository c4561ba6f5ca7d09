import { columnsOf } from '../../kernel/database/index.js';
import { AuditEntryRow } from './audit-entry.entity.js';

/** The columns of a `FullEntry`: entry `e`, personal part `p`, place in the log `l`. */
export const FULL_ENTRY = `${columnsOf(AuditEntryRow, 'e')}, l.seq, p.salt, p.actor_name AS "actorName",
  p.client_ip AS "clientIp", p.user_agent AS "userAgent", p.detail AS personal`;

export const WITH_PERSONAL = 'LEFT JOIN audit_personal p ON p.entry_id = e.id';
export const WITH_PLACE = 'LEFT JOIN audit_leaves l ON l.entry_id = e.id';
