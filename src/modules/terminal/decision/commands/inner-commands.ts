import { findCommands, NotAnalysable } from '../text/found-commands.js';
import { parseScript, TOO_COMPLEX } from '../text/script.js';
import { commandRunBy, MAX_SEGMENTS, outermost, type FoundCommand } from './found-command.js';
import type { KnownWrapper } from './known-wrappers.js';

/** Text inside text inside text: a script given to a shell that is given to a shell. */
const MAX_SCRIPTS_IN_EACH_OTHER = 4;
const MAX_WRAPPERS_IN_EACH_OTHER = 16;

/** Adds to the list every command that the commands in it run in turn. Throws `NotAnalysable`. */
export function addInnerCommands(found: FoundCommand[]): void {
  const { length } = found;
  for (let index = 0; index < length; index++) {
    const { program } = found[index];
    if (program !== undefined && program.wrappers.length > 0) new Unwrapping(found).of(found[index], 0, 0);
  }
}

class Unwrapping {
  constructor(private readonly found: FoundCommand[]) {}

  of(command: FoundCommand, wrappers: number, scripts: number): void {
    if (command.program === undefined || command.program.wrappers.length === 0) return;
    if (wrappers > MAX_WRAPPERS_IN_EACH_OTHER) throw new NotAnalysable(TOO_COMPLEX);
    for (const wrapper of command.program.wrappers) {
      if (!isGivenFirst(command.argv, wrapper.first)) continue;
      for (const inner of innerOf(command, wrapper)) {
        if (typeof inner === 'string') this.script(inner, command, wrappers, scripts);
        else this.argv(inner, command, wrappers, scripts);
      }
    }
  }

  private argv(argv: readonly string[], runBy: FoundCommand, wrappers: number, scripts: number): void {
    const inner = commandRunBy(runBy, argv);
    this.add(inner);
    this.of(inner, wrappers + 1, scripts);
  }

  private script(text: string, runBy: FoundCommand, wrappers: number, scripts: number): void {
    if (scripts >= MAX_SCRIPTS_IN_EACH_OTHER) throw new NotAnalysable(TOO_COMPLEX);
    const parsed = parseScript(text);
    if (parsed.fault !== undefined) throw new NotAnalysable(`A script inside it: ${parsed.fault}`);
    for (const inner of findCommands(parsed.script)) {
      const command = { ...inner, runBy };
      this.add(command);
      this.of(command, wrappers + 1, scripts + 1);
    }
  }

  private add(command: FoundCommand): void {
    this.found.push(command);
    if (this.found.length > MAX_SEGMENTS * 2)
      throw new NotAnalysable(`It has more than ${MAX_SEGMENTS} commands; run it in parts.`);
  }
}

function isGivenFirst(argv: readonly string[], words: readonly string[]): boolean {
  for (let index = 0; index < words.length; index++) if (argv[index + 1] !== words[index]) return false;
  return true;
}

type Inner = readonly string[] | string;

function innerOf(command: FoundCommand, wrapper: KnownWrapper): readonly Inner[] {
  switch (command.program?.name) {
    case 'find':
    case 'gfind':
      return actionsOfFind(command.argv);
    case 'fd':
    case 'fdfind':
      return afterOption(command.argv, ['-x', '-X', '--exec', '--exec-batch']);
    case 'trap':
      return command.argv.length > 2 ? [command.argv[1]] : [];
  }
  if (wrapper.runs === 'option' && wrapper.readsInput !== true && !mayHoldScript(command.argv, wrapper))
    return NOTHING;
  const { scripts, rest } = takeApart(command.argv, wrapper);
  const inner: Inner[] = [...scripts];
  if (wrapper.runs === 'arguments') inner.push(...rest.filter((argv) => argv.length > 0));
  if (wrapper.runs === 'text')
    inner.push(...rest.filter((argv) => argv.length > 0).map((argv) => argv.join(' ')));
  if (wrapper.readsInput === true && scripts.length === 0) inner.push(...scriptsFromInput(command));
  return inner;
}

/** Options and operands of the wrapper itself, then what it runs. An unknown option may or may not take a value: both. */
function takeApart(argv: readonly string[], wrapper: KnownWrapper): { scripts: string[]; rest: string[][] } {
  const scripts: string[] = [];
  const end = endOf(argv, wrapper.ends);
  let operands = wrapper.operands ?? 0;
  let afterUnknown = false;
  let index = 1 + wrapper.first.length;
  for (; index < end; index++) {
    const word = argv[index];
    if (word === '--') {
      index++;
      break;
    }
    if (word.length > 1 && (word[0] === '-' || (word[0] === '+' && wrapper.valueOptions.has(word)))) {
      const script =
        scriptOf(argv, index, wrapper.scriptOptions) ?? settingOf(argv, index, wrapper.settingOptions);
      if (script !== undefined) {
        if (script.text !== '') scripts.push(script.text);
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
  const rest = [argv.slice(index, end)];
  if (afterUnknown) rest.push(argv.slice(index + 1, end));
  return { scripts, rest };
}

const NOTHING: readonly Inner[] = [];

/** Most commands of such a program have none of the options that hold a script. */
function mayHoldScript(argv: readonly string[], { scriptOptions, settingOptions }: KnownWrapper): boolean {
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
  options: readonly string[],
): { text: string; taken: number } | undefined {
  const word = argv[index];
  const isLong = word.charCodeAt(1) === 0x2d;
  for (const option of options) {
    if (isLong !== (option.charCodeAt(1) === 0x2d)) continue;
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
  return index + 1 < argv.length ? { text: argv[index + 1], taken: 1 } : undefined;
}

/** `ProxyCommand=…` of ssh, `exec=…` of tar, `alias.x=!…` and `core.pager=…` of git; other settings hold no command. */
function settingOf(
  argv: readonly string[],
  index: number,
  options: readonly string[],
): { text: string; taken: number } | undefined {
  if (options.length === 0) return undefined;
  const setting = scriptOf(argv, index, options);
  if (setting === undefined) return undefined;
  const command =
    /^(?:exec|[A-Za-z]*Command|alias\.[\w-]+|[\w.-]*(?:pager|editor|command|cmd|fsmonitor|helper|textconv|external|clean|smudge|process|program))\s*[= ]\s*[!|]?([\s\S]*)$/i.exec(
      setting.text,
    );
  return { text: command?.[1] ?? '', taken: setting.taken };
}

function actionsOfFind(argv: readonly string[]): string[][] {
  const actions: string[][] = [];
  for (let index = 1; index < argv.length; index++) {
    if (!/^-(exec|execdir|ok|okdir)$/.test(argv[index])) continue;
    let end = index + 1;
    while (end < argv.length && argv[end] !== ';' && argv[end] !== '+') end++;
    if (end > index + 1) actions.push(argv.slice(index + 1, end));
    index = end;
  }
  return actions;
}

function afterOption(argv: readonly string[], options: readonly string[]): string[][] {
  const at = argv.findIndex((word) => options.includes(word));
  return at === -1 || at === argv.length - 1 ? [] : [argv.slice(at + 1)];
}

/** What a shell is given to read: a here-document, a here-string, or the literal output of echo or printf. */
function scriptsFromInput(command: FoundCommand): string[] {
  const stages = command.pipeline ?? [command];
  const at = stages.findIndex((stage) => stage === command || stage === outermost(command));
  const scripts: string[] = [];
  for (const stage of at === -1 ? [command] : stages.slice(0, at + 1)) {
    for (const { operator, target } of stage.redirects)
      if (operator === '<<' || operator === '<<<') scripts.push(target);
    const program = stage.program?.name;
    if (stage !== command && (program === 'echo' || program === 'printf'))
      scripts.push(
        stage.argv
          .slice(1)
          .filter((word) => !/^-[neE]+$/.test(word))
          .join(' '),
      );
  }
  return scripts;
}
