/** What a number was measured on; without it a number says nothing. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

export function environmentOf(database) {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    node: process.version,
    nest: versionOf('@nestjs/core'),
    fastify: versionOf('fastify'),
    pg: versionOf('pg'),
    postgres: database.version,
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
  };
}

/** @returns {{ load: number, isBusy: boolean }} of the last minute; above half the cores something else is running */
export function loadNow() {
  const [load] = loadavg();
  return { load, isBusy: load > availableParallelism() / 2 };
}

/** Processors that others may have used while something was measured; above this, goals about whole machines mislead. */
export const MOST_FOREIGN_CORES = 0.2;

function commit() {
  const git = (...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const id = git('rev-parse', '--short=12', 'HEAD');
    return git('status', '--porcelain', '--', 'src', 'migrations') === '' ? id : `${id} with changes`;
  } catch {
    return 'not committed yet';
  }
}

function versionOf(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}
