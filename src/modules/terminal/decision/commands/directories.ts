import { programNameOf } from './program-name.js';
import type { FoundCommand } from './found-command.js';

/** Follows `cd` from command to command, as far as its words say where it goes. */
export class Directories {
  /** Where each shell is now: the outermost one, subshells, and those that `sh -c` and the like start. */
  private readonly shells = new Map<object | undefined, string | undefined>();
  private readonly starts = new Map<FoundCommand, string | undefined>();

  constructor(start?: string) {
    if (start !== undefined) this.shells.set(undefined, start);
  }

  /** Where a command is run, when that was changed before it; commands have to come in their order. */
  of(command: FoundCommand): string | undefined {
    const { runBy, argv } = command;
    const shell = shellOf(command);
    const base = runBy === undefined ? this.shells.get(undefined) : this.starts.get(runBy);
    const place = this.shells.has(shell) ? this.shells.get(shell) : base;
    this.starts.set(command, place);
    if (command.program?.changesDirectory === true) this.shells.set(shell, target(argv, place));
    return place;
  }
}

function shellOf({ runBy, subshell }: FoundCommand): object | undefined {
  if (runBy === undefined) return subshell;
  return subshell === undefined || subshell === runBy.subshell ? runBy : subshell;
}

function target(argv: readonly string[], from: string | undefined): string | undefined {
  if (programNameOf(argv[0]) === 'popd') return undefined;
  const to = argv.slice(1).find((word) => !/^-(?:[LPe@n]+|-)$/.test(word));
  if (to === undefined) return '~';
  const home = to.replace(/^\$(?:HOME(?!\w)|\{HOME\})/, '~');
  if (/^-|[$`*?]/.test(home)) return undefined;
  if (/^[/~]/.test(home)) return home;
  return from === undefined ? undefined : `${from}/${home}`;
}

/** What starts a word that names no file in the current directory: an option, a path of its own, a variable. */
const STARTS_ELSEWHERE = new Set('-/~$<(@');

/** The words of a command as they would be without the change of directory. */
export function wordsSeenFrom(place: string, argv: readonly string[]): string[] {
  return argv.map((word, at) => (at === 0 ? word : asSeenFrom(place, word)));
}

/** A word as it would be without the change of directory; what names no file there is left as it is. */
export function asSeenFrom(place: string, word: string): string {
  const option = word.startsWith('of=') ? 'of=' : '';
  const path = option === '' ? word : word.slice(option.length);
  return path === '' || STARTS_ELSEWHERE.has(path[0]) || path.includes('://')
    ? word
    : `${option}${place}/${path}`;
}
