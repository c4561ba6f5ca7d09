import type { Reason } from '../decision/index.js';

/** What a command says that rules or rights took back while it waited. */
export const NOT_ALLOWED_NOW: Reason = {
  code: 'policy',
  message: 'Rules or rights have changed since it was asked for; now they do not let it run.',
};

/** What refuses a command by the rules and rights of now. */
export class RefusedNow {
  constructor(readonly refusedBy: readonly Reason[]) {}

  /** What the command says from then on, beside what it said before. */
  get reasons(): readonly Reason[] {
    return [NOT_ALLOWED_NOW, ...this.refusedBy];
  }
}
