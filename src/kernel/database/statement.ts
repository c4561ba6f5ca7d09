declare const rowOf: unique symbol;

/** A query that each connection parses once: PostgreSQL keeps it prepared under its name. */
export interface Statement<Row> {
  readonly name: string;
  readonly text: string;
  readonly [rowOf]?: Row;
}

/** PostgreSQL cuts identifiers there, and two names cut to the same would be one. */
const LONGEST_NAME = 63;
const texts = new Map<string, string>();

/**
 * Declares a prepared statement whose rows have the shape `Row`: `columnsOf(Entity)` makes that the entity's.
 *
 * @param name unique in the program; appears in the server's statistics
 */
export function statement<Row = Record<string, never>>(name: string, text: string): Statement<Row> {
  if (name.length > LONGEST_NAME) throw new Error(`Statement name longer than ${LONGEST_NAME}: ${name}`);
  const known = texts.get(name);
  if (known !== undefined && known !== text) throw new Error(`Two statements are called ${name}`);
  texts.set(name, text);
  return Object.freeze({ name, text });
}

/** A query without a name, so that PostgreSQL plans each search for its own values: which index is best depends on them. */
export function planned<Row>(text: string): Statement<Row> {
  return { name: '', text };
}
