import { programNameOf } from './program-name.js';
import type { FoundCommand } from './found-command.js';

/** Follows `cd` from command to command, as far as its words say where it goes. */
export class Directories {
  /** Where each shell is now: the outermost one, subshells, and those that `sh -c` and the like start. */
  private readonly shells: (object | undefined)[] = [];
  private readonly places: (string | undefined)[] = [];
  /** Where the commands started so far did so. They are few, so they are sought one by one. */
  private readonly commands: FoundCommand[] = [];
  private readonly starts: (string | undefined)[] = [];

  constructor(start?: string) {
    if (start !== undefined) this.move(undefined, start);
  }

  /** Where a command is run, when that was changed before it; commands have to come in their order. */
  of(command: FoundCommand): string | undefined {
    const { runBy, argv } = command;
    const shell = shellOf(command);
    const at = this.shells.indexOf(shell);
    const place = at === -1 ? this.startOf(runBy) : this.places[at];
    this.commands.push(command);
    this.starts.push(place);
    if (command.program?.changesDirectory === true) this.move(shell, target(argv, place));
    return place;
  }

  private startOf(runBy: FoundCommand | undefined): string | undefined {
    if (runBy !== undefined) return this.starts[this.commands.indexOf(runBy)];
    const outermost = this.shells.indexOf(undefined);
    return outermost === -1 ? undefined : this.places[outermost];
  }

  private move(shell: object | undefined, to: string | undefined): void {
    const at = this.shells.indexOf(shell);
    if (at !== -1) this.places[at] = to;
    else {
      this.shells.push(shell);
      this.places.push(to);
    }
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
