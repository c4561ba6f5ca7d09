/**
 * Everything is measured in rounds: each round samples every variant once, in an order that rotates, and a ratio is
 * taken within its round. What the machine does besides then disturbs both sides alike.
 */
import { Connections } from './load.mjs';
import { postgresTime, processorTime } from './processor-time.mjs';
import { median, quantile, spread } from './statistics.mjs';

export const CONNECTIONS = 50;

/** Samples every variant once per round. @param {Record<string, () => Promise<T>>} variants @returns {Promise<Record<string, T[]>>} @template T */
export async function interleave(variants, rounds) {
  const names = Object.keys(variants);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length];
      samples[name].push(await variants[name]());
    }
  }
  return samples;
}

/**
 * The same for rates, in slices that take turns within a round. Others who run meanwhile can only slow one down, by
 * emptying caches: the quarter they disturbed least speaks for the round.
 *
 * @param {Record<string, () => number>} variants each works for one slice and tells its rate
 */
export async function interleaveRates(variants, rounds, slices) {
  const samples = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, rates] of Object.entries(await interleave(variants, slices)))
      samples[name].push(
        quantile(
          rates.sort((a, b) => a - b),
          0.75,
        ),
      );
  return samples;
}

/** Per round: the number of one variant over that of the reference. */
export function ratios(samples, variant, reference, numberOf) {
  return spread(
    samples[variant].map((sample, round) => numberOf(sample) / numberOf(samples[reference][round])),
  );
}

/**
 * Compares requests by what they cost the server's processor. Within a round the variants take turns every few hundred
 * milliseconds, so that a busy moment of the machine falls on all of them.
 *
 * @param {Record<string, { server: object, requests: object[] }>} variants
 * @param {{ rounds: number, seconds: number, slices: number, warmSeconds: number, postmaster: number | null }} pace
 */
export async function compareRequests(variants, { rounds, seconds, slices, warmSeconds, postmaster }) {
  const stations = await Promise.all(
    Object.entries(variants).map(async ([name, { server, requests }]) => {
      return { name, server, requests, connections: await Connections.open(server.port, CONNECTIONS) };
    }),
  );
  const samples = Object.fromEntries(stations.map(({ name }) => [name, []]));
  for (const { connections, requests } of stations) await connections.load(requests, warmSeconds);
  for (let round = 0; round < rounds; round++) {
    const parts = Object.fromEntries(stations.map(({ name }) => [name, []]));
    for (let turn = 0; turn < slices * stations.length; turn++) {
      const station = stations[(turn + Math.floor(turn / stations.length) + round) % stations.length];
      parts[station.name].push(await slice(station, seconds / slices, postmaster));
    }
    for (const { name } of stations) samples[name].push(joined(parts[name]));
  }
  for (const { connections } of stations) connections.close();
  return samples;
}

async function slice({ server, requests, connections }, seconds, postmaster) {
  const queriesBefore = await server.queries?.();
  const postgresBefore = postmaster === null ? 0 : postgresTime(postmaster);
  const before = processorTime(server.pid);
  const outcome = await connections.load(requests, seconds);
  const microseconds = processorTime(server.pid) - before;
  const postgresMicroseconds = postmaster === null ? 0 : postgresTime(postmaster) - postgresBefore;
  const queries = queriesBefore && (await server.queries()).since(queriesBefore);
  return {
    ...outcome,
    microseconds,
    postgresMicroseconds,
    cpuMicroseconds: microseconds / outcome.completed,
    queries,
  };
}

function joined(parts) {
  const sum = (numberOf) => parts.reduce((total, part) => total + numberOf(part), 0);
  const completed = sum((part) => part.completed);
  const costs = parts.map((part) => part.cpuMicroseconds).sort((a, b) => a - b);
  const latencies = parts.flatMap((part) => part.latencies).sort((a, b) => a - b);
  return {
    completed,
    // Others who run meanwhile can only add, by emptying caches: the quarter they disturbed least speaks for the round.
    cpuMicroseconds: quantile(costs, 0.25),
    bestMicroseconds: costs[0],
    postgresMicroseconds: sum((part) => part.postgresMicroseconds) / completed,
    perSecond: completed / sum((part) => part.seconds),
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    queries: parts.map((part) => part.queries),
  };
}

/** The row of a report: medians over the rounds. */
export function rowOf(name, samples, ratio) {
  const of = (numberOf) => median(samples.map(numberOf));
  return {
    name,
    cpuMicroseconds: of((sample) => sample.cpuMicroseconds),
    bestMicroseconds: Math.min(...samples.map((sample) => sample.bestMicroseconds)),
    postgresMicroseconds: of((sample) => sample.postgresMicroseconds),
    perSecond: of((sample) => sample.perSecond),
    p50: of((sample) => sample.p50),
    p99: of((sample) => sample.p99),
    ratio,
  };
}

export const cpu = (sample) => sample.cpuMicroseconds;
