/**
 * Compares what the clients were told with what is in the database: nothing acknowledged is lost, every change has
 * exactly one audit entry, no entry is without its change, and what was not acknowledged is there as a whole or not at all.
 */
export async function check(journal, query) {
  const findings = journal.wrongAnswers.map(
    ({ kind, status, body }) => `${kind} was answered ${status}: ${JSON.stringify(body)}`,
  );
  const state = await readState(query);
  let doneUnacknowledged = 0;
  for (const operation of journal.operations) {
    const { kind, requestIds, acknowledged, intent } = operation;
    const entries = requestIds.flatMap((id) => state.entries.get(`${kind} ${id}`) ?? []);
    const isDone = effects[kind](intent, state, entries.length > 0);
    const what = `${kind} (${requestIds.join(', ')})`;
    if (acknowledged && !isDone) findings.push(`${what} was acknowledged and is lost`);
    if (acknowledged && entries.length === 0)
      findings.push(`${what} was acknowledged and has no audit entry`);
    if (entries.length > 1) findings.push(`${what} has ${entries.length} audit entries`);
    if (entries.length > 0 && !isDone)
      findings.push(`${what} has an audit entry, but its change is not there`);
    if (entries.length === 0 && isDone) findings.push(`${what} has happened without an audit entry`);
    if (!acknowledged && entries.length > 0) doneUnacknowledged += 1;
  }
  findings.push(...sums(state));
  return { findings, doneUnacknowledged };
}

/** Whether the change can be seen in the tables, by action. */
const effects = {
  'user.invite': ({ email }, { emails }) => emails.has(email),
  'user.update': ({ path, username }, { users }) => users.get(idIn(path))?.username === username,
  'user.delete': ({ path }, { users }) => users.get(idIn(path))?.deleted_at != null,
  'user.invite_accept': ({ userId }, { users }) => users.get(userId)?.has_password === true,
  'session.refresh': ({ parent }, { parents }) => parents.has(parent),
  'api_key.create': ({ name }, { keyNames }) => keyNames.has(name),
  'api_key.revoke': ({ path }, { keys }) => keys.get(idIn(path))?.revoked_at != null,
  'service.create': ({ name }, { serviceNames }) => serviceNames.has(name),
  // A deleted service has left no row to see it in.
  'service.update': ({ path, description }, { services }, hasEntry) =>
    services.has(idIn(path)) ? services.get(idIn(path)).description === description : hasEntry,
  'service.delete': ({ path }, { services }) => !services.has(idIn(path)),
};

/** What must add up, whichever request did it. */
function sums({ users, counts, services, sessions }) {
  const findings = [];
  const expectEqual = (what, one, other) => {
    if (one !== other) findings.push(`${what}: ${one} and ${other}`);
  };
  const count = (action) => counts.get(action) ?? 0;
  for (const { username, version, changes } of users.values())
    expectEqual(`Version of ${username}, and one more than its changes in the log`, version, 1 + changes);
  expectEqual(
    'Users, and entries of their beginning',
    users.size,
    count('user.invite') + count('user.setup'),
  );
  expectEqual(
    'Services, and those created less those deleted',
    services.size,
    count('service.create') - count('service.delete'),
  );
  expectEqual(
    'Rows of sessions, and entries of their beginning',
    sessions,
    count('session.start') + count('session.refresh'),
  );
  return findings;
}

async function readState(query) {
  const [users, keys, services, sessions, log] = await Promise.all([
    query(USERS),
    query('SELECT id, name, revoked_at FROM api_keys'),
    query('SELECT id, name, description FROM service_principals'),
    query('SELECT previous_session_id AS parent FROM auth_sessions'),
    query('SELECT action, request_id, detail FROM audit_entries'),
  ]);
  const counts = new Map();
  const entries = new Map();
  for (const entry of log) {
    counts.set(entry.action, (counts.get(entry.action) ?? 0) + 1);
    const key = `${entry.action} ${entry.request_id}`;
    entries.set(key, [...(entries.get(key) ?? []), entry]);
  }
  const deleted = log
    .filter(({ action }) => action === 'service.delete')
    .map(({ detail }) => JSON.parse(detail).name);
  return {
    entries,
    counts,
    users: byId(users),
    emails: new Set(users.map(({ email }) => email)),
    keys: byId(keys),
    keyNames: new Set(keys.map(({ name }) => name)),
    services: byId(services),
    serviceNames: new Set([...services.map(({ name }) => name), ...deleted]),
    parents: new Set(sessions.map(({ parent }) => parent)),
    sessions: sessions.length,
  };
}

const USERS = `
  SELECT id, username, email, deleted_at, version, password_hash IS NOT NULL AS has_password,
         (SELECT count(*)::integer FROM audit_entries
           WHERE resource_id = users.id::text AND action IN ('user.update', 'user.delete')) AS changes
    FROM users`;

const byId = (rows) => new Map(rows.map((row) => [row.id, row]));
const idIn = (path) => path.split('/').at(-1);
