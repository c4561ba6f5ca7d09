/** The embedded database cannot run here. The message tells the operator what to do; it needs no stack trace. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}
