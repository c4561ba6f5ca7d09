/** Where the time goes: one CPU profile per variant, with the functions that take the most of it themselves. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONNECTIONS } from './rounds.mjs';
import { Connections } from './load.mjs';

const SHOWN = 70;

export async function profileOf({ profiles, pace }, name, { server, requests }) {
  if (server.call === undefined) return;
  const connections = await Connections.open(server.port, CONNECTIONS);
  await server.call('POST', '/bench/profile/start');
  const { completed } = await connections.load(requests, pace.seconds);
  connections.close();
  const profile = await server.call('POST', '/bench/profile/stop');
  mkdirSync(profiles, { recursive: true });
  const path = join(profiles, `${name.replace(/\W+/g, '-')}.cpuprofile`);
  writeFileSync(path, JSON.stringify(profile));
  console.log(`\n${name}: ${path}, ${completed} requests; µs per request in each function itself`);
  for (const [place, microseconds] of selfTimes(profile).slice(0, SHOWN)) {
    console.log(`  ${(microseconds / completed).toFixed(2).padStart(7)}  ${place}`);
  }
}

function selfTimes({ nodes, samples, timeDeltas }) {
  const placeOf = new Map(nodes.map(({ id, callFrame }) => [id, placeText(callFrame)]));
  const times = new Map();
  samples.forEach((id, index) => {
    const place = placeOf.get(id);
    times.set(place, (times.get(place) ?? 0) + timeDeltas[index]);
  });
  return [...times].sort(([, a], [, b]) => b - a);
}

function placeText({ functionName, url, lineNumber }) {
  const file = url
    .replace(/^file:\/\//, '')
    .replace(/^.*\/node_modules\//, '')
    .split('/')
    .slice(-4)
    .join('/');
  return `${functionName || '(anonymous)'} ${file}${file === '' ? '' : `:${lineNumber + 1}`}`;
}
