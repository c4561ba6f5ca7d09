import { runners, stageIn, type FoundCommand } from '../commands/found-command.js';
import { programCalled, readsScripts } from '../commands/program.js';

/** A function whose body calls the function more than once or in the background. */
export function callsItself({ definition, argv, pipeline, inBackground }: FoundCommand): boolean {
  if (definition === undefined || argv[0] !== definition) return false;
  return inBackground || (pipeline ?? []).filter((stage) => stage.argv[0] === definition).length > 1;
}

export const INTERPRETERS = /^(?:python[\d.]*|perl|ruby|node|nodejs|php|lua|deno|bun|pwsh)$/;
const RUNS_TEXT = /^(?:eval|source|\.|sudo|env|exec|xargs)$/;

export function isDownloadIntoShell(command: FoundCommand): boolean {
  const { program, feeds } = command;
  if (program?.isDownloader !== true) return false;
  for (let reader = feeds; reader !== undefined; reader = reader.feeds ?? runnerBeside(reader, command)) {
    if (runsText(reader) || handsToShell(reader)) return true;
    if (PASSES_ON.test(reader.program?.name ?? '') && isPipedIntoShell(reader)) return true;
  }
  return isPipedIntoShell(command);
}

/** `cat <(curl …) | sh`: what these are given comes out of them again. */
const PASSES_ON =
  /^(?:cat|tac|tee|echo|printf|head|tail|[gn]?sed|[gmn]?awk|grep|tr|cut|sort|base64|gunzip|zcat|envsubst)$/;

function isPipedIntoShell(command: FoundCommand): boolean {
  const { pipeline } = command;
  if (pipeline === undefined) return false;
  let next = stageIn(pipeline, command);
  let isRead = false;
  while (++next < pipeline.length) {
    const { argv, program: reader } = pipeline[next];
    if (runsInput(argv)) return true;
    if (isRead && runsVariable(argv)) return true;
    isRead ||= READS_LINES.test(reader?.name ?? '');
  }
  return false;
}

/** What runs the reader, unless that is given the script in which the download stands as well. */
function runnerBeside({ runBy }: FoundCommand, download: FoundCommand): FoundCommand | undefined {
  return runBy !== undefined && [...runners(download)].includes(runBy) ? undefined : runBy;
}

/** `ssh host 'bash -s'`, `sudo sh`: what it is given is run by the shell that it starts. */
function handsToShell({ program, argv }: FoundCommand): boolean {
  return program !== undefined && program.wrappers.length > 0 && argv.some(namesShell);
}

function namesShell(word: string): boolean {
  const end = word.indexOf(' ');
  return readsScripts(programCalled(end === -1 ? word : word.slice(0, end)));
}

/** `while read l; do eval "$l"; done`: what was read is run line by line. */
export const READS_LINES = /^(?:read|mapfile|readarray)$/;

/** Whether a variable is run as a command, or one of particular ones: `$l`, `eval "$l"`. */
export function runsVariable(argv: readonly string[], isMeant: RegExp = /^\$/): boolean {
  const at = afterPrefixes(argv, 0);
  if (at === argv.length) return false;
  return (
    isMeant.test(argv[at]) ||
    (RUNS_TEXT.test(programCalled(argv[at]).name) && argv.some((word) => isMeant.test(word)))
  );
}

/** `sh -c`, `eval`, `source` and an interpreter run what a substitution gives them. */
function runsText({ argv, program }: FoundCommand): boolean {
  return (
    program !== undefined &&
    (/^(?:\$\(|`)/.test(argv[0]) ||
      readsScripts(program) ||
      INTERPRETERS.test(program.name) ||
      RUNS_TEXT.test(program.name))
  );
}

/** A shell in a pipeline reads its script from there, and so does an interpreter without a program of its own. */
export function runsInput(argv: readonly string[]): boolean {
  const at = afterPrefixes(argv, 0);
  if (at === argv.length) return false;
  const program = programCalled(argv[at]);
  const { pattern } = program;
  if (pattern !== undefined) return SHELLS.some((shell) => pattern.test(shell));
  const next = afterPrefixes(argv, at + 1);
  const first = next < argv.length ? argv[next] : undefined;
  const second = first === undefined ? undefined : argv[afterPrefixes(argv, next + 1)];
  if (readsScripts(program)) return true;
  if (program.name === 'parallel' && first === undefined) return true;
  if (program.wrappers.length > 0 && argv.some(namesShell)) return true;
  return (
    INTERPRETERS.test(program.name) &&
    (first === undefined || first === '-' || (first === '-u' && second === undefined))
  );
}

const SHELLS = ['sh', 'bash', 'dash', 'zsh'];
const PREFIXES = new Set('sudo doas env command exec nohup time nice -E -H'.split(' '));

function afterPrefixes(argv: readonly string[], from: number): number {
  let at = from;
  while (
    at < argv.length &&
    (PREFIXES.has(argv[at]) || (argv[at].includes('=') && /^\w+=.*$/.test(argv[at])))
  )
    at++;
  return at;
}
