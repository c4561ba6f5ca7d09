/** Processor time out of /proc, in microseconds. */
import { readdirSync, readFileSync } from 'node:fs';

const MICROSECONDS_PER_TICK = 10_000;

/**
 * What the process has used so far, all its threads, user and system together. The scheduler's own account is exact;
 * where the kernel keeps none, time comes in ticks of 10 ms.
 */
export function processorTime(pid) {
  return exactTime(pid) ?? ticksOf(pid) * MICROSECONDS_PER_TICK;
}

/**
 * What everything else on the machine uses, the absolutes' worst enemy.
 *
 * @param {readonly number[]} roots the processes that are ours, with all their descendants
 * @returns {() => number} processors in use by others since the call, on average
 */
export function watchOthers(roots) {
  const startedAt = performance.now();
  const before = machineTime() - treeTime(roots);
  return () =>
    Math.max(0, (machineTime() - treeTime(roots) - before) / 1000 / (performance.now() - startedAt));
}

/** Busy time of all processors. */
function machineTime() {
  const [, user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]
    .split(/\s+/);
  return (
    [user, nice, system, irq, softirq].reduce((sum, ticks) => sum + Number(ticks), 0) * MICROSECONDS_PER_TICK
  );
}

function treeTime(roots) {
  const stats = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => quietly(() => [[Number(name), statOf(name)]]) || []),
  );
  const isOurs = (pid) => roots.includes(pid) || (stats.has(pid) && isOurs(stats.get(pid).parent));
  const ours = [...stats].filter(([pid]) => isOurs(pid)).map(([, stat]) => stat);
  const ticks = ours.reduce(
    (sum, { user, system, childrenUser, childrenSystem }) =>
      sum + user + system + childrenUser + childrenSystem,
    0,
  );
  return ticks * MICROSECONDS_PER_TICK;
}

function ticksOf(pid) {
  const { user, system } = statOf(pid);
  return user + system;
}

function exactTime(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const nanoseconds = threads.map((id) =>
      Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]),
    );
    return nanoseconds.reduce((sum, time) => sum + time, 0) / 1000;
  } catch {
    return undefined;
  }
}

/**
 * Of PostgreSQL as a whole: the postmaster, its living children, and those it has reaped, without which a connection
 * that ended during a sample would make the difference negative.
 */
export function postgresTime(postmaster) {
  const { user, system, childrenUser, childrenSystem } = statOf(postmaster);
  const living = childrenOf(postmaster).reduce((sum, pid) => sum + quietly(() => ticksOf(pid)), 0);
  return (user + system + childrenUser + childrenSystem + living) * MICROSECONDS_PER_TICK;
}

function statOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name of the program in brackets and may hold anything.
  const fields = text.slice(text.lastIndexOf(') ') + 2).split(' ');
  const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number);
  return { parent: Number(fields[1]), user, system, childrenUser, childrenSystem };
}

function childrenOf(parent) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => quietly(() => statOf(pid).parent) === parent);
}

/** Processes end between being listed and being read. */
function quietly(read) {
  try {
    return read();
  } catch {
    return 0;
  }
}
