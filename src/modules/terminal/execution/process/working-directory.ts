import { constants, openSync, closeSync, readlinkSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { liesWithin } from '../../decision/index.js';
import { RunRefused } from '../driver.js';

/** A directory in the root, whatever links lead there. */
export interface WorkingDirectory {
  /** Its real path. */
  readonly path: string;
  /** How a new process gets into exactly this directory, also when its path leads elsewhere by now. */
  readonly entrance: string;
  close(): void;
}

/**
 * Links are followed, and where they end has to lie in the root. The directory is held open from then on and entered
 * through that: whoever exchanges a part of the path meanwhile changes nothing.
 *
 * @throws RunRefused
 */
export async function openWorkingDirectory(root: string, cwd: string | null): Promise<WorkingDirectory> {
  const top = await realpath(root);
  const path = await realDirectory(posix.resolve(root, cwd ?? '.'));
  if (!liesWithin(path, top)) throw outside();
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const close = (): void => closeSync(descriptor);
  if (process.platform !== 'linux') return { path, entrance: path, close };
  const entrance = `/proc/self/fd/${descriptor}`;
  if (liesWithin(readlinkSync(entrance), top)) return { path, entrance, close };
  close();
  throw outside();
}

async function realDirectory(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
  throw new RunRefused('cwd_missing', 'The working directory does not exist, or cannot be entered.');
}

function outside(): RunRefused {
  return new RunRefused(
    'cwd_outside_root',
    'The working directory lies outside the root directory, once links are followed.',
  );
}
