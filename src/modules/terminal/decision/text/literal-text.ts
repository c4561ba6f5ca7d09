import { FewWords } from './few-words.js';
import { RESERVED } from './reserved-words.js';
import { signOf, signsIn } from './signs.js';

/**
 * Reads the small part of the shell's language in which a text means exactly what it says: simple commands of literal
 * words joined by `&&`, `||`, `;`, `|` and newlines. It is written apart from the parser on purpose: what both do not
 * read alike is not literal.
 */
export interface LiteralSegment {
  readonly argv: string[];
  /** What may be in its arguments. */
  signs: number;
  /** Where each word of the whole text starts and ends, by turns, and where the words of this command begin in it. */
  readonly places: number[];
  readonly from: number;
  /** The words (by position) of which escapes or several quoted parts were taken together. */
  pieced: number[] | undefined;
  redirects: number;
  /** Its output goes to the next one. */
  isPiped: boolean;
}

export interface NotLiteral {
  readonly code: string;
  readonly message: string;
}

const Kind = { Plain: 0, Blank: 1, Separator: 2, Quote: 3, Special: 4 } as const;

const KINDS = new Uint8Array(128);
for (const character of ' \t') KINDS[character.charCodeAt(0)] = Kind.Blank;
for (const character of '\n;&|<>') KINDS[character.charCodeAt(0)] = Kind.Separator;
for (const character of '\'"\\') KINDS[character.charCodeAt(0)] = Kind.Quote;
for (const character of '$`~{}()*?[!=') KINDS[character.charCodeAt(0)] = Kind.Special;

const reserved = new FewWords(RESERVED);

const because = {
  expansion: 'A variable is expanded, so what runs is not known before it runs.',
  substitution: 'The output of another command becomes part of this one.',
  ansi_quoting: '$\'…\' and $"…" spell characters in disguise; write them plainly.',
  tilde: 'A tilde stands for a directory that depends on the user; write the path.',
  brace: 'Braces may expand to several words; write the words.',
  glob: 'A pattern may match a name that starts with a dash; start it with ./ or /.',
  history: 'An exclamation mark may recall an earlier command; put it into single quotes.',
  assignment: 'A variable is set for the command, which can change what it does.',
  background: '& leaves a command running that nobody watches.',
  negation: '! in front of a command is not a simple command.',
  redirect: 'Input and output may only be redirected to /dev/null or between 1 and 2.',
  compound: 'Only simple commands joined by && || ; | or newlines can be allowed by a rule.',
  quoted_name: "The program's name is quoted or escaped; write it plainly.",
  line_continuation: 'A line is continued with a backslash; write it in one line.',
  comment: 'It contains a comment, which may mislead whoever reads it.',
} as const;

export function notLiteral(code: keyof typeof because): NotLiteral {
  return { code, message: because[code] };
}

export function readLiteralText(text: string): LiteralSegment[] | NotLiteral {
  return new LiteralReader(text).read();
}

class LiteralReader {
  private readonly segments: LiteralSegment[] = [];
  private readonly places: number[] = [];
  private segment = emptySegment(this.places);
  private at = 0;
  private problem: NotLiteral | undefined;
  private sawEscape = false;

  constructor(private readonly text: string) {}

  read(): LiteralSegment[] | NotLiteral {
    const { text } = this;
    const { length } = text;
    while (this.at < length && this.problem === undefined) {
      const code = text.charCodeAt(this.at);
      const kind = code < 128 ? KINDS[code] : Kind.Plain;
      if (kind === Kind.Blank) this.at++;
      else if (kind === Kind.Separator) this.separator(code);
      else this.word(code);
    }
    if (this.problem !== undefined) return this.problem;
    if (this.segment.argv.length > 0) this.segments.push(this.segment);
    return this.segments.length === 0 ? notLiteral('compound') : this.segments;
  }

  private refuse(code: keyof typeof because): void {
    this.problem = notLiteral(code);
  }

  private endSegment(): void {
    if (this.segment.argv.length === 0) return;
    this.segments.push(this.segment);
    this.segment = emptySegment(this.places);
  }

  /** Which separators may follow which is the parser's to say; here they only end a command. */
  private separator(code: number): void {
    const next = this.text.charCodeAt(this.at + 1);
    switch (code) {
      case 0x0a: // newline
      case 0x3b: // ;
        this.endSegment();
        this.at++;
        return;
      case 0x7c: // |
        if (next === 0x26) return this.refuse('compound');
        this.segment.isPiped = next !== 0x7c;
        this.endSegment();
        this.at += next === 0x7c ? 2 : 1;
        return;
      case 0x26: // &
        if (next === 0x3e) return this.redirect(this.at + 1, '&');
        if (next !== 0x26) return this.refuse('background');
        this.endSegment();
        this.at += 2;
        return;
      default:
        return this.redirect(this.at, '');
    }
  }

  private word(first: number): void {
    const { text } = this;
    if (first === 0x23) return this.refuse('comment');
    if (first >= 0x30 && first <= 0x39 && mayRedirect(text, this.at + 1)) {
      const digits = /^[0-9]+(?=[<>])/.exec(text.slice(this.at, this.at + 4));
      if (digits) return this.redirect(this.at + digits[0].length, digits[0]);
    }
    const isName = this.segment.argv.length === 0;
    const start = this.at;
    let end = start;
    let signs = 0;
    let kind: number = Kind.Separator; // what the end of the text is as well
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      kind = code < 128 ? KINDS[code] : Kind.Plain;
      if (kind !== Kind.Plain) break;
      signs |= signOf(code);
      kind = Kind.Separator;
    }
    // Most words mean nothing to a shell from beginning to end.
    if (kind === Kind.Blank || (kind === Kind.Separator && end > start)) {
      this.at = end;
      return this.take(text.slice(start, end), signs, start, isName);
    }
    let value = '';
    let from = start; // what lies between here and `at` is taken as it stands
    let quotes = 0;
    let isEscaped = false;
    let isGlob = false;
    for (this.at = end; this.at < text.length; this.at++) {
      const code = text.charCodeAt(this.at);
      const kind = code < 128 ? KINDS[code] : Kind.Plain;
      if (kind === Kind.Plain) continue;
      if (kind === Kind.Blank || kind === Kind.Separator) break;
      if (kind === Kind.Quote) {
        if (isName)
          return this.refuse(text.charCodeAt(this.at + 1) === 0x0a ? 'line_continuation' : 'quoted_name');
        value += text.slice(from, this.at);
        const quoted = this.quoted(code);
        if (quoted === undefined) return;
        value += quoted;
        quotes++;
        if (code === 0x5c || this.sawEscape) isEscaped = true;
        from = this.at + 1;
        continue;
      }
      switch (code) {
        case 0x2a: // *
        case 0x3f: // ?
        case 0x5b: // [
          isGlob = true;
          continue;
        case 0x3d: // =
          if (isName) return this.refuse('assignment');
          // `=ls` is a path to some shells; `=` and `===` are words to all.
          if (this.at === start && !EQUALS_ALONE.test(text.slice(start, start + 80)))
            return this.refuse('expansion');
          continue;
        case 0x7e: // ~
          if (this.at === start || isTildeAfter(text.charCodeAt(this.at - 1))) return this.refuse('tilde');
          continue;
        case 0x21: // !
          if (isName && this.at === start) return this.refuse('negation');
          if (this.at === start && isEnd(text.charCodeAt(this.at + 1))) continue;
          return this.refuse('history');
        case 0x24: // $
          return this.refuse(dollar(text.charCodeAt(this.at + 1)));
        case 0x60: // `
          return this.refuse('substitution');
        case 0x7b: {
          // What is behind an @ is git's, `stash@{0}`; without a comma or two dots no shell expands it.
          const named =
            text.charCodeAt(this.at - 1) === 0x40
              ? /^\{[\w-]{1,20}\}/.exec(text.slice(this.at, this.at + 24))
              : null;
          if (named === null || isName) return this.refuse('brace');
          this.at += named[0].length - 1;
          continue;
        }
        case 0x7d: // }
          return this.refuse('brace');
        default:
          return this.refuse('compound');
      }
    }
    if (quotes > 0) value += text.slice(from, this.at);
    else value = text.slice(start, this.at);
    if (isName && isGlob) return this.refuse('glob');
    if (isGlob && !mayHoldPattern(text, start)) return this.refuse('glob');
    const isWhole = quotes === 1 && !isEscaped && value.length === this.at - start - 2;
    this.take(value, signsIn(value), start, isName, quotes > 0 && !isWhole);
  }

  private take(value: string, signs: number, start: number, isName: boolean, isPieced = false): void {
    if (isName && reserved.has(value)) return this.refuse('compound');
    const { segment } = this;
    if (isPieced) (segment.pieced ??= []).push(segment.argv.length);
    if (!isName) segment.signs |= signs;
    segment.argv.push(value);
    this.places.push(start, this.at);
  }

  /** Reads from an opening quote or backslash and leaves `at` on the last character that belongs to it. */
  private quoted(code: number): string | undefined {
    if (code === 0x27) return this.singleQuoted();
    if (code === 0x22) return this.doubleQuoted();
    this.at++;
    if (this.at >= this.text.length || this.text.charCodeAt(this.at) === 0x0a)
      return this.giveUp('line_continuation');
    const escaped = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0);
    this.at += escaped.length - 1;
    return escaped;
  }

  private singleQuoted(): string | undefined {
    this.sawEscape = false;
    const end = this.text.indexOf("'", this.at + 1);
    if (end === -1) return this.giveUp('compound');
    const value = this.text.slice(this.at + 1, end);
    this.at = end;
    return value;
  }

  private doubleQuoted(): string | undefined {
    const { text } = this;
    let value = '';
    let from = this.at + 1;
    this.sawEscape = false;
    for (let index = from; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x60 || (code > 0x24 && code < 0x5c)) continue;
      switch (code) {
        case 0x22: // "
          this.at = index;
          return value + text.slice(from, index);
        case 0x24: // $
          return this.giveUp(dollar(text.charCodeAt(index + 1)));
        case 0x60: // `
          return this.giveUp('substitution');
        case 0x21: // !
          if (!isEnd(text.charCodeAt(index + 1)) && text.charCodeAt(index + 1) !== 0x22)
            return this.giveUp('history');
          break;
        case 0x5c: {
          this.sawEscape = true;
          const next = text.charCodeAt(index + 1);
          if (next === 0x0a) return this.giveUp('line_continuation');
          if (next !== 0x24 && next !== 0x60 && next !== 0x22 && next !== 0x5c) break;
          value += text.slice(from, index);
          from = ++index;
        }
      }
    }
    return this.giveUp('compound');
  }

  private giveUp(code: keyof typeof because): undefined {
    this.refuse(code);
    return undefined;
  }

  /** `at` is the position of `<` or `>`, `descriptor` what stands in front of it. */
  private redirect(at: number, descriptor: string): void {
    const allowed = REDIRECT.exec(this.text.slice(at, at + 24));
    if (!allowed || this.segment.argv.length === 0) return this.refuse('redirect');
    const [whole, operator] = allowed;
    const isFit =
      operator === '<'
        ? descriptor === '' || descriptor === '0'
        : descriptor === '' ||
          descriptor === '1' ||
          descriptor === '2' ||
          (descriptor === '&' && operator === '>');
    if (!isFit) return this.refuse('redirect');
    this.segment.redirects++;
    this.at = at + whole.length;
  }
}

const EQUALS_ALONE = /^=+(?=[\s;&|<>]|$)/;
const REDIRECT = /^(?:(>>?|<)[ \t]{0,8}\/dev\/null|(>&)[12])(?=$|[\s;&|<>])/;

/** What such a word may become starts as it does, so it is a path, or the same option that only narrows. */
function mayHoldPattern(text: string, start: number): boolean {
  const first = text.charCodeAt(start);
  if (first === 0x2f || (first === 0x2e && text.charCodeAt(start + 1) === 0x2f)) return true; // / ./
  return first === 0x2d && NARROWING.test(text.slice(start, start + 24));
}

/** Options of `grep` and others that leave files out. No file is called so, or its name says the same again. */
const NARROWING = /^--(?:include|exclude|exclude-dir)=/;

/** A number in front of `<` or `>` is a descriptor; what looks like one is looked at closely. */
function mayRedirect(text: string, from: number): boolean {
  let at = from;
  for (let code = text.charCodeAt(at); code >= 0x30 && code <= 0x39; code = text.charCodeAt(at)) at++;
  return text[at] === '<' || text[at] === '>';
}

function isTildeAfter(code: number): boolean {
  return code === 0x3d || code === 0x3a; // = :
}

function isEnd(code: number): boolean {
  return Number.isNaN(code) || code === 0x20 || code === 0x09 || code === 0x0a;
}

function emptySegment(places: number[]): LiteralSegment {
  return { argv: [], signs: 0, places, from: places.length, pieced: undefined, redirects: 0, isPiped: false };
}

function dollar(next: number): 'expansion' | 'substitution' | 'ansi_quoting' {
  if (next === 0x28) return 'substitution';
  return next === 0x27 || next === 0x22 ? 'ansi_quoting' : 'expansion';
}
