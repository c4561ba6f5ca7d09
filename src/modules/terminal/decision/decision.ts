import { digestOf } from './digest.js';
import type { DecisionRequest } from './request.js';
import type { ExecutablePin } from './rules/rule.js';
import type { Reason, Verdict } from './verdict.js';

export interface DecidedSegment {
  /** The command's words as the program would get them. */
  readonly argv: readonly string[];
  readonly verdict: Verdict;
  /** The id of the rule that allows or blocks it. */
  readonly rule: string | undefined;
  /** The program whose guard looked at the arguments. */
  readonly guard: string | undefined;
  /** To be checked by whoever runs it. */
  readonly pin: ExecutablePin | undefined;
}

export class Decision {
  private computed: string | undefined;

  constructor(
    private readonly request: DecisionRequest,
    readonly policyVersion: string,
    readonly verdict: Verdict,
    readonly reasons: readonly Reason[],
    readonly segments: readonly DecidedSegment[],
    /** Patterns of the narrowest rules that would have allowed it, where there are any. */
    readonly suggestions: readonly string[],
  ) {}

  /** Of the exact action; computed when first asked for, since most evaluations only want the verdict. */
  get digest(): string {
    return (this.computed ??= digestOf(this.request, this.policyVersion));
  }
}
