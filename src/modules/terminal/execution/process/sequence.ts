import { type ExecutablePin, type LiteralSegment, readLiteralText } from '../../decision/index.js';
import type { Character } from './pathname-pattern.js';

export interface Redirect {
  readonly descriptor: 0 | 1 | 2;
  readonly to: 'null' | 1 | 2;
}

export interface SimpleCommand {
  readonly words: readonly (readonly Character[])[];
  readonly redirects: readonly Redirect[];
  readonly pin: ExecutablePin | undefined;
}

/** Commands connected by `|`, and when they run: by how the one before them ended. */
export interface Pipeline {
  readonly runs: 'always' | 'after_success' | 'after_failure';
  readonly commands: readonly SimpleCommand[];
}

/** What was allowed cannot be read as what was allowed; that is a fault of the program, and nothing may run. */
export class NotASequence extends Error {}

/**
 * The commands of a text that the strict pass let through: the words are those that were judged, and what lies between
 * them says how they go together. What a shell would do with the rest of its language cannot come about: there is none.
 *
 * @param pins by the position of the command
 * @throws NotASequence
 */
export function readSequence(text: string, pins: readonly (ExecutablePin | undefined)[]): Pipeline[] {
  const segments = readLiteralText(text);
  if (!Array.isArray(segments)) throw new NotASequence(segments.message);
  const pipelines: { runs: Pipeline['runs']; commands: SimpleCommand[] }[] = [];
  let join: Join = 'always';
  segments.forEach((segment, index) => {
    const { command, next } = commandOf(text, segment, pins[index]);
    if (join === 'pipe') pipelines[pipelines.length - 1].commands.push(command);
    else pipelines.push({ runs: join, commands: [command] });
    join = next;
  });
  return pipelines;
}

/** A command of which every word means itself. */
export function literalCommand(argv: readonly string[], pin?: ExecutablePin): SimpleCommand {
  return { words: argv.map((word) => quoted(word)), redirects: [], pin };
}

type Join = Pipeline['runs'] | 'pipe';

function commandOf(
  text: string,
  { argv, places, from }: LiteralSegment,
  pin: ExecutablePin | undefined,
): { command: SimpleCommand; next: Join } {
  const words: Character[][] = [];
  const redirects: Redirect[] = [];
  let next: Join = 'always';
  argv.forEach((value, index) => {
    const at = from + 2 * index;
    const [start, end] = [places[at], places[at + 1]];
    words.push(wordOf(text.slice(start, end), value));
    // The places of all commands stand in one list, so the next one is where the next word begins, whoever's it is.
    const gapEnd = places[at + 2] ?? text.length;
    const gap = readGap(text.slice(end, gapEnd));
    redirects.push(...gap.redirects);
    next = gap.join;
  });
  return { command: { words, redirects, pin }, next };
}

const BLANK = /[ \t]+/y;
const TO_NULL = /([012]?)(>>?|<)[ \t]{0,8}\/dev\/null/y;
const BOTH_TO_NULL = /&>[ \t]{0,8}\/dev\/null/y;
const TO_OTHER = /([12]?)>&([12])/y;
const JOIN = /&&|\|\||[;|\n]/y;

/** What lies between two words. Blanks alone leave `always`, which only counts between commands. */
function readGap(gap: string): { redirects: Redirect[]; join: Join } {
  const redirects: Redirect[] = [];
  const joins: string[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(gap);
    at += found?.[0].length ?? 0;
    return found;
  };
  while (at < gap.length) {
    if (take(BLANK) !== null) continue;
    const toNull = take(TO_NULL);
    if (toNull !== null) {
      const [, descriptor, operator] = toNull;
      const usual = operator === '<' ? 0 : 1;
      redirects.push({
        descriptor: descriptor === '' ? usual : (Number(descriptor) as 0 | 1 | 2),
        to: 'null',
      });
      continue;
    }
    if (take(BOTH_TO_NULL) !== null) {
      redirects.push({ descriptor: 1, to: 'null' }, { descriptor: 2, to: 'null' });
      continue;
    }
    const toOther = take(TO_OTHER);
    if (toOther !== null) {
      const [, descriptor, target] = toOther;
      redirects.push({ descriptor: descriptor === '2' ? 2 : 1, to: target === '1' ? 1 : 2 });
      continue;
    }
    const joined = take(JOIN);
    if (joined === null) throw new NotASequence('There is something between the words that was not judged.');
    joins.push(joined[0]);
  }
  return { redirects, join: joinOf(joins) };
}

/** Newlines after an operator only make the text wider. */
function joinOf(joins: readonly string[]): Join {
  const operators = joins.filter((operator) => operator !== '\n');
  if (operators.length > 1) throw new NotASequence('Two operators stand side by side.');
  switch (operators[0]) {
    case '&&':
      return 'after_success';
    case '||':
      return 'after_failure';
    case '|':
      return 'pipe';
    default:
      return 'always';
  }
}

/** The word's characters, those that quotes protect marked; they are the ones that were judged, or nothing runs. */
function wordOf(raw: string, value: string): Character[] {
  const characters: Character[] = [];
  for (let at = 0; at < raw.length; at++) {
    const character = raw[at];
    if (character === "'") {
      const end = raw.indexOf("'", at + 1);
      characters.push(...quoted(raw.slice(at + 1, end)));
      at = end;
    } else if (character === '"') {
      for (at++; raw[at] !== '"'; at++) {
        if (raw[at] === '\\' && '$`"\\'.includes(raw[at + 1])) at++;
        characters.push({ value: raw[at], isQuoted: true });
      }
    } else if (character === '\\') characters.push({ value: raw[++at], isQuoted: true });
    else characters.push({ value: character, isQuoted: false });
  }
  if (characters.map((character) => character.value).join('') !== value)
    throw new NotASequence('A word is read otherwise than it was judged.');
  return whole(characters);
}

function quoted(text: string): Character[] {
  return [...text].map((value) => ({ value, isQuoted: true }));
}

/** Halves of characters beyond the first plane, which came one by one, put together. */
function whole(characters: readonly Character[]): Character[] {
  return characters.reduce<Character[]>((joined, character) => {
    const last = joined.at(-1);
    if (last !== undefined && /^[\ud800-\udbff]$/.test(last.value))
      joined[joined.length - 1] = { ...last, value: last.value + character.value };
    else joined.push(character);
    return joined;
  }, []);
}
