import { outermost, stageIn, type FoundCommand } from '../commands/found-command.js';
import { readsScripts } from '../commands/program.js';
import { INTERPRETERS, runsInput } from './shapes.js';
import { tidyPath } from './tidy-path.js';

/** The files that a download ends up in, as far as the command says. */
export function savedFiles(command: FoundCommand): readonly string[] {
  const { argv, program, pipeline } = command;
  if (program?.isDownloader !== true) return NONE;
  const files = namedIn(argv, program.name);
  const outer = outermost(command);
  addTeed(command, files);
  if (outer !== command) addTeed(outer, files);
  const later = pipeline === undefined ? NOTHING : laterStages(pipeline, command, outer);
  for (const stage of later) addTeed(stage, files);
  addRedirected(command, files);
  if (outer !== command) addRedirected(outer, files);
  for (const stage of later) addRedirected(stage, files);
  return files.length === 0
    ? NONE
    : files.filter((file) => /^[^-]/.test(file) && !file.startsWith('/dev/')).map(sameFile);
}

const NONE: readonly string[] = [];
const NOTHING: readonly FoundCommand[] = [];

function laterStages(
  pipeline: readonly FoundCommand[],
  command: FoundCommand,
  outer: FoundCommand,
): readonly FoundCommand[] {
  return pipeline.slice(pipeline.findIndex((stage) => stage === command || stage === outer) + 1);
}

function addTeed({ argv, program }: FoundCommand, files: string[]): void {
  if (program?.name === 'tee') files.push(...argv.slice(1));
}

function addRedirected({ redirects }: FoundCommand, files: string[]): void {
  for (const { operator, target } of redirects) if (operator.includes('>')) files.push(target);
}

/** How a program is told where to write: attached to the option, or in the next argument. */
interface Naming {
  readonly attached: RegExp;
  readonly next: RegExp;
}

const BY_SMALL_O: Naming = {
  attached: /^(?:--output(?:-document)?=|-o(?!$))(.*)$/s,
  next: /^(?:--output(?:-document)?|-[A-Za-z]*o)$/,
};
const BY_LARGE_O: Naming = {
  attached: /^(?:--output(?:-document)?=|-O(?!$))(.*)$/s,
  next: /^(?:--output(?:-document)?|-[A-Za-z]*O)$/,
};

function namedIn(argv: readonly string[], program: string): string[] {
  const naming = program === 'wget' ? BY_LARGE_O : BY_SMALL_O;
  const files: string[] = [];
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index];
    if (word.charCodeAt(0) !== 0x2d) continue;
    const attached = naming.attached.exec(word);
    if (attached !== null) files.push(attached[1]);
    else if (naming.next.test(word)) files.push(argv[index + 1] ?? '');
  }
  const isNamedByAddress = program === 'curl' ? argv.some(isNamingByAddress) : files.length === 0;
  if (isNamedByAddress)
    for (let index = 1; index < argv.length; index++)
      if (argv[index].includes('/') && /^[^-].*\/[^/]/.test(argv[index]))
        files.push(argv[index].replace(/[?#].*$/s, '').replace(/^.*\//s, ''));
  return files;
}

function isNamingByAddress(word: string): boolean {
  return word.charCodeAt(0) === 0x2d && /^-[A-Za-z]*O|^--remote-name/.test(word);
}

/** Whether it runs one of these files, or hands one to something that runs it. */
export function runsFile(command: FoundCommand, files: readonly string[]): boolean {
  const { argv, program, redirects, pipeline } = command;
  if (program === undefined) return false;
  const isOne = (word: string | undefined) => word !== undefined && files.includes(sameFile(word));
  if (argv[0].includes('/') && isOne(argv[0])) return true;
  if (readsScripts(program) || INTERPRETERS.test(program.name)) {
    const first = argv.slice(1).find((word) => !word.startsWith('-'));
    return isOne(first) || redirects.some(({ operator, target }) => operator === '<' && isOne(target));
  }
  if (pipeline === undefined || program.name !== 'cat' || !argv.some(isOne)) return false;
  const at = stageIn(pipeline, command);
  return pipeline.slice(at + 1).some((stage) => runsInput(stage.argv));
}

function sameFile(word: string): string {
  return tidyPath(word).replace(/^(?:\.\/)+/, '');
}
