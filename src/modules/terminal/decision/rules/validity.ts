import type { Said } from '../commands/known-words.js';

let made = 0;

/**
 * Tells the rules of one policy from those of every other, and when the next of them expires. What rules say about a
 * command stays the same until then, so it can be remembered with a number, which keeps no policy alive.
 */
export class Validity {
  private readonly rules = ++made;
  private readonly ends: readonly number[];

  constructor(rules: readonly { readonly expiresAt?: number }[]) {
    this.ends = rules
      .flatMap(({ expiresAt = Infinity }) => (expiresAt === Infinity ? [] : [expiresAt]))
      .sort((one, other) => one - other);
  }

  holds(said: Said<unknown>, at: number): boolean {
    return said.rules === this.rules && said.from <= at && at < said.until;
  }

  from<Answer>(at: number, answer: Answer): Said<Answer> {
    return { rules: this.rules, from: at, until: this.ends.find((end) => end > at) ?? Infinity, answer };
  }
}
