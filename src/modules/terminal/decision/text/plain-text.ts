import { Character, kindOfCharacter } from './characters.js';
import { FewWords } from './few-words.js';
import { RESERVED } from './reserved-words.js';
import { Sign, signOf } from './signs.js';

/** A simple command as it stands in a text. */
export interface PlainCommand {
  readonly argv: string[];
  /** What may be in its arguments. */
  signs: number;
  /** Its output goes to the next one. */
  isPiped: boolean;
}

export interface PlainText {
  readonly commands: readonly PlainCommand[];
  /** There is a `{}`: a word to every shell, but nothing that a literal text may have. */
  readonly hasBraces: boolean;
}

const IN_QUOTES = Character.Word | Character.Blank | Character.Separator | Character.Quoted;
const ENDS_WORD = Character.Blank | Character.Separator;

/** Names after which other rules hold for the words that follow. */
const CHANGES_READING = new FewWords([
  ...RESERVED,
  ...'export local alias declare typeset readonly eval let'.split(' '),
]);

/**
 * Reads the texts that have one meaning to everybody: words of harmless characters, or in one pair of quotes with nothing
 * in them that means anything, between `&&`, `||`, `;` and `|`. Most commands are such texts. What they consist of is
 * what the parser and the reader of literal texts would say too, which the tests compare; anything else is left to them,
 * and so is whatever is not complete.
 */
export function readPlain(text: string): PlainText | undefined {
  const { length } = text;
  const commands: PlainCommand[] = [];
  let hasBraces = false;
  let isEndFit = false;
  let at = 0;
  for (;;) {
    const argv: string[] = [];
    let signs = 0;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      const kind = kindOfCharacter(code);
      if (kind === Character.Blank) continue;
      if (kind === Character.Separator) break;
      const isName = argv.length === 0;
      const start = at;
      let own = 0;
      let word: string;
      if (kind === Character.Word) {
        own = signOf(code);
        for (at++; at < length; at++) {
          const next = text.charCodeAt(at);
          if (kindOfCharacter(next) !== Character.Word) break;
          own |= signOf(next);
        }
        // Settings before a command, and what some shells look up.
        if ((own & Sign.Equals) !== 0 && (isName || code === 0x3d)) return undefined;
        word = text.slice(start, at);
        if (isName && CHANGES_READING.has(word)) return undefined;
      } else if (isName) {
        return undefined;
      } else if (kind === Character.Quote) {
        for (at++; at < length; at++) {
          const next = text.charCodeAt(at);
          if ((kindOfCharacter(next) & IN_QUOTES) === 0) break;
          own |= signOf(next);
        }
        if (at >= length || text.charCodeAt(at) !== code) return undefined;
        word = text.slice(start + 1, at++);
      } else if (kind === Character.Pair) {
        const next = text.charCodeAt(at + 1);
        if (code === 0x7b && next === 0x7d) {
          word = '{}';
          own = Sign.Brace;
          hasBraces = true;
        } else if (code === 0x5c && next === 0x3b) {
          word = ';';
          own = Sign.Inside;
        } else return undefined;
        at += 2;
      } else return undefined;
      if (!isName) signs |= own;
      argv.push(word);
      // Whatever comes right after a word and ends none belongs to it.
      const after = at < length ? kindOfCharacter(text.charCodeAt(at)) : Character.Blank;
      if ((after & ENDS_WORD) === 0) return undefined;
      if (after === Character.Separator) break;
    }
    if (argv.length === 0) return at >= length && isEndFit ? { commands, hasBraces } : undefined;
    const command = { argv, signs, isPiped: false };
    commands.push(command);
    if (at >= length) return { commands, hasBraces };
    const code = text.charCodeAt(at);
    const isDouble = text.charCodeAt(at + 1) === code;
    isEndFit = code === 0x3b; // ;
    if (code === 0x7c) command.isPiped = !isDouble; // |
    if (isEndFit || command.isPiped) at++;
    else if (isDouble) at += 2;
    else return undefined; // a single &
  }
}
