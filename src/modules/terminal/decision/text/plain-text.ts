import { NO_REDIRECTS, type FoundRedirect } from '../commands/found-command.js';
import { Character, kindOfCharacter } from './characters.js';
import { FewWords } from './few-words.js';
import { commandKnownAt, keepCommand } from './known-commands.js';
import { NOTHING_SUBSTITUTED, type PlainCommand, type PlainText } from './plain-commands.js';
import { RESERVED } from './reserved-words.js';
import { ALL_SIGNS, Sign, signOf } from './signs.js';

/**
 * Reads the texts that have one meaning to everybody: words of harmless characters, or in one pair of quotes with nothing
 * in them that means anything, between `&&`, `||`, `;` and `|`; also `{}`, `> file` and `$(…)` with nothing but such words
 * in it. Most commands are such texts. What they consist of is what the parser and the reader of literal texts would say
 * too, which the tests compare; anything else is left to them, and so is whatever is not complete. `kinds` are those of
 * the characters, where somebody has looked at them.
 */
export function readPlain(text: string, kinds = ANY_KIND): PlainText | undefined {
  if (kinds !== ANY_KIND && (kinds & NEVER_PLAIN) !== 0) return undefined;
  const reader = new PlainReader(text, (kinds & Character.Separator) !== 0);
  return reader.read() ? reader : undefined;
}

const ANY_KIND = 0xff;
const NEVER_PLAIN = Character.Meaning | Character.Foreign;
const IN_QUOTES = Character.Word | Character.Blank | Character.Separator | Character.Quoted;

/** Names after which other rules hold for the words that follow. */
const CHANGES_READING = new FewWords([
  ...RESERVED,
  ...'export local alias declare typeset readonly integer float private eval let'.split(' '),
]);

class PlainReader implements PlainText {
  readonly commands: PlainCommand[] = [];
  notLiteral: PlainText['notLiteral'] = undefined;
  /** What may be in the word that was read last. */
  private signs = 0;

  constructor(
    private readonly text: string,
    private readonly mayBeSeveral: boolean,
    private at = 0,
    /** It is a substitution, which ends with its bracket. */
    private readonly isInside = false,
  ) {}

  /** Answers whether the text is plain to its end. */
  read(): boolean {
    const { text } = this;
    for (let mayEnd = false; ; mayEnd = text.charCodeAt(this.at - 1) === SEMICOLON) {
      while (text.charCodeAt(this.at) === BLANK) this.at++;
      if (this.at >= text.length) return mayEnd && !this.isInside;
      const command = this.mayBeSeveral ? this.knownOrNew() : this.command();
      if (command === undefined) return false;
      const isEnd = this.at >= text.length;
      if (isEnd || text.charCodeAt(this.at) === CLOSING) {
        this.commands.push(command);
        return isEnd !== this.isInside;
      }
      const code = text.charCodeAt(this.at);
      const isDouble = text.charCodeAt(this.at + 1) === code;
      // A single & leaves something running; of two semicolons the second one comes where a command should.
      if (code === AMPERSAND && !isDouble) return false;
      this.at += isDouble && code !== SEMICOLON ? 2 : 1;
      this.commands.push(code === BAR && !isDouble ? asPiped(command) : command);
    }
  }

  /** Commands come again beside others: what is between here and the next separator may have been read before. */
  private knownOrNew(): PlainCommand | undefined {
    const { text, at: from } = this;
    let to = from;
    let print = 0;
    for (; to < text.length; to++) {
      const code = text.charCodeAt(to);
      if (kindOfCharacter(code) === Character.Separator || code === CLOSING) break;
      print = (Math.imul(print, 31) + code) | 0;
    }
    const known = commandKnownAt(text, from, to, print);
    if (known !== undefined) {
      this.at = to;
      return known;
    }
    const command = this.command();
    // Otherwise the separator stands in quotes or brackets.
    if (command !== undefined && this.at === to && isSimple(command))
      keepCommand(text, from, to, print, command);
    return command;
  }

  /** The words up to the next separator. */
  private command(): PlainCommand | undefined {
    const { text } = this;
    const argv: string[] = [];
    let signs = 0;
    let redirects: FoundRedirect[] | undefined;
    let substituted: PlainText[] | undefined;
    for (; this.at < text.length; this.at++) {
      const code = text.charCodeAt(this.at);
      const kind = kindOfCharacter(code);
      if (kind === Character.Blank) continue;
      if (kind === Character.Separator || (code === CLOSING && this.isInside)) break;
      if (argv.length > 0 && (code === MORE || code === LESS)) {
        const redirect = this.redirect(code);
        if (redirect === undefined) return undefined;
        (redirects ??= []).push(redirect);
        signs |= this.signs;
      } else if (argv.length > 0 && code === DOLLAR) {
        const from = this.at;
        const script = this.substitution();
        if (script === undefined) return undefined;
        (substituted ??= []).push(script);
        argv.push(text.slice(from, this.at));
        signs = ALL_SIGNS; // what is filled in may have any sign
      } else {
        const word = kind === Character.Word ? this.bare(code) : this.quotedOrPair(code, kind);
        if (word === undefined) return undefined;
        if (argv.length > 0) signs |= this.signs;
        // A name is not quoted, and a setting before it is none.
        else if (kind !== Character.Word || (this.signs & Sign.Equals) !== 0 || CHANGES_READING.has(word))
          return undefined;
        argv.push(word);
      }
      if (this.at >= text.length) break;
      // Whatever comes right after a word and does not end it belongs to it.
      const next = text.charCodeAt(this.at);
      const after = kindOfCharacter(next);
      if (after === Character.Separator || (next === CLOSING && this.isInside)) break;
      if (after !== Character.Blank) return undefined;
    }
    if (argv.length === 0) return undefined;
    return {
      argv,
      signs,
      isPiped: false,
      known: undefined,
      redirects: redirects ?? NO_REDIRECTS,
      substituted: substituted ?? NOTHING_SUBSTITUTED,
    };
  }

  /** `> file`, `>> file` and `< file`; `/dev/null` is left to the others, since a literal text may name it. */
  private redirect(first: number): FoundRedirect | undefined {
    const { text } = this;
    const isDouble = first === MORE && text.charCodeAt(this.at + 1) === MORE;
    const operator = isDouble ? '>>' : first === MORE ? '>' : '<';
    this.at += operator.length;
    while (text.charCodeAt(this.at) === BLANK) this.at++;
    const code = text.charCodeAt(this.at);
    const target = kindOfCharacter(code) === Character.Word ? this.bare(code) : undefined;
    if (target === undefined || target === '/dev/null') return undefined;
    this.notLiteral ??= 'redirect';
    return { operator, target };
  }

  /** `$(…)` as a word of its own; what `echo` prints there is known and is left to the others. */
  private substitution(): PlainText | undefined {
    const { text } = this;
    if (this.isInside || text.charCodeAt(this.at + 1) !== OPENING) return undefined;
    const script = new PlainReader(text, this.mayBeSeveral, this.at + 2, true);
    if (!script.read() || PRINTS.test(script.commands[0].argv[0])) return undefined;
    this.at = script.at + 1;
    this.notLiteral ??= 'substitution';
    return script;
  }

  private bare(first: number): string | undefined {
    const { text, at: start } = this;
    let signs = signOf(first);
    let end = start + 1;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (kindOfCharacter(code) !== Character.Word) break;
      signs |= signOf(code);
    }
    this.at = end;
    this.signs = signs;
    // Some shells look up what follows an equals sign.
    return first === EQUALS ? undefined : text.slice(start, end);
  }

  private quotedOrPair(first: number, kind: number): string | undefined {
    if (kind === Character.Quote) return this.quoted(first);
    if (kind !== Character.Pair) return undefined;
    const pair = this.text.slice(this.at, this.at + 2);
    this.at += 2;
    if (pair === '{}') {
      this.signs = Sign.Brace;
      this.notLiteral ??= 'brace';
      return pair;
    }
    this.signs = Sign.Inside;
    return pair === '\\;' ? ';' : undefined;
  }

  private quoted(quote: number): string | undefined {
    const { text } = this;
    const start = this.at + 1;
    let signs = 0;
    let end = start;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if ((kindOfCharacter(code) & IN_QUOTES) === 0) break;
      signs |= signOf(code);
    }
    this.at = end + 1;
    this.signs = signs;
    return end < text.length && text.charCodeAt(end) === quote ? text.slice(start, end) : undefined;
  }
}

function asPiped({ argv, signs, known, redirects, substituted }: PlainCommand): PlainCommand {
  return { argv, signs, isPiped: true, known, redirects, substituted };
}

function isSimple({ signs, redirects, substituted }: PlainCommand): boolean {
  return (signs & Sign.Brace) === 0 && redirects === NO_REDIRECTS && substituted === NOTHING_SUBSTITUTED;
}

const PRINTS = /^(?:echo|printf)/;

const BLANK = 0x20;
const AMPERSAND = 0x26;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const BAR = 0x7c;
const DOLLAR = 0x24;
const OPENING = 0x28;
const CLOSING = 0x29;
const LESS = 0x3c;
const MORE = 0x3e;
