import { guardFor, type KnownGuard, withoutVersion } from '../guards/guards.js';
import { conditionsFor, type PreparedCondition } from '../safety/conditions.js';
import { firstWordsOf, type KnownWrapper, wrappersFor } from './known-wrappers.js';
import { programNameOf } from './program-name.js';

/** What is known about a program, whatever its arguments. */
export interface Program {
  readonly name: string;
  readonly wrappers: readonly KnownWrapper[];
  /** Those of them that need no particular words first, and the words one of which the others need. */
  readonly plainWrappers: readonly KnownWrapper[];
  readonly wrapperWords: ReadonlySet<string>;
  readonly conditions: readonly PreparedCondition[];
  readonly guard: KnownGuard | undefined;
}

const known = new Map<string, Program>();
const CAPACITY = 2_000;

/**
 * Names come from whoever asks, so the memory is emptied when it is full; the same few names fill it again.
 */
export function programCalled(word: string): Program {
  const remembered = known.get(word);
  if (remembered !== undefined) return remembered;
  const name = programNameOf(word);
  const plain = withoutVersion(name);
  const own = wrappersFor(name);
  const wrappers = own.length === 0 && plain !== name ? wrappersFor(plain) : own;
  const conditions = conditionsFor(name);
  const program = {
    name,
    wrappers,
    plainWrappers: wrappers.filter(({ first }) => first.length === 0),
    wrapperWords: firstWordsOf(wrappers),
    conditions: conditions.length === 0 && plain !== name ? conditionsFor(plain) : conditions,
    guard: guardFor(name),
  };
  if (known.size >= CAPACITY) known.clear();
  if (word.length <= 64) known.set(word, program);
  return program;
}

/** A shell that reads a script from its input when it is given nothing else; of an interpreter only some do. */
export function readsScripts({ wrappers }: Program): boolean {
  return wrappers.some(({ readsInput, runs }) => readsInput && runs !== 'inside');
}
