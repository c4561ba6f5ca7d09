import { posix } from 'node:path';
import type { CommandForm, DecisionRequest } from './request.js';
import { tidyPath } from './safety/tidy-path.js';

/** The directories in which a word that names no directory can name something that must not be touched. */
const TELLING =
  /^\/(?:[^/]*|(?:home|Users|usr|var|proc|etc|root|dev)\/[^/]+|etc\/.*)$|\/\.(?:ssh|gnupg)(?:\/|$)/;

interface Start {
  readonly given: string;
  readonly directory: string;
  readonly isTelling: boolean;
}

/** Directories come again and again; the last one is remembered, which says nothing about who asked. */
let last: Start | undefined;

function startOf({ cwd, root }: DecisionRequest): Start | undefined {
  // Whoever leaves open where a directory lies is taken at the worst: `etc` may be the one of the system.
  const given =
    cwd === undefined || cwd.startsWith('/') ? (cwd ?? root) : posix.resolve('/', root ?? '', cwd);
  if (given === undefined) return undefined;
  if (last?.given === given) return last;
  const directory = tidyPath(given);
  last = { given, directory, isTelling: TELLING.test(directory) };
  return last;
}

/** Where a command starts, if that is known and may matter to what its words name. */
export function tellingDirectory(request: DecisionRequest): string | undefined {
  const start = startOf(request);
  return start !== undefined && (start.isTelling || climbs(request.command)) ? start.directory : undefined;
}

/** Where a command is told to start, whether it was told from the root directory or in full. */
export function givenDirectory(request: DecisionRequest): string | undefined {
  return request.cwd === undefined ? undefined : startOf(request)?.directory;
}

/** The one that matters to what is private: `hooks/pre-commit` in a `.git` as well. */
export function revealingDirectory(request: DecisionRequest): string | undefined {
  const directory = givenDirectory(request);
  if (directory === undefined) return undefined;
  return directory.includes('/.') ? directory : tellingDirectory(request);
}

function climbs({ text, argv }: CommandForm): boolean {
  return text === undefined
    ? argv.some((word) => word.includes('..'))
    : text.includes('..') || PARTED_DOTS.test(text);
}

/** Two dots with quotes between them, or written as numbers. */
const PARTED_DOTS = /\.['"\\$]+\.|\\(?:x2e|u0*2e|0?56)/i;

/** Whether a directory lies in the root, after `.` and `..` are taken away; `/srv-evil` does not lie in `/srv`. */
export function liesWithin(cwd: string, root: string): boolean {
  if (cwd.includes('\0')) return false;
  const top = posix.resolve('/', root);
  const directory = posix.resolve(top, cwd);
  return directory === top || directory.startsWith(top === '/' ? '/' : `${top}/`);
}
