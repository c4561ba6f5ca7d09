/** Results as text: a line per goal while it is measured, and docs/performance.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MOST_FOREIGN_CORES } from './environment.mjs';

const number = (value, digits = 2) => value.toFixed(digits);
const threeOf = ({ min, median, max }) => `${number(min)} / **${number(median)}** / ${number(max)}`;
const limitOf = ({ limit, atLeast }) => `${atLeast ? '≥' : '≤'} ${number(limit)}`;

export function lineOf(goal, result) {
  const { min, median, max } = result.ratio;
  const verdict = result.met ? 'met' : 'MISSED';
  return `${goal.id.toUpperCase()} ${goal.title}: ${number(min)} / ${number(median)} / ${number(max)} × (goal ${limitOf(goal)}) ${verdict}`;
}

export function detailsOf(result) {
  const rows = result.rows.map(
    (row) =>
      `  ${number(row.cpuMicroseconds, 1).padStart(7)} µs/req (best ${number(row.bestMicroseconds, 1)})  ${number(row.ratio.median)} ×  ${number(row.perSecond, 0).padStart(7)} req/s  ` +
      `p50 ${number(row.p50, 1)} ms  p99 ${number(row.p99, 1)} ms  PostgreSQL ${number(row.postgresMicroseconds, 1)} µs/req  ${row.name}`,
  );
  const checks = result.checks.map(({ met, text }) => `  ${met ? 'ok    ' : 'MISSED'} ${text}`);
  const others = `  ${result.others > MOST_FOREIGN_CORES ? 'BUSY  ' : 'quiet '} others used ${number(result.others)} processors meanwhile`;
  return [...rows, ...checks, others].join('\n');
}

/** @param {{ goal: object, result: object }[]} outcomes */
export function documentOf(outcomes, { environment, loads, pace }) {
  const template = readFileSync(join(import.meta.dirname, 'performance.template.md'), 'utf8');
  const values = {
    summary: summaryOf(outcomes),
    details: outcomes.map(sectionOf).join('\n\n'),
    machine: machineOf(environment, loads),
    pace: `${pace.rounds} rounds with samples of ${pace.seconds} s, ${pace.people} users`,
  };
  return template.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
}

function summaryOf(outcomes) {
  const lines = outcomes.map(
    ({ goal, result }) =>
      `| ${goal.id.toUpperCase()} | ${goal.title} | ${goal.reference} | ${goal.measure} | ${limitOf(goal)} × | ` +
      `${threeOf(result.ratio)} | ${result.met ? 'yes' : '**no**'} |`,
  );
  return [
    '| | what | compared with | by | goal | measured (min / **median** / max) | met |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

function sectionOf({ goal, result }) {
  const heading = `### ${goal.id.toUpperCase()}: ${goal.title}`;
  const others = `others used ${number(result.others)} processors meanwhile`;
  const checks = [...result.checks, { met: true, text: others }]
    .map(({ met, text }) => `- ${met ? '' : '**missed:** '}${text}`)
    .join('\n');
  return [heading, ...(result.rows.length > 0 ? [tableOf(result.rows)] : []), checks].join('\n\n');
}

function tableOf(rows) {
  const hasPostgres = rows.some((row) => row.postgresMicroseconds >= 1);
  const postgresOf = (row) => (hasPostgres ? ` ${number(row.postgresMicroseconds, 1)} |` : '');
  const lines = rows.map(
    (row) =>
      `| ${row.name} | ${number(row.cpuMicroseconds, 1)} | ${threeOf(row.ratio)} |${postgresOf(row)} ` +
      `${number(row.perSecond, 0)} | ${number(row.p50, 1)} | ${number(row.p99, 1)} |`,
  );
  return [
    `| route | processor µs per request | × reference |${hasPostgres ? ' PostgreSQL µs per request |' : ''} requests/s | p50 ms | p99 ms |`,
    `| --- | --- | --- |${hasPostgres ? ' --- |' : ''} --- | --- | --- |`,
    ...lines,
  ].join('\n');
}

function machineOf(environment, { before, after }) {
  return (
    `${environment.date}, commit ${environment.commit}. Node ${environment.node}, Nest ${environment.nest}, ` +
    `Fastify ${environment.fastify}, pg ${environment.pg}, PostgreSQL ${environment.postgres} with fsync on, ` +
    `${environment.cores} cores (${environment.processor}); load average ${number(before.load)} before, ` +
    `${number(after.load)} after, the benchmark itself included.`
  );
}
