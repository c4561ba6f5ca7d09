/**
 * What is decided about a command. `allow`: it runs without a person. `confirm`: the user's own client asks the user.
 * `approve`: somebody else has to agree. `reject`: a block rule refuses it. `deny`: it is never run as it is.
 */
export type Verdict = 'allow' | 'confirm' | 'approve' | 'reject' | 'deny';

const STRICTNESS: Record<Verdict, number> = { allow: 0, confirm: 1, approve: 2, reject: 3, deny: 4 };

/** The strictest part decides about the whole. */
export function stricter(one: Verdict, other: Verdict): Verdict {
  return STRICTNESS[other] > STRICTNESS[one] ? other : one;
}

/** Why a verdict is what it is, in words a developer can act on. */
export interface Reason {
  /** Stable and snake_case; entries of the safety list are `safety:<id>`. */
  readonly code: string;
  readonly message: string;
  /** The position in `segments` of the command it is about; absent when it is about the whole. */
  readonly segment?: number;
}
