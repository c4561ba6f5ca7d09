export { type EmbeddedPostgres, startEmbeddedPostgres, type UnexpectedExit } from './embedded-postgres.js';
export { EmbeddedPostgresError } from './embedded-postgres.error.js';
export type { EmbeddedPostgresLog } from './embedded-postgres.log.js';
