import type { FoundCommand, FoundRedirect } from '../commands/found-command.js';
import { Sign } from '../text/signs.js';
import { conditionsOnFiles, entryOfShape, type PreparedCondition } from './conditions.js';
import { mayNamePlace } from './names-place.js';
import { hasOption } from './options-given.js';
import { protectedNamesFor } from './protected-names.js';
import type { SafetyEntry } from './safety-entry.js';
import { callsItself, isDownloadIntoShell } from './shapes.js';
import { tidyPath } from './tidy-path.js';

const FORK = entryOfShape('calls-itself');
const DOWNLOAD = entryOfShape('download-into-shell');

/** The first entry of the safety list that a command found somewhere falls under. */
export function findUnsafe(command: FoundCommand): SafetyEntry | undefined {
  const { program, redirects, definition, pipeline, feeds } = command;
  if (program !== undefined) {
    const unsafe = program.conditions.length === 0 ? undefined : unsafeByWords(command, program.conditions);
    if (unsafe !== undefined) return unsafe;
    if (definition !== undefined && callsItself(command)) return FORK;
    if ((pipeline !== undefined || feeds !== undefined) && isDownloadIntoShell(command)) return DOWNLOAD;
  }
  return redirects.length === 0 ? undefined : firstThatHolds(conditionsOnFiles, command);
}

/** What is redirected counts as well, but words that are redirected nowhere are unsafe always or never. */
function unsafeByWords(
  command: FoundCommand,
  conditions: readonly PreparedCondition[],
): SafetyEntry | undefined {
  const { known, redirects } = command;
  if (known === undefined || redirects.length > 0) return firstThatHolds(conditions, command);
  return (known.unsafe ??= { found: firstThatHolds(conditions, command) }).found;
}

function firstThatHolds(
  conditions: readonly PreparedCondition[],
  command: FoundCommand,
): SafetyEntry | undefined {
  const isPlaceNamed = (command.signs & Sign.Place) !== 0;
  for (let index = 0; index < conditions.length; index++) {
    const condition = conditions[index];
    if ((isPlaceNamed || !condition.needsPlace) && holds(condition, command)) return condition.entry;
  }
  return undefined;
}

function holds(condition: PreparedCondition, { argv, redirects }: FoundCommand): boolean {
  const { options, operand, argument, exceptAfter, writes, reads, fed, among, unless, places } = condition;
  if (writes !== undefined && !someTarget(redirects, OUTPUT, writes)) return false;
  if (reads !== undefined && !someTarget(redirects, INPUT, reads)) return false;
  if (
    fed !== undefined &&
    !redirects.some(({ operator, target }) => HANDED.has(operator) && fed.test(target))
  )
    return false;
  for (let index = 0; index < options.length; index++) if (!hasOption(argv, options[index])) return false;
  if (unless !== undefined && argv.some((word) => unless.test(word))) return false;
  const holdsAmong = (looked: readonly string[]) =>
    (argument === undefined || someWord(looked, argument, places.argument, true, exceptAfter)) &&
    (operand === undefined || someWord(looked, operand, places.operand, false));
  // What is found in a part of the words is found in all of them, and mostly there is nothing.
  return holdsAmong(argv) && (among === undefined || holdsAmong(LOOKED_AT[among](argv)));
}

const LOOKED_AT = {
  last: lastOperandOf,
  files: withoutPattern,
  later: (argv: readonly string[]) => [argv[0], ...argv.slice(2)],
};

function lastOperandOf(argv: readonly string[]): readonly string[] {
  return [
    argv[0],
    ...argv
      .slice(1)
      .filter((word) => !word.startsWith('-'))
      .slice(-1),
  ];
}

/** Without what is sought, unless an option may have said that or the word may belong to an option. */
function withoutPattern(argv: readonly string[]): readonly string[] {
  const at = argv.findIndex((word, index) => index > 0 && !word.startsWith('-'));
  const isSaid = argv.some((word) => /^(?:-[A-Za-z]*[ef]|--(?:reg|fil)\w*(?:=.*)?)$/.test(word));
  return at === -1 || isSaid ? argv : argv.filter((_, index) => index !== at);
}

function someWord(
  argv: readonly string[],
  pattern: RegExp,
  isOfPlaces: boolean,
  isOptionMeant: boolean,
  exceptAfter?: string,
): boolean {
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index];
    if (isOfPlaces && !mayNamePlace(word)) continue;
    if (exceptAfter !== undefined && argv[index - 1] === exceptAfter) continue;
    if ((isOptionMeant || word.charCodeAt(0) !== 0x2d) && isMeant(pattern, word)) return true;
  }
  return false;
}

function someTarget(
  redirects: readonly FoundRedirect[],
  operators: ReadonlySet<string>,
  pattern: RegExp,
): boolean {
  for (const { operator, target } of redirects)
    if (operators.has(operator) && isMeant(pattern, target)) return true;
  return false;
}

/** The pattern of the condition fits the word, or a name that the word, being a pattern itself, may find. */
function isMeant(pattern: RegExp, word: string): boolean {
  const path = tidyPath(word);
  if (pattern.test(path)) return true;
  return path.includes('/') && protectedNamesFor(path).some((name) => pattern.test(name));
}

const OUTPUT: ReadonlySet<string> = new Set(['>', '>>', '>|', '&>', '&>>', '<>', '>&']);
const HANDED: ReadonlySet<string> = new Set(['<<', '<<<']);
const INPUT: ReadonlySet<string> = new Set(['<', '<>', '<&']);
