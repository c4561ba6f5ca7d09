import { outermost, type FoundCommand } from '../commands/found-command.js';
import { readsScripts } from '../commands/program.js';
import { DOWNLOADERS } from './downloaders.js';
import { INTERPRETERS, runsInput } from './shapes.js';
import { tidyPath } from './tidy-path.js';

/** The files that a download ends up in, as far as the command says. */
export function savedFiles(command: FoundCommand): readonly string[] {
  const { argv, program, redirects, pipeline } = command;
  if (program === undefined || !DOWNLOADERS.has(program.name)) return NONE;
  const files = namedIn(argv, program.name);
  const stages = pipeline ?? [];
  const at = stages.findIndex((stage) => stage === command || stage === outermost(command));
  for (const stage of [command, outermost(command), ...stages.slice(at + 1)])
    if (stage.program?.name === 'tee') files.push(...stage.argv.slice(1));
  for (const { operator, target } of [
    ...redirects,
    ...outermost(command).redirects,
    ...stages.slice(at + 1).flatMap((stage) => stage.redirects),
  ])
    if (operator.includes('>')) files.push(target);
  return files.filter((file) => /^[^-]/.test(file) && !file.startsWith('/dev/')).map(sameFile);
}

const NONE: readonly string[] = [];

function namedIn(argv: readonly string[], program: string): string[] {
  const letter = program === 'wget' ? 'O' : 'o';
  const files: string[] = [];
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index];
    const [, attached] =
      /^--output(?:-document)?=(.*)$/s.exec(word) ?? new RegExp(`^-${letter}(.+)$`, 's').exec(word) ?? [];
    if (attached !== undefined) files.push(attached);
    else if (/^--output(?:-document)?$/.test(word) || new RegExp(`^-[A-Za-z]*${letter}$`).test(word))
      files.push(argv[index + 1] ?? '');
  }
  const isNamedByAddress =
    program === 'curl' ? argv.some((word) => /^-[A-Za-z]*O|^--remote-name/.test(word)) : files.length === 0;
  if (isNamedByAddress)
    for (const word of argv.slice(1))
      if (/^[^-].*\/[^/]/.test(word)) files.push(word.replace(/[?#].*$/s, '').replace(/^.*\//s, ''));
  return files;
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
  const at = pipeline.findIndex((stage) => stage === command || stage === outermost(command));
  return pipeline.slice(at + 1).some((stage) => runsInput(stage.argv));
}

function sameFile(word: string): string {
  return tidyPath(word).replace(/^(?:\.\/)+/, '');
}
