/** Counts queries by name and by the kind of operation they were sent for: `http user_by_id`, `background job_relay`. */
const counts = new Map();

export function watchedQueries() {
  return Object.fromEntries(counts);
}

/** Watches every connection of the pool, those of before included. */
export function watchQueries(pool, operationOrNull) {
  const watch = (client) => {
    const send = client.query.bind(client);
    client.query = (...query) => {
      const key = `${operationOrNull()?.kind ?? 'background'} ${nameOf(query[0])}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return send(...query);
    };
  };
  for (const client of pool.connections._clients) watch(client);
  pool.connections.on('connect', watch);
}

function nameOf(query) {
  if (typeof query === 'object' && query?.name) return query.name;
  return String(query?.text ?? query)
    .trim()
    .slice(0, 60);
}
