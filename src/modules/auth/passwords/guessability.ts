import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common';
import { dictionary as english } from '@zxcvbn-ts/language-en';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isRepetitionOfLessThan, repeatedUnit } from './repetition.js';

/** 10^8 guesses: out of reach online, and a month of one core against the hash. Below is zxcvbn's score 0 to 2. */
const ENOUGH_LOG10 = 8;

/**
 * Characters judged at a time. zxcvbn's time grows steeply with length and with the leet spellings it tries: 128
 * characters take up to 0.8 s. Pieces of this size with few substitutions stay near 10 ms at worst.
 */
const PIECE = 20;
const MOST_SUBSTITUTIONS = 8;

/** What is repeated must be as long as a password itself to count for one. */
const SHORTEST_REPEATED = 12;

/** Built on first use: the dictionaries take some 120 ms. */
let estimator: ZxcvbnFactory | undefined;

/**
 * Whether a guesser who knows words, names, dates, keyboard rows and leet would need fewer than 10^8 guesses. Text that
 * only repeats itself is as strong as what it repeats, and not at all when that is short. Long text is judged piece by piece, with a turn for the event
 * loop between pieces, until there is strength enough.
 */
export async function isGuessable(password: string): Promise<boolean> {
  if (isRepetitionOfLessThan(SHORTEST_REPEATED, password)) return true;
  let log10 = 0;
  for (const piece of differentPiecesOf(repeatedUnit(password))) {
    log10 += guessesLog10(piece);
    if (log10 >= ENOUGH_LOG10) return false;
    await nextTurn();
  }
  return true;
}

/** Loads the dictionaries and lets the compiler see the code, so that the first person to choose a password need not wait. */
export function prepareGuessability(): void {
  for (const sample of ['Warming up 1999-12-31!', 'qwertyuiop 0987654321', '3x4mpl3 $3nt3nc3'])
    guessesLog10(sample);
}

function guessesLog10(piece: string): number {
  estimator ??= new ZxcvbnFactory({
    dictionary: { ...common, ...english },
    graphs: adjacencyGraphs,
    l33tMaxSubstitutions: MOST_SUBSTITUTIONS,
  });
  return estimator.check(piece).guessesLog10;
}

/** What a guesser has guessed once costs nothing the second time: pieces that repeat the same thing count as one. */
function differentPiecesOf(text: string): Set<string> {
  const pieces = new Set<string>();
  for (let at = 0; at < text.length; at += PIECE) pieces.add(repeatedUnit(text.slice(at, at + PIECE)));
  return pieces;
}
