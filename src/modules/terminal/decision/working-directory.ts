import { posix } from 'node:path';
import { tidyPath } from './safety/tidy-path.js';

/** The directories in which a word that names no directory can name something that must not be touched. */
const TELLING =
  /^\/(?:[^/]*|(?:home|Users|usr|var|proc|etc|root|dev)\/[^/]+|etc\/.*)$|\/\.(?:ssh|gnupg)(?:\/|$)/;

/** Where a command starts, if that is known and may matter to what its words name. */
export function tellingDirectory(
  cwd: string | undefined,
  root: string | undefined,
  says: () => string,
): string | undefined {
  const given = cwd ?? root;
  if (given === undefined) return undefined;
  const directory = given.startsWith('/')
    ? tidyPath(given)
    : root === undefined
      ? undefined
      : posix.resolve('/', root, given);
  if (directory === undefined) return undefined;
  return TELLING.test(directory) || says().includes('..') ? directory : undefined;
}

/** Whether a directory lies in the root, after `.` and `..` are taken away; `/srv-evil` does not lie in `/srv`. */
export function liesWithin(cwd: string, root: string): boolean {
  if (cwd.includes('\0')) return false;
  const top = posix.resolve('/', root);
  const directory = posix.resolve(top, cwd);
  return directory === top || directory.startsWith(top === '/' ? '/' : `${top}/`);
}
