import { guardFor, type KnownGuard, withoutVersion } from '../guards/guards.js';
import { conditionsFor, type PreparedCondition } from '../safety/conditions.js';
import { DOWNLOADERS } from '../safety/downloaders.js';
import type { FewWords } from '../text/few-words.js';
import { firstWordsOf, type KnownWrapper, wrappersFor } from './known-wrappers.js';
import { renamingOf, type Renaming } from './other-names.js';
import { programNameOf } from './program-name.js';
import { programPattern } from './program-pattern.js';

/**
 * What is known about a program, whatever its arguments. All of it hangs on the word it is called by alone, so it is
 * found out once for each word and not for each command.
 */
export interface Program {
  readonly name: string;
  /** What it stands for when it is a pattern: `/bin/r?`. */
  readonly pattern: RegExp | undefined;
  readonly wrappers: readonly KnownWrapper[];
  /** Those of them that need no particular words first, and the words one of which the others need. */
  readonly plainWrappers: readonly KnownWrapper[];
  readonly wrapperWords: FewWords;
  readonly conditions: readonly PreparedCondition[];
  readonly guard: KnownGuard | undefined;
  /** One of the ways is to read what to run. */
  readonly readsInput: boolean;
  /** How its commands are put under other names; most have none. */
  readonly renaming: Renaming | undefined;
  readonly isDownloader: boolean;
  readonly changesDirectory: boolean;
  /** What it runs gets files that it found or was given. */
  readonly handsFiles: boolean;
}

const CHANGES_DIRECTORY = new Set(['cd', 'pushd', 'chdir', 'popd']);
const HANDS_FILES = new Set(['find', 'gfind', 'fd', 'fdfind', 'xargs', 'gxargs']);

const known = new Map<string, Program>();
const CAPACITY = 2_000;

/**
 * Names come from whoever asks, so the memory is emptied when it is full; the same few names fill it again.
 */
export function programCalled(word: string): Program {
  const remembered = known.get(word);
  if (remembered !== undefined) return remembered;
  const program = foundOut(word);
  if (known.size >= CAPACITY) known.clear();
  if (word.length <= 64) known.set(word, program);
  return program;
}

function foundOut(word: string): Program {
  const name = programNameOf(word);
  const plain = withoutVersion(name);
  const own = wrappersFor(name);
  const wrappers = own.length === 0 && plain !== name ? wrappersFor(plain) : own;
  const conditions = conditionsFor(name);
  const pattern = programPattern(word);
  return {
    name,
    pattern,
    wrappers,
    plainWrappers: wrappers.filter(({ first }) => first.length === 0),
    wrapperWords: firstWordsOf(wrappers),
    conditions: conditions.length === 0 && plain !== name ? conditionsFor(plain) : conditions,
    readsInput: wrappers.some(({ readsInput }) => readsInput),
    guard: guardFor(name),
    renaming: renamingOf(name, pattern),
    isDownloader: DOWNLOADERS.has(name),
    changesDirectory: CHANGES_DIRECTORY.has(word),
    handsFiles: HANDS_FILES.has(name),
  };
}

/** A shell that reads a script from its input when it is given nothing else; of an interpreter only some do. */
export function readsScripts({ wrappers }: Program): boolean {
  return wrappers.some(({ readsInput, runs }) => readsInput && runs !== 'inside');
}
