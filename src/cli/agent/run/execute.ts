import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { printable, say } from '../printed.js';

const FORWARDED = ['SIGTERM', 'SIGHUP'] as const;

/**
 * Runs the arguments as they are, without a shell, in this directory and on this terminal; resolves with the exit code.
 *
 * @param file that the program is; otherwise the one that is found by its name
 */
export async function execute([program, ...args]: readonly string[], file = program): Promise<number> {
  const child = spawn(file, args, { stdio: 'inherit', shell: false });
  // The terminal sends Ctrl-C to the child as well; what it makes of it is the child's matter.
  const ignore = () => undefined;
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', ignore);
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return exitCodeOf(code, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    say(`reeve: ${printable(program)} cannot be run: ${code ?? String(error)}`);
    return code === 'ENOENT' ? EXIT.NOT_FOUND : EXIT.REFUSED;
  } finally {
    process.off('SIGINT', ignore);
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}
