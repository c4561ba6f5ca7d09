/** Ways to put a row on disk that somebody waits for; what an audit entry costs is compared with them. */
const CALLERS = 50;

/** A row as long as a short entry, in a table with nothing but its key. */
const PLAIN = {
  name: 'bench_plain_row',
  text: `INSERT INTO bench_rows (id, tenant_id, occurred_at, actor_id, action, resource_id, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
};
const DETAIL = { changed: ['description', 'name'], text: 'x'.repeat(120) };

/** @param {(path: string) => Promise<any>} fromBuild */
export async function auditAppends(fromBuild) {
  const [{ fact, EventLog }, { EntryWriter }, { entryValues, insertEntry }] = await Promise.all([
    fromBuild('kernel/events/index.js'),
    fromBuild('kernel/events/entry-writer.js'),
    fromBuild('kernel/events/entry-statements.js'),
  ]);
  class Measured extends fact({
    action: 'bench.append',
    resourceType: 'bench',
    summary: 'Something happened while measuring.',
    public: false,
    detail: {},
    example: {},
  }) {}
  const entry = () => new Measured({ resourceId: 'bench', detail: DETAIL });

  /** For so many seconds, from fifty callers at a time. */
  return async ({ how, seconds, modules, database, pool }) => {
    const [events, writer] = [EventLog, EntryWriter].map((token) => modules.get(token, { strict: false }));
    const ways = {
      plain: () => {
        const { id, tenantId, occurredAt, detail } = writer.seal(entry()).entry;
        const values = [id, tenantId, occurredAt, null, 'bench.append', 'bench', detail];
        return pool.connections.query({ ...PLAIN, values });
      },
      single: () => database.writeAlone(insertEntry, entryValues(writer.seal(entry()))),
      grouped: () => events.append(entry()),
    };
    const startedAt = performance.now();
    let written = 0;
    const caller = async () => {
      while (performance.now() - startedAt < seconds * 1000) {
        await ways[how]();
        written += 1;
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
    return { written, seconds: (performance.now() - startedAt) / 1000 };
  };
}

/** Leaves the INSERT of the audit entry out, and nothing else, for requests that say so in their user agent. */
export const WITHOUT_ENTRY = 'bench-without-entry';

export function leaveEntriesOut(database, operationOrNull) {
  const writeLast = database.writeLast.bind(database);
  // Nothing but entries is written in this way.
  database.writeLast = (write, rows) => {
    if (operationOrNull()?.userAgent !== WITHOUT_ENTRY) writeLast(write, rows);
  };
}
