import type { FoundCommand } from '../commands/found-command.js';
import { conditionsOnFiles, entryOfShape, type PreparedCondition } from './conditions.js';
import { hasOption } from './options-given.js';
import type { SafetyEntry } from './safety-entry.js';
import { callsItself, isDownloadIntoShell } from './shapes.js';
import { tidyPath } from './tidy-path.js';

const FORK = entryOfShape('calls-itself');
const DOWNLOAD = entryOfShape('download-into-shell');

/** The first entry of the safety list that a command found somewhere falls under. */
export function findUnsafe(command: FoundCommand): SafetyEntry | undefined {
  const { program, redirects, definition, pipeline, feeds } = command;
  if (program !== undefined) {
    const { conditions } = program;
    for (let index = 0; index < conditions.length; index++)
      if (holds(conditions[index], command)) return conditions[index].entry;
    if (definition !== undefined && callsItself(command)) return FORK;
    if ((pipeline !== undefined || feeds !== undefined) && isDownloadIntoShell(command)) return DOWNLOAD;
  }
  if (redirects.length > 0)
    for (const prepared of conditionsOnFiles) if (holds(prepared, command)) return prepared.entry;
  return undefined;
}

function holds({ condition, options }: PreparedCondition, { argv, redirects }: FoundCommand): boolean {
  const { operand, argument, exceptAfter, writes, reads } = condition;
  if (writes && !redirects.some((to) => OUTPUT.test(to.operator) && writes.test(tidyPath(to.target))))
    return false;
  if (reads && !redirects.some((from) => INPUT.test(from.operator) && reads.test(tidyPath(from.target))))
    return false;
  return (
    options.every((spellings) => hasOption(argv, spellings)) &&
    (argument === undefined || someWord(argv, argument, true, exceptAfter)) &&
    (operand === undefined || someWord(argv, operand, false))
  );
}

function someWord(
  argv: readonly string[],
  pattern: RegExp,
  isOptionMeant: boolean,
  exceptAfter?: string,
): boolean {
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index];
    if (exceptAfter !== undefined && argv[index - 1] === exceptAfter) continue;
    if ((isOptionMeant || word.charCodeAt(0) !== 0x2d) && pattern.test(tidyPath(word))) return true;
  }
  return false;
}

const OUTPUT = /^(?:>|>>|>\||&>|&>>|<>|>&)$/;
const INPUT = /^(?:<|<>|<&)$/;
