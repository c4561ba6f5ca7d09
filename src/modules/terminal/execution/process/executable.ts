import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { sha256OfFile } from '../../../../kernel/crypto/index.js';
import type { ExecutablePin } from '../../decision/index.js';
import { RunRefused } from '../driver.js';

/** The file that a name stands for, from where the program is started, or with which status a shell would have given up. */
export type Found = { readonly path: string } | { readonly status: 126 | 127; readonly message: string };

/** @param directory what relative paths start at */
export async function findExecutable(name: string, directory: string, searchPath: string): Promise<Found> {
  if (name.includes('/')) {
    const found = await executableAt(name, posix.isAbsolute(name) ? name : `${directory}/${name}`);
    return 'path' in found ? { path: name } : found;
  }
  let denied: Found | null = null;
  for (const place of searchPath.split(':')) {
    const found = await executableAt(name, posix.join(place, name));
    if ('path' in found) return found;
    if (found.status === 126) denied ??= found;
  }
  return denied ?? { status: 127, message: `${name}: command not found` };
}

async function executableAt(name: string, path: string): Promise<Found> {
  try {
    if ((await stat(path)).isDirectory()) return { status: 126, message: `${name}: is a directory` };
    await access(path, constants.X_OK);
    return { path };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES')
      return { status: 126, message: `${name}: permission denied` };
    return { status: 127, message: `${name}: no such file or directory` };
  }
}

/**
 * The file has to be the one that the rule was made for, right before it is run.
 *
 * @throws RunRefused
 */
export async function requirePinned({ path, sha256 }: ExecutablePin): Promise<void> {
  if ((await sha256OfFile(path)) !== sha256)
    throw new RunRefused(
      'executable_changed',
      `The file ${path} is not the one that the rule is pinned to; it is not run.`,
    );
}
