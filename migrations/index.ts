import { AuditEntryNulls1767225645000 } from './1767225645000-audit-entry-nulls.js';
import { AuditEntryWrites1767225642000 } from './1767225642000-audit-entry-writes.js';
import { BindingLists1767225632000 } from './1767225632000-binding-lists.js';
import { AuditReading1767225621000 } from './1767225621000-audit-reading.js';
import { AuditSealing1767225620000 } from './1767225620000-audit-sealing.js';
import { BackfillUserSessions1767225601000 } from './1767225601000-backfill-user-sessions.js';
import { Foundation1767225600000 } from './1767225600000-foundation.js';
import { Rbac1767225610000 } from './1767225610000-rbac.js';
import { Impersonation1767225611000 } from './1767225611000-impersonation.js';
import { Pairing1767225612000 } from './1767225612000-pairing.js';
import { Terminal1767225630000 } from './1767225630000-terminal.js';
import { TerminalOutput1767225631000 } from './1767225631000-terminal-output.js';

/** Every migration, oldest first. Named one by one: a glob would depend on the working directory. */
export const migrations = [
  Foundation1767225600000,
  BackfillUserSessions1767225601000,
  Rbac1767225610000,
  Impersonation1767225611000,
  Pairing1767225612000,
  AuditSealing1767225620000,
  AuditReading1767225621000,
  Terminal1767225630000,
  TerminalOutput1767225631000,
  BindingLists1767225632000,
  AuditEntryWrites1767225642000,
  AuditEntryNulls1767225645000,
];
