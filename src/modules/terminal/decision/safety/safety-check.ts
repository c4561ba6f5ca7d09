import { programOf, type FoundCommand } from '../commands/found-command.js';
import { readsScripts } from '../commands/inner-commands.js';
import type { SafetyCondition, SafetyEntry } from './safety-entry.js';
import { SAFETY_LIST } from './safety-list.js';
import { hasOption } from './options-given.js';
import { tidyPath } from './tidy-path.js';

interface Prepared {
  readonly entry: SafetyEntry;
  readonly condition: SafetyCondition;
  readonly options: readonly (readonly string[])[];
}

const byProgram = new Map<string, Prepared[]>();
const byPrefix: { prefix: string; prepared: Prepared }[] = [];
const ofAny: Prepared[] = [];
for (const entry of SAFETY_LIST) for (const condition of entry.conditions) prepare(entry, condition);

function prepare(entry: SafetyEntry, condition: SafetyCondition): void {
  const options = (condition.options ?? []).map((spellings) => spellings.toLowerCase().split(' '));
  const prepared = { entry, condition, options };
  if (condition.programs === undefined) ofAny.push(prepared);
  for (const program of condition.programs?.split(' ') ?? []) {
    if (program.endsWith('*')) byPrefix.push({ prefix: program.slice(0, -1), prepared });
    else byProgram.set(program, [...(byProgram.get(program) ?? []), prepared]);
  }
}

/** The first entry of the safety list that a command found somewhere falls under. */
export function findUnsafe(command: FoundCommand): SafetyEntry | undefined {
  const program = programOf(command.argv[0] ?? '');
  const own = byProgram.get(program);
  if (own !== undefined) for (const prepared of own) if (holds(prepared, command)) return prepared.entry;
  if (program.startsWith('mkfs') || program.startsWith('newfs'))
    for (const { prefix, prepared } of byPrefix)
      if (program.startsWith(prefix) && holds(prepared, command)) return prepared.entry;
  for (const prepared of ofAny) if (holds(prepared, command)) return prepared.entry;
  return undefined;
}

function holds({ condition, options }: Prepared, command: FoundCommand): boolean {
  const { operand, argument, writes, reads, shape } = condition;
  if (shape !== undefined)
    return shape === 'calls-itself' ? callsItself(command) : isDownloadIntoShell(command);
  const { argv, redirects } = command;
  if (writes && !redirects.some((to) => OUTPUT.test(to.operator) && writes.test(tidyPath(to.target))))
    return false;
  if (reads && !redirects.some((from) => INPUT.test(from.operator) && reads.test(tidyPath(from.target))))
    return false;
  if (argument && !argv.some((word, index) => index > 0 && argument.test(tidyPath(word)))) return false;
  if (operand && !argv.some((word, index) => index > 0 && word[0] !== '-' && operand.test(tidyPath(word))))
    return false;
  return options.every((spellings) => hasOption(argv, spellings));
}

const OUTPUT = /^(?:>|>>|>\||&>|&>>|<>|>&)$/;
const INPUT = /^(?:<|<>|<&)$/;

/** A function whose body calls the function more than once or in the background. */
function callsItself({ definition, argv, pipeline }: FoundCommand): boolean {
  if (definition === undefined || argv[0] !== definition) return false;
  return pipeline === undefined || pipeline.filter((stage) => stage.argv[0] === definition).length > 1;
}

const DOWNLOADERS = new Set('curl wget fetch aria2c http https xh lwp-request lynx links w3m'.split(' '));
const INTERPRETERS = /^(?:python[\d.]*|perl|ruby|node|nodejs|php|lua|deno|bun|pwsh)$/;

function isDownloadIntoShell(command: FoundCommand): boolean {
  const program = programOf(command.argv[0] ?? '');
  if (!DOWNLOADERS.has(program)) return false;
  for (let reader = command.feeds; reader !== undefined; reader = reader.feeds ?? reader.runBy)
    if (runsText(reader)) return true;
  const { pipeline } = command;
  if (pipeline === undefined) return false;
  const from = pipeline.findIndex((stage) => stage === command || stage === rootOf(command));
  return pipeline.slice(from + 1).some((stage) => runsInput(stage));
}

function rootOf(command: FoundCommand): FoundCommand {
  return command.runBy === undefined ? command : rootOf(command.runBy);
}

/** `sh -c`, `eval`, `source` and an interpreter run what a substitution gives them. */
function runsText(command: FoundCommand): boolean {
  const program = programOf(command.argv[0] ?? '');
  return (
    readsScripts(command) ||
    INTERPRETERS.test(program) ||
    /^(?:eval|source|\.|sudo|env|exec|xargs)$/.test(program)
  );
}

/** A shell in a pipeline reads its script from there, and so does an interpreter without a program of its own. */
function runsInput(command: FoundCommand): boolean {
  const words = command.argv.filter(
    (word) => !/^(?:sudo|doas|env|command|exec|nohup|time|nice|-E|-H|\w+=.*)$/.test(word),
  );
  const [name = '', first, second] = words.map((word, index) => (index === 0 ? programOf(word) : word));
  if (readsScripts({ ...command, argv: words })) return true;
  if (name === 'xargs') return words.slice(1).some((word) => readsScripts({ ...command, argv: [word] }));
  return (
    INTERPRETERS.test(name) &&
    (first === undefined || first === '-' || (first === '-u' && second === undefined))
  );
}
