/** One character of a word, and whether it means itself whatever it is. */
export interface Character {
  readonly value: string;
  readonly isQuoted: boolean;
}

type Token =
  | { readonly kind: 'many' }
  | { readonly kind: 'any' | 'set' | 'itself'; readonly accepts: (character: string) => boolean };

/** A pattern for one name, as a shell matches it (POSIX XCU 2.14): `*`, `?` and `[…]`. */
export class NamePattern {
  private readonly tokens: readonly Token[];
  private readonly isForHidden: boolean;

  constructor(characters: readonly Character[]) {
    this.tokens = tokensOf(characters);
    this.isForHidden = characters[0]?.value === '.';
  }

  /** In steps that grow with the product of the lengths at most: a hostile pattern costs no more than a plain one. */
  matches(name: string): boolean {
    if (name.startsWith('.') && !this.isForHidden) return false;
    const characters = [...name];
    let at = 0;
    let token = 0;
    let retryAt = -1;
    let retryToken = -1;
    while (at < characters.length) {
      const next = this.tokens[token];
      if (next?.kind === 'many') {
        retryToken = ++token;
        retryAt = at;
      } else if (next?.accepts(characters[at]) === true) {
        at++;
        token++;
      } else if (retryToken !== -1) {
        token = retryToken;
        at = ++retryAt;
      } else return false;
    }
    while (this.tokens[token]?.kind === 'many') token++;
    return token === this.tokens.length;
  }
}

/** Whether the characters say more than themselves. */
export function isPattern(characters: readonly Character[]): boolean {
  return tokensOf(characters).some(({ kind }) => kind !== 'itself');
}

function tokensOf(characters: readonly Character[]): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at++) {
    const { value, isQuoted } = characters[at];
    if (!isQuoted && value === '*') tokens.push({ kind: 'many' });
    else if (!isQuoted && value === '?') tokens.push({ kind: 'any', accepts: () => true });
    else {
      const set = !isQuoted && value === '[' ? setAt(characters, at) : null;
      const itself = (character: string): boolean => character === value;
      tokens.push(set === null ? { kind: 'itself', accepts: itself } : { kind: 'set', accepts: set.accepts });
      at = set?.end ?? at;
    }
  }
  return tokens;
}

interface CharacterSet {
  /** Position of the closing bracket. */
  readonly end: number;
  readonly accepts: (character: string) => boolean;
}

/** The set that opens at a bracket; null when nothing closes it, so that the bracket means itself. */
function setAt(characters: readonly Character[], open: number): CharacterSet | null {
  let at = open + 1;
  const isPlain = (index: number, value: string): boolean =>
    characters[index]?.value === value && !characters[index].isQuoted;
  const isNegated = isPlain(at, '!') || isPlain(at, '^');
  if (isNegated) at++;
  const members: ((character: string) => boolean)[] = [];
  for (const first = at; at < characters.length; at++) {
    if (isPlain(at, ']') && at > first) {
      const isMember = (character: string): boolean => members.some((accepts) => accepts(character));
      return { end: at, accepts: (character) => isMember(character) !== isNegated };
    }
    const named = isPlain(at, '[') && isPlain(at + 1, ':') ? classAt(characters, at) : null;
    if (named !== null) {
      members.push((character) => named.pattern.test(character));
      at = named.end;
      continue;
    }
    const from = characters[at].value;
    const isRange = isPlain(at + 1, '-') && at + 2 < characters.length && !isPlain(at + 2, ']');
    const to = isRange ? characters[at + 2].value : from;
    members.push((character) => from <= character && character <= to);
    if (isRange) at += 2;
  }
  return null;
}

/**
 * The classes of glibc's C.UTF-8: its digits are those of ASCII, the digits of other scripts are letters to it, and a
 * space that must not break is a visible character.
 */
const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /^[\p{Alphabetic}\p{Nd}]$/u,
  alpha: /^(?![0-9])[\p{Alphabetic}\p{Nd}]$/u,
  blank: /^(?![\u00a0\u2007\u202f])[\t\p{Zs}]$/u,
  cntrl: /^[\p{Cc}\p{Zl}\p{Zp}]$/u,
  digit: /^[0-9]$/,
  graph: /^(?:[^\p{Cc}\p{Cn}\p{Cs}\p{Z}]|[\u00a0\u2007\u202f])$/u,
  lower: /^[\p{Lowercase}\p{Lt}]$/u,
  print: /^[^\p{Cc}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]$/u,
  punct: /^(?![\p{Alphabetic}\p{Nd}])(?:[^\p{Cc}\p{Cn}\p{Cs}\p{Z}]|[\u00a0\u2007\u202f])$/u,
  space: /^(?![\u00a0\u2007\u202f])[\t-\r\p{Z}]$/u,
  upper: /^[\p{Uppercase}\p{Lt}]$/u,
  word: /^[\p{Alphabetic}\p{Nd}_]$/u,
  xdigit: /^[0-9A-Fa-f]$/,
};
const NONE = /^(?!)/;

function classAt(characters: readonly Character[], open: number): { pattern: RegExp; end: number } | null {
  const rest = characters
    .slice(open, open + 12)
    .map(({ value }) => value)
    .join('');
  const found = /^\[:([a-z]+):\]/.exec(rest);
  return found === null ? null : { pattern: CLASSES[found[1]] ?? NONE, end: open + found[0].length - 1 };
}
