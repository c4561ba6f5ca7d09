import { posix } from 'node:path';
import type { CommandForm, DecisionRequest } from './request.js';
import { tidyPath } from './safety/tidy-path.js';

/** The directories in which a word that names no directory can name something that must not be touched. */
const TELLING =
  /^\/(?:[^/]*|(?:home|Users|usr|var|proc|etc|root|dev)\/[^/]+|etc\/.*)$|\/\.(?:ssh|gnupg)(?:\/|$)/;

/** Directories come again and again; the last one is remembered, which says nothing about who asked. */
let last: { readonly given: string; readonly directory: string; readonly isTelling: boolean } | undefined;

/** Where a command starts, if that is known and may matter to what its words name. */
export function tellingDirectory({ command, cwd, root }: DecisionRequest): string | undefined {
  // Whoever leaves open where a directory lies is taken at the worst: `etc` may be the one of the system.
  const given =
    cwd === undefined || cwd.startsWith('/') ? (cwd ?? root) : posix.resolve('/', root ?? '', cwd);
  if (given === undefined) return undefined;
  if (last?.given !== given) {
    const directory = tidyPath(given);
    last = { given, directory, isTelling: TELLING.test(directory) };
  }
  return last.isTelling || climbs(command) ? last.directory : undefined;
}

/** The same for what lies in hidden directories as well: `hooks/pre-commit` in a `.git`. */
export function revealingDirectory(request: DecisionRequest): string | undefined {
  const { cwd } = request;
  if (cwd === undefined) return undefined;
  return tellingDirectory(request) ?? (cwd.includes('/.') ? tidyPath(cwd) : undefined);
}

function climbs({ text, argv }: CommandForm): boolean {
  return text === undefined ? argv.some((word) => word.includes('..')) : text.includes('..');
}

/** Whether a directory lies in the root, after `.` and `..` are taken away; `/srv-evil` does not lie in `/srv`. */
export function liesWithin(cwd: string, root: string): boolean {
  if (cwd.includes('\0')) return false;
  const top = posix.resolve('/', root);
  const directory = posix.resolve(top, cwd);
  return directory === top || directory.startsWith(top === '/' ? '/' : `${top}/`);
}
