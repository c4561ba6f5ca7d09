import { setTimeout as pause } from 'node:timers/promises';
import { livingProcesses, machineTicks, markOf, type ProcessEntry } from './process-table.js';

const ROUNDS = 40;
const PAUSE_MS = 25;
/** The machine counts in hundredths, and the first process may have been started right before we looked. */
const ROOM_TICKS = 100;

/**
 * Everything that a command has started. Its processes have sessions and groups of their own; who has left those is
 * found by its parents, or by the mark in its environment. Only who has left all three behind escapes.
 */
export class ProcessFamily {
  private readonly leaders = new Set<number>();

  private constructor(
    private readonly commandId: string,
    private readonly sinceTicks: number,
  ) {}

  static async of(commandId: string): Promise<ProcessFamily> {
    return new ProcessFamily(commandId, (await machineTicks()) - ROOM_TICKS);
  }

  add(leader: number): void {
    this.leaders.add(leader);
  }

  /** To the groups that the service made itself. */
  signal(signal: NodeJS.Signals): void {
    for (const leader of this.leaders) send(-leader, signal);
  }

  /** Until none is left; what is started meanwhile is found in the next round. */
  async end(): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      this.signal('SIGKILL');
      const members = await this.members();
      if (members.length === 0) return;
      for (const { pid } of members) send(pid, 'SIGKILL');
      await pause(PAUSE_MS);
    }
  }

  private async members(): Promise<ProcessEntry[]> {
    const young = (await livingProcesses()).filter(
      ({ pid, startedAt }) => startedAt >= this.sinceTicks && pid !== process.pid,
    );
    const found = new Set<ProcessEntry>();
    for (const entry of young) if (await this.isOurs(entry)) found.add(entry);
    for (let before = -1; before !== found.size;) {
      before = found.size;
      const pids = new Set([...found].map(({ pid }) => pid));
      for (const entry of young) if (pids.has(entry.parent)) found.add(entry);
    }
    return [...found];
  }

  private async isOurs({ pid, session, group }: ProcessEntry): Promise<boolean> {
    if (this.leaders.has(session) || this.leaders.has(group)) return true;
    return (await markOf(pid)) === this.commandId;
  }
}

/** Processes of commands, by the mark they carry, that live on this machine. */
export async function markedProcesses(): Promise<Map<string, number[]>> {
  const marked = new Map<string, number[]>();
  for (const { pid } of await livingProcesses()) {
    const mark = pid === process.pid ? null : await markOf(pid);
    if (mark !== null) marked.set(mark, [...(marked.get(mark) ?? []), pid]);
  }
  return marked;
}

/** To a process, or with a negative number to a group. It may have ended, or may not be ours to signal. */
export function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
