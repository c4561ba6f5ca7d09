/**
 * Reads the small part of the shell's language in which a text means exactly what it says: simple commands of literal
 * words joined by `&&`, `||`, `;`, `|` and newlines. It is written apart from the parser on purpose: what both do not
 * read alike is not literal.
 */
export interface LiteralWord {
  readonly start: number;
  readonly end: number;
  readonly value: string;
  /** The value is not the text itself: quotes or escapes were taken away. */
  readonly isQuoted: boolean;
}

export interface LiteralSegment {
  readonly argv: string[];
  readonly words: LiteralWord[];
  redirects: number;
}

export interface NotLiteral {
  readonly code: string;
  readonly message: string;
}

const enum Kind {
  Plain,
  Blank,
  Separator,
  Quote,
  Special,
}

const KINDS = new Uint8Array(128);
for (const character of ' \t') KINDS[character.charCodeAt(0)] = Kind.Blank;
for (const character of '\n;&|<>') KINDS[character.charCodeAt(0)] = Kind.Separator;
for (const character of '\'"\\') KINDS[character.charCodeAt(0)] = Kind.Quote;
for (const character of '$`~{}()*?[!=') KINDS[character.charCodeAt(0)] = Kind.Special;

const RESERVED = new Set(
  'if then else elif fi do done case esac while until for in function select time coproc [[ ]] { } !'.split(
    ' ',
  ),
);

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
  private segment: LiteralSegment = { argv: [], words: [], redirects: 0 };
  private at = 0;
  private problem: NotLiteral | undefined;

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
    this.endSegment();
    return this.segments.length === 0 ? notLiteral('compound') : this.segments;
  }

  private refuse(code: keyof typeof because): void {
    this.problem = notLiteral(code);
  }

  private endSegment(): void {
    if (this.segment.argv.length === 0) return;
    this.segments.push(this.segment);
    this.segment = { argv: [], words: [], redirects: 0 };
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
    if (first >= 0x30 && first <= 0x39) {
      const digits = /^[0-9]+(?=[<>])/.exec(text.slice(this.at, this.at + 4));
      if (digits) return this.redirect(this.at + digits[0].length, digits[0]);
    }
    const isName = this.segment.argv.length === 0;
    const start = this.at;
    let value = '';
    let from = start; // what lies between here and `at` is taken as it stands
    let isQuoted = false;
    let isGlob = false;
    for (; this.at < text.length; this.at++) {
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
        isQuoted = true;
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
          if (this.at === start) return this.refuse('expansion');
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
        case 0x7b: // {
        case 0x7d: // }
          return this.refuse('brace');
        default:
          return this.refuse('compound');
      }
    }
    value = isQuoted ? value + text.slice(from, this.at) : text.slice(start, this.at);
    if (isName && (isGlob || RESERVED.has(value))) return this.refuse(isGlob ? 'glob' : 'compound');
    if (isGlob && !(first === 0x2f || (first === 0x2e && text.charCodeAt(start + 1) === 0x2f)))
      return this.refuse('glob');
    this.segment.argv.push(value);
    this.segment.words.push({ start, end: this.at, value, isQuoted });
  }

  /** Reads from an opening quote or backslash and leaves `at` on the last character that belongs to it. */
  private quoted(code: number): string | undefined {
    if (code === 0x27) return this.singleQuoted();
    if (code === 0x22) return this.doubleQuoted();
    this.at++;
    if (this.at >= this.text.length || this.text.charCodeAt(this.at) === 0x0a) {
      this.refuse('line_continuation');
      return undefined;
    }
    const escaped = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0);
    this.at += escaped.length - 1;
    return escaped;
  }

  private singleQuoted(): string | undefined {
    const end = this.text.indexOf("'", this.at + 1);
    if (end === -1) {
      this.refuse('compound');
      return undefined;
    }
    const value = this.text.slice(this.at + 1, end);
    this.at = end;
    return value;
  }

  private doubleQuoted(): string | undefined {
    const { text } = this;
    let value = '';
    for (let index = this.at + 1; index < text.length; index++) {
      const code = text.charCodeAt(index);
      switch (code) {
        case 0x22:
          this.at = index;
          return value;
        case 0x24:
          this.refuse(dollar(text.charCodeAt(index + 1)));
          return undefined;
        case 0x60:
          this.refuse('substitution');
          return undefined;
        case 0x21:
          if (!isEnd(text.charCodeAt(index + 1)) && text.charCodeAt(index + 1) !== 0x22) {
            this.refuse('history');
            return undefined;
          }
          break;
        case 0x5c: {
          const next = text.charCodeAt(index + 1);
          if (next === 0x0a) {
            this.refuse('line_continuation');
            return undefined;
          }
          if (next === 0x24 || next === 0x60 || next === 0x22 || next === 0x5c) index++;
          break;
        }
      }
      value += text.charAt(index);
    }
    this.refuse('compound');
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

const REDIRECT = /^(?:(>>?|<)[ \t]{0,8}\/dev\/null|(>&)[12])(?=$|[\s;&|<>])/;

function isTildeAfter(code: number): boolean {
  return code === 0x3d || code === 0x3a; // = :
}

function isEnd(code: number): boolean {
  return Number.isNaN(code) || code === 0x20 || code === 0x09 || code === 0x0a;
}

function dollar(next: number): 'expansion' | 'substitution' | 'ansi_quoting' {
  if (next === 0x28) return 'substitution';
  return next === 0x27 || next === 0x22 ? 'ansi_quoting' : 'expansion';
}
