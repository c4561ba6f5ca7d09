import { readdir, readFile } from 'node:fs/promises';
import { MARK } from './command-environment.js';

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Since the machine was started, in hundredths of a second. */
  readonly startedAt: number;
}

/** The processes of this machine that live; none where there is no /proc. */
export async function livingProcesses(): Promise<ProcessEntry[]> {
  const names = await readdir('/proc').catch(() => []);
  const entries = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(entryOf));
  return entries.filter((entry) => entry !== null);
}

/** The command that the process belongs to, by what is in its environment; null when it cannot be told. */
export async function markOf(pid: number): Promise<string | null> {
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  const entry = environment.split('\0').find((text) => text.startsWith(`${MARK}=`));
  return entry?.slice(MARK.length + 1) ?? null;
}

/** How long the machine has been running, as `startedAt` counts. */
export async function machineTicks(): Promise<number> {
  const text = await readFile('/proc/uptime', 'latin1').catch(() => '0');
  return Math.floor(Number(text.split(' ')[0]) * 100);
}

/** proc_pid_stat(5): the name of the program may hold blanks and brackets, so what counts is behind the last one. */
async function entryOf(pid: string): Promise<ProcessEntry | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, session] = fields;
  if (text === '' || state === 'Z' || state === 'X') return null;
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    startedAt: Number(fields[19]),
  };
}
