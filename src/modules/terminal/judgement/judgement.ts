import type { CommandForm, DecidedSegment, Decision, Reason, Verdict } from '../decision/index.js';

/** A command that somebody asks about. */
export interface Ask {
  readonly command: CommandForm;
  readonly mode: 'local' | 'server';
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly gatewayId?: string;
  readonly interactive?: boolean;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly segments: readonly DecidedSegment[];
  readonly digest: string;
  readonly policyVersion: string;
  /** Patterns of the narrowest rules that would have allowed it. */
  readonly suggestions: readonly string[];
  /** The window to be used when the command is to run: it would not be allowed without. */
  readonly trustWindowId: string | null;
}

/** What was decided, and what of it turns out otherwise here. */
export function judgementFrom(decision: Decision, otherwise: Partial<Judgement> = {}): Judgement {
  const { verdict, reasons, segments, digest, policyVersion, suggestions } = decision;
  return {
    verdict,
    reasons,
    segments,
    digest,
    policyVersion,
    suggestions,
    trustWindowId: null,
    ...otherwise,
  };
}
