import { Sign, signsIn } from '../text/signs.js';

/** Whether a word may name one of the places the safety list knows; most words have nothing that could. */
export function mayNamePlace(word: string): boolean {
  return (signsIn(word) & Sign.Place) !== 0;
}
