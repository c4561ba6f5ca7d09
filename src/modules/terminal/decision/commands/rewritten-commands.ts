import { runsFile, savedFiles } from '../safety/downloaded-files.js';
import { READS_LINES, runsVariable } from '../safety/shapes.js';
import { ALL_SIGNS } from '../text/signs.js';
import { asSeenFrom, Directories, wordsSeenFrom } from './directories.js';
import {
  commandAlone,
  commandRunBy,
  FoundCommand,
  NO_REDIRECTS,
  NOTHING_HANDED,
  stageIn,
} from './found-command.js';
import { handedByFd, handedByFind } from './found-files.js';

/**
 * Commands are also looked at as they come out in the end: under the name they are better known by, with the files that
 * `find` or a pipe hands them, from the directory that was changed to before, and a download that is run afterwards as
 * one that is run at once. What is added here can only block.
 */
const MOST_ADDED = 60;

export function addOtherNames(found: FoundCommand[], from = 0): void {
  const { length } = found;
  for (let index = from; index < length; index++) {
    const command = found[index];
    const renaming = command.program?.renaming;
    if (renaming === undefined) continue;
    for (const argv of renaming(command.argv))
      if (found.length < length + MOST_ADDED) found.push(commandRunBy(command, argv, command.signs));
  }
}

export function addRewritten(found: FoundCommand[]): void {
  addWithHandedFiles(found);
  if (found.some(({ program }) => program?.changesDirectory === true)) addFromOtherDirectories(found);
  if (found.length > 1) addDownloadsRunLater(found);
}

function addWithHandedFiles(found: FoundCommand[]): void {
  const { length } = found;
  for (let index = 0; index < length; index++) {
    const command = found[index];
    const argv = isHandedFiles(command) ? withHandedFiles(command) : undefined;
    if (argv !== undefined && found.length < length + MOST_ADDED) found.push(commandRunBy(command, argv));
  }
}

function isHandedFiles({ runBy }: FoundCommand): boolean {
  for (let runner = runBy; runner !== undefined; runner = runner.runBy)
    if (runner.program?.handsFiles === true) return true;
  return false;
}

function withHandedFiles(command: FoundCommand): readonly string[] | undefined {
  const runner = runnerOf(command, 'find') ?? runnerOf(command, 'gfind');
  if (runner !== undefined) return handedByFind(runner.argv, command.argv);
  const search = runnerOf(command, 'fd') ?? runnerOf(command, 'fdfind');
  if (search !== undefined) return handedByFd(search.argv, command.argv);
  const reader = runnerOf(command, 'xargs') ?? runnerOf(command, 'gxargs');
  const pipeline = reader?.pipeline ?? [];
  const at = reader === undefined ? -1 : stageIn(pipeline, reader);
  if (at < 1) return undefined;
  const { argv, program } = pipeline[at - 1];
  switch (program?.name) {
    case 'find':
    case 'gfind':
      return handedByFind(argv, command.argv);
    case 'echo':
    case 'printf': {
      const printed = argv.slice(1).filter((word) => !/^-[neE]+$|^%/.test(word));
      return [...command.argv, ...printed.flatMap((word) => word.split(/\s+|\\[n0]/).filter(Boolean))];
    }
    default:
      return undefined;
  }
}

function runnerOf({ runBy }: FoundCommand, name: string): FoundCommand | undefined {
  for (let runner = runBy; runner !== undefined; runner = runner.runBy)
    if (runner.program?.name === name) return runner;
  return undefined;
}

function addFromOtherDirectories(found: FoundCommand[]): void {
  found.push(...seenFrom(new Directories(), found));
}

/** The commands on which the safety list has an opinion, as they are when the first one starts in that directory. */
export function startedIn(directory: string, found: readonly FoundCommand[]): FoundCommand[] {
  return seenFrom(new Directories(directory), found, isWatched);
}

function isWatched({ program, redirects }: FoundCommand): boolean {
  return redirects.length > 0 || (program !== undefined && program.conditions.length > 0);
}

function seenFrom(
  directories: Directories,
  found: readonly FoundCommand[],
  isWanted: (command: FoundCommand) => boolean = () => true,
): FoundCommand[] {
  const seen: FoundCommand[] = [];
  for (const command of found) {
    const { argv, redirects, program } = command;
    const place = directories.of(command);
    if (place === undefined || !isWanted(command)) continue;
    const words = wordsSeenFrom(place, argv);
    // Without a place to start from, `find` starts where it is.
    if (program?.name === 'find' && (argv.length === 1 || argv[1].startsWith('-'))) words.splice(1, 0, place);
    // Also of a command without words, which only redirects.
    const targets =
      redirects.length === 0
        ? NO_REDIRECTS
        : redirects.map(({ operator, target }) => ({ operator, target: asSeenFrom(place, target) }));
    seen.push(new FoundCommand(words, ALL_SIGNS, targets, NOTHING_HANDED, command, command));
  }
  return seen;
}

function addDownloadsRunLater(found: FoundCommand[]): void {
  const { length } = found;
  for (let index = 0; index < length; index++) {
    const download = found[index];
    if (download.program?.isDownloader !== true) continue;
    const files = savedFiles(download);
    const isRun =
      (files.length > 0 && found.slice(0, length).some((command) => runsFile(command, files))) ||
      isReadAndRun(download, found);
    if (!isRun) continue;
    const pipeline: FoundCommand[] = [];
    const { argv, signs, feeds, definition, inBackground, subshell } = download;
    const place = { pipeline, feeds, definition, inBackground, subshell };
    const asPipe = new FoundCommand(argv, signs, NO_REDIRECTS, NOTHING_HANDED, place, download);
    pipeline.push(asPipe, commandAlone(['sh']));
    found.push(asPipe);
  }
}

/** `while read l; do $l; done < <(curl …)`, `read x < <(curl …); $x`: lines of a download that are run afterwards. */
function isReadAndRun({ feeds }: FoundCommand, found: readonly FoundCommand[]): boolean {
  if (feeds === undefined || (feeds.argv.length > 0 && !readsLines(feeds))) return false;
  const names = found.filter(readsLines).flatMap(({ argv }) => argv.filter((word) => /^\w+$/.test(word)));
  if (names.length === 0) return false;
  const isMeant = new RegExp(`^\\$\\{?(?:${names.join('|')}|REPLY)(?!\\w)`);
  return found.some(({ argv }) => argv.length > 0 && runsVariable(argv, isMeant));
}

function readsLines({ program }: FoundCommand): boolean {
  return program !== undefined && READS_LINES.test(program.name);
}
