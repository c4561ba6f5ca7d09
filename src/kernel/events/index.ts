export { AppendedEntries } from './appended-entries.js';
export {
  type AuditEntry,
  LEAF_PREFIX,
  leafHashOf,
  leafHashTextOf,
  personalDigestOf,
  type PersonalPart,
} from './audit-entry.js';
export {
  type AnnouncedCheckpoint,
  type CheckpointFollower,
  CheckpointFollowers,
} from './checkpoint-followers.js';
export { recordedChange } from './entry-statements.js';
export { EventLog } from './event-log.js';
export { EventsModule } from './events.module.js';
export {
  type DetailSchema,
  type Fact,
  fact,
  type FactActor,
  factCatalogue,
  type FactClass,
  type FactDeclaration,
  type FactDetail,
  type FactOutcome,
  type FactValues,
} from './fact.js';
export { InTransaction } from './in-transaction.decorator.js';
