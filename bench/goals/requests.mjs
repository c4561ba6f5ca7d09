/** What the goals about requests have in common: routes compared by processor time, and how their queries are judged. */
import { encode } from '../harness/load.mjs';
import { compareRequests, cpu, ratios, rowOf } from '../harness/rounds.mjs';
import { profileOf } from '../harness/profile.mjs';

export const HELLO_BODY = Buffer.from('{"message":"hello"}');

/** One request per token. */
export function requestsWith(tokens, path, body) {
  return tokens.map((token) => ({
    bytes: encode('GET', path, { headers: { authorization: `Bearer ${token}` } }),
    body,
  }));
}

/** @returns rows for the report, the reference first, and the samples behind them */
export async function compare(context, variants, reference) {
  const samples = await compareRequests(variants, {
    ...context.pace,
    postmaster: context.database.postmaster,
  });
  const rows = Object.keys(variants).map((name) =>
    rowOf(name, samples[name], ratios(samples, name, reference, cpu)),
  );
  if (context.profiles !== undefined) {
    for (const [name, variant] of Object.entries(variants)) await profileOf(context, name, variant);
  }
  return { samples, rows };
}

/**
 * Requests answered from memory send no query. What the process does by itself once a second or so (settling limits,
 * looking for jobs) goes on, and is told apart by the kind of operation it belongs to.
 */
export function requireNoQueries(samples, name) {
  const sent = {};
  const parts = samples[name].flatMap(({ queries }) => queries);
  for (const queries of parts) {
    for (const [statement, count] of Object.entries(queries.statements))
      sent[statement] = (sent[statement] ?? 0) + count;
  }
  const ofRequests = Object.entries(sent).filter(([statement]) => statement.startsWith('http '));
  const total = parts.reduce((sum, { issued }) => sum + issued, 0);
  const requests = samples[name].reduce((sum, { completed }) => sum + completed, 0);
  const list = ofRequests.map(([statement, count]) => `${statement} (${count})`).join(', ');
  return {
    met: ofRequests.length === 0,
    text:
      ofRequests.length === 0
        ? `${name}: 0 queries in ${requests} requests (${total} by the process itself meanwhile)`
        : `${name}: queries were sent in ${requests} requests: ${list}`,
  };
}
