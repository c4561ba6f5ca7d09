import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { run } from './command.js';
import { codeOf } from './file-system.js';

/** Whether it runs. A killed process that its parent has not taken notice of (a zombie) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, as somebody else.
    return codeOf(error) === 'EPERM';
  }
  return statFields(pid)?.[0] !== 'Z';
}

/**
 * When the process began, in whatever form the system tells: two processes that had the same id at different times
 * (also before and after a restart of the machine) differ in it. Empty where it cannot be told.
 */
export async function birthOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const startTime = statFields(pid)?.[19];
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    return startTime ? `${boot.trim()}/${startTime}` : '';
  }
  if (process.platform === 'win32') return '';
  return (await run('ps', ['-o', 'lstart=', '-p', String(pid)], null)).stdout.trim();
}

/** The command line of a process; null where the system does not tell. */
export async function commandOf(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    return readFile(`/proc/${pid}/cmdline`, 'utf8').then(
      (text) => text.replaceAll('\0', ' ').trim(),
      () => null,
    );
  }
  const listed =
    process.platform === 'win32'
      ? await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'], null)
      : await run('ps', ['-o', 'command=', '-p', String(pid)], null);
  return listed.code === 0 ? listed.stdout.trim() : null;
}

/** Linux, proc(5): the fields of /proc/PID/stat from the third (the state) on; the 22nd is the start time. */
function statFields(pid: number): string[] | null {
  if (process.platform !== 'linux') return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in brackets that may itself hold blanks and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
