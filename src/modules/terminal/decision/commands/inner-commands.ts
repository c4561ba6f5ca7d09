import { commandsIn } from '../text/commands-in.js';
import type { FewWords } from '../text/few-words.js';
import { NotAnalysable } from '../text/found-commands.js';
import { TOO_COMPLEX } from '../text/script.js';
import { Sign } from '../text/signs.js';
import {
  commandRunBy,
  MAX_SEGMENTS,
  outermost,
  runners,
  TOO_MANY,
  type FoundCommand,
} from './found-command.js';
import { guessesIn, startsAmong } from './guesses.js';
import type { KnownWrapper, Spellings } from './known-wrappers.js';

/** Text inside text inside text: a script given to a shell that is given to a shell. */
const MAX_SCRIPTS_IN_EACH_OTHER = 4;
const MAX_WRAPPERS_IN_EACH_OTHER = 16;
const MOST_GUESSES_AT_ONCE = 40;

/** Adds to the list every command that the commands in it run in turn. Throws `NotAnalysable`. */
export function addInnerCommands(found: FoundCommand[]): void {
  const { length } = found;
  for (let index = 0; index < length; index++) {
    const { program, handed, known } = found[index];
    if (handed.length === 0 && (program === undefined || program.wrappers.length === 0)) continue;
    if (handed.length === 0 && known?.runsNothing === true) continue;
    const before = found.length;
    new Unwrapping(found).all(found[index]);
    if (known !== undefined && program?.readsInput === false && found.length === before)
      known.runsNothing = true;
  }
}

class Unwrapping {
  private guesses = 0;

  constructor(private readonly found: FoundCommand[]) {}

  all(command: FoundCommand): void {
    for (const value of command.handed) this.guess(value, command, 0, 0);
    this.of(command, 0, 0);
  }

  private of(command: FoundCommand, wrappers: number, scripts: number): void {
    const { program, argv } = command;
    if (program === undefined || program.wrappers.length === 0) return;
    if (wrappers > MAX_WRAPPERS_IN_EACH_OTHER) throw new NotAnalysable(TOO_COMPLEX);
    for (const wrapper of saysOneOf(argv, program.wrapperWords) ? program.wrappers : program.plainWrappers) {
      const from = placeAfter(argv, wrapper.first);
      if (from === undefined) continue;
      for (const inner of innerOf(command, wrapper, from)) {
        if (typeof inner === 'string') this.script(inner, command, wrappers, scripts);
        else if ('inside' in inner) this.guess(inner.inside, command, wrappers, scripts);
        else this.argv(inner, command, wrappers, scripts);
      }
    }
  }

  private argv(argv: readonly string[], runBy: FoundCommand, wrappers: number, scripts: number): void {
    // What runs others hands on some of its own words.
    const inner = commandRunBy(runBy, argv, runBy.signs);
    this.add(inner);
    this.of(inner, wrappers + 1, scripts);
  }

  private script(text: string, runBy: FoundCommand, wrappers: number, scripts: number): void {
    if (scripts >= MAX_SCRIPTS_IN_EACH_OTHER) throw new NotAnalysable(TOO_COMPLEX);
    const inner = commandsIn(text, runBy);
    if (!Array.isArray(inner)) throw new NotAnalysable(`A script inside it: ${inner.fault}`);
    this.commands(inner, wrappers, scripts);
  }

  private commands(inner: readonly FoundCommand[], wrappers: number, scripts: number): void {
    for (const command of inner) {
      this.add(command);
      this.of(command, wrappers + 1, scripts + 1);
    }
  }

  /** What is no shell script after all is left alone: it is the interpreter's, and nobody reads that. */
  private guess(text: string, runBy: FoundCommand, wrappers: number, scripts: number): void {
    if (scripts >= MAX_SCRIPTS_IN_EACH_OTHER) return;
    for (const guess of guessesIn(text)) {
      if (++this.guesses > MOST_GUESSES_AT_ONCE) return;
      const inner = commandsIn(guess, runBy);
      if (Array.isArray(inner)) this.commands(inner, wrappers, scripts);
    }
  }

  private add(command: FoundCommand): void {
    this.found.push(command);
    if (this.found.length > MAX_SEGMENTS * 2) throw new NotAnalysable(TOO_MANY);
  }
}

function saysOneOf(argv: readonly string[], words: FewWords): boolean {
  if (words.isEmpty) return false;
  for (let index = 1; index < argv.length; index++) if (words.has(argv[index])) return true;
  return false;
}

/** The place after the words a wrapper must be given first; options, which may have values, may stand between them. */
function placeAfter(argv: readonly string[], words: readonly string[]): number | undefined {
  let index = 1;
  for (const word of words) {
    while (index < argv.length && argv[index] !== word) {
      if (!isOption(argv[index]) && !(index > 1 && isOption(argv[index - 1]))) return undefined;
      index++;
    }
    if (index >= argv.length) return undefined;
    index++;
  }
  return index;
}

function isOption(word: string): boolean {
  return word.length > 1 && word.charCodeAt(0) === 0x2d;
}

type Inner = readonly string[] | string | { readonly inside: string };

function innerOf(command: FoundCommand, wrapper: KnownWrapper, from: number): readonly Inner[] {
  const { argv } = command;
  switch (wrapper.runs) {
    case 'actions':
      return actionsOfFind(argv);
    case 'found':
      return afterOption(argv, ['-x', '-X', '--exec', '--exec-batch']);
    case 'signal': {
      const [text, signal] = argv.slice(1).filter((word) => word !== '--');
      return signal === undefined ? NOTHING : [text];
    }
    case 'inside': {
      const texts = textsInside(command, from, wrapper.where, wrapper.needs);
      return wrapper.readsInput
        ? [...texts, ...scriptsFromInput(command).map((inside) => ({ inside }))]
        : texts;
    }
    case 'somewhere':
      return [...startsAmong(argv.slice(from - 1)), ...textsInside(command, from, /\s/)];
    case 'option':
      if (!wrapper.readsInput && !mayHoldScript(command, wrapper)) return NOTHING;
  }
  const inner: Inner[] = [];
  const areScriptsGiven = takeApart(argv, wrapper, from, inner);
  if (wrapper.readsInput && !areScriptsGiven) inner.push(...scriptsFromInput(command));
  if (wrapper.ends.length > 0) inner.push(...textsInside(command, from, /\s/));
  return inner;
}

/** The arguments in which something is found that needs one of these signs; by default blanks and brackets. */
function textsInside(
  { argv, signs }: FoundCommand,
  from: number,
  where: RegExp,
  needs: number = Sign.Inside,
): readonly Inner[] {
  if (needs !== 0 && (signs & needs) === 0) return NOTHING;
  let texts: Inner[] | undefined;
  for (let index = from; index < argv.length; index++)
    if (where.test(argv[index])) (texts ??= []).push({ inside: argv[index].replaceAll('% ', '\\ ') });
  return texts ?? NOTHING;
}

/**
 * Options and operands of the wrapper itself, then what it runs. An unknown option may or may not take a value: both.
 * Answers whether scripts were given by options.
 */
function takeApart(argv: readonly string[], wrapper: KnownWrapper, from: number, inner: Inner[]): boolean {
  const end = endOf(argv, wrapper.ends);
  let operands = wrapper.operands;
  let afterUnknown = false;
  let index = from;
  for (; index < end; index++) {
    const word = argv[index];
    if (word === '--') {
      index++;
      break;
    }
    if (isOption(word) || (word.charCodeAt(0) === 0x2b && wrapper.valueOptions.has(word))) {
      const script =
        scriptOf(argv, index, wrapper.scriptOptions) ?? settingOf(argv, index, wrapper.settingOptions);
      if (script !== undefined) {
        if (script.text !== '') inner.push(script.text);
        index += script.taken;
        afterUnknown = false;
      } else if (wrapper.valueOptions.has(word)) {
        index++;
        afterUnknown = false;
      } else afterUnknown = !word.includes('=');
      continue;
    }
    if (word.includes('=') && /^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(word)) continue;
    if (wrapper.runs === 'option') continue; // whatever it is, an option may still follow
    if (operands > 0) {
      operands--;
      afterUnknown = false;
      continue;
    }
    break;
  }
  const areScriptsGiven = inner.length > 0;
  if (wrapper.runs === 'arguments' || wrapper.runs === 'text') {
    addRest(restOf(argv, index, end, wrapper), wrapper, inner);
    if (afterUnknown) addRest(restOf(argv, index + 1, end, wrapper), wrapper, inner);
  }
  return areScriptsGiven;
}

/** What stands after the end, the operands of `parallel`, is handed to what stands before it. */
function restOf(
  argv: readonly string[],
  from: number,
  end: number,
  { ends }: KnownWrapper,
): readonly string[] {
  const rest = argv.slice(from, end);
  return end === argv.length ? rest : [...rest, ...argv.slice(end).filter((word) => !ends.includes(word))];
}

function addRest(rest: readonly string[], { runs }: KnownWrapper, inner: Inner[]): void {
  if (rest.length > 0) inner.push(runs === 'text' ? rest.join(' ') : rest);
}

const NOTHING: readonly Inner[] = [];

/** Most commands of such a program have none of the options that hold a script. */
function mayHoldScript(
  { argv, signs }: FoundCommand,
  { scriptOptions, settingOptions }: KnownWrapper,
): boolean {
  if ((signs & Sign.Dash) === 0) return false;
  for (let index = 1; index < argv.length; index++) {
    if (argv[index].charCodeAt(0) !== 0x2d) continue;
    if (scriptOf(argv, index, scriptOptions) ?? scriptOf(argv, index, settingOptions)) return true;
  }
  return false;
}

function endOf(argv: readonly string[], ends: readonly string[]): number {
  if (ends.length === 0) return argv.length;
  const at = argv.findIndex((word) => ends.includes(word));
  return at === -1 ? argv.length : at;
}

/** `-c text`, `-lc text`, `-ctext`, `--command text`, `--command=text`. */
function scriptOf(
  argv: readonly string[],
  index: number,
  { long, short }: Spellings,
): { text: string; taken: number } | undefined {
  const word = argv[index];
  const isLong = word.charCodeAt(1) === 0x2d;
  for (const option of isLong ? long : short) {
    if (isLong) {
      if (word === option) return takeNext(argv, index);
      if (word.startsWith(option) && word[option.length] === '=')
        return { text: word.slice(option.length + 1), taken: 0 };
    } else if (word.includes(option[1], 1)) {
      // With bash, letters may follow in the same word; with others, the rest of the word is the value.
      if (/^-[A-Za-z]+$/.test(word)) return takeNext(argv, index);
      if (word.startsWith(option)) return { text: word.slice(option.length), taken: 0 };
    }
  }
  return undefined;
}

function takeNext(argv: readonly string[], index: number): { text: string; taken: number } | undefined {
  const taken = argv[index + 1] === '--' ? 2 : 1;
  return index + taken < argv.length ? { text: argv[index + taken], taken } : undefined;
}

/** `ProxyCommand=…` of ssh, `exec=…` of tar, `alias.x=!…` and `core.pager=…` of git; other settings hold no command. */
function settingOf(
  argv: readonly string[],
  index: number,
  options: Spellings,
): { text: string; taken: number } | undefined {
  const setting = scriptOf(argv, index, options);
  if (setting === undefined) return undefined;
  const command =
    /^(?:exec|[A-Za-z]*Command|alias\.[\w-]+|[\w.-]*(?:pager|editor|command|cmd|fsmonitor|helper|textconv|external|clean|smudge|process|program))\s*[= ]\s*[!|]?([\s\S]*)$/i.exec(
      setting.text,
    );
  return { text: command?.[1] ?? '', taken: setting.taken };
}

const ACTION = /^-(?:exec|execdir|ok|okdir)$/;

function actionsOfFind(argv: readonly string[]): string[][] {
  const actions: string[][] = [];
  for (let index = 1; index < argv.length; index++) {
    if (argv[index].charCodeAt(0) !== 0x2d || !ACTION.test(argv[index])) continue;
    let end = index + 1;
    while (end < argv.length && argv[end] !== ';' && argv[end] !== '+') end++;
    if (end > index + 1) actions.push(argv.slice(index + 1, end));
    index = end;
  }
  return actions;
}

function afterOption(argv: readonly string[], options: readonly string[]): string[][] {
  const at = argv.findIndex((word) => options.includes(word));
  if (at !== -1) return at === argv.length - 1 ? [] : [argv.slice(at + 1)];
  for (const option of options) {
    const attached = argv.findIndex((word) => word.startsWith(`${option}=`));
    if (attached === -1) continue;
    const rest = [argv[attached].slice(option.length + 1), ...argv.slice(attached + 1)].filter(Boolean);
    return rest.length === 0 ? [] : [rest];
  }
  return [];
}

/** `<(echo …)`: a file that is what a command prints. */
const OUTPUT_AS_FILE = /^<\(\s*(?:echo|printf)\s+([\s\S]*)\)$/;

/** What a shell is given to read: a here-document, a here-string, or the literal output of echo or printf. */
function scriptsFromInput(command: FoundCommand): string[] {
  const scripts = command.argv.flatMap((word) => OUTPUT_AS_FILE.exec(word)?.[1].replace(/["']/g, '') ?? []);
  const outer = outermost(command);
  let isOuterSeen = false;
  // `sudo sh <<X`: what is redirected or piped to one that runs it is read by the one that it runs.
  for (const reader of runners(command)) {
    isOuterSeen ||= reader === outer;
    const { pipeline, runBy } = reader;
    const before = pipeline?.slice(0, Math.max(0, pipeline.indexOf(reader))) ?? [];
    for (const stage of [...before, reader]) addDocuments(stage, scripts);
    for (const { program, argv } of before)
      if (program?.name === 'echo' || program?.name === 'printf') scripts.push(printedBy(argv));
    // It stands in a script of its own.
    if (runBy?.pipeline !== pipeline) break;
  }
  if (!isOuterSeen) addDocuments(outer, scripts);
  return scripts;
}

function addDocuments({ redirects }: FoundCommand, scripts: string[]): void {
  for (const { operator, target } of redirects)
    if (operator === '<<' || operator === '<<<') scripts.push(target);
}

function printedBy(argv: readonly string[]): string {
  return argv
    .slice(1)
    .filter((word) => !/^(?:-[neE]+|%[sb](?:\\n)?)$/.test(word))
    .join(' ');
}
