import { BackfillUserSessions1767225601000 } from './1767225601000-backfill-user-sessions.js';
import { Foundation1767225600000 } from './1767225600000-foundation.js';
import { Impersonation1767225611000 } from './1767225611000-impersonation.js';

/** Every migration, oldest first. Named one by one: a glob would depend on the working directory. */
export const migrations = [
  Foundation1767225600000,
  BackfillUserSessions1767225601000,
  Impersonation1767225611000,
];
