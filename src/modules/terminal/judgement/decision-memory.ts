import { decide, type Decision, type DecisionRequest } from '../decision/index.js';
import type { Standing } from './standing.js';

/** Of all callers together: a few megabytes. */
const MOST = 4_096;
const LONGEST_TEXT = 300;
/** Of all segments; what a script fills in can make much of a short text. */
const MOST_WORDS = 300;

interface Remembered {
  /** Weak, because standings have their own bound: what is remembered must not keep thousands of old ones, rules and all. */
  readonly standing: WeakRef<Standing>;
  readonly decision: Decision;
}

/**
 * Decisions that were made before. One holds for the same caller, text, place and mode as long as nothing of what decides
 * besides has changed: then there is another standing, and what was decided under this one is never looked at again.
 */
export class DecisionMemory {
  private readonly known = new Map<string, Remembered>();

  decide(request: DecisionRequest, standing: Standing): Decision {
    const { text } = request.command;
    const isUsual = text !== undefined && text.length <= LONGEST_TEXT && request.env === undefined;
    // Rules that end are part of a standing until the first of them does.
    if (!isUsual || request.at >= standing.validUntilMs) return decide(request, standing.policy);
    const key = keyOf(request, text);
    const known = this.known.get(key);
    if (known !== undefined && known.standing.deref() === standing) return known.decision;
    const decision = decide(request, standing.policy);
    if (wordsOf(decision) <= MOST_WORDS) this.remember(key, { standing: new WeakRef(standing), decision });
    return decision;
  }

  private remember(key: string, remembered: Remembered): void {
    if (this.known.size >= MOST) this.known.delete(this.known.keys().next().value ?? '');
    this.known.set(key, remembered);
  }
}

function wordsOf({ segments }: Decision): number {
  return segments.reduce((sum, { argv }) => sum + argv.length, 0);
}

/** The text comes last and nothing before it can contain NUL, so that no two questions share a key. */
function keyOf({ principal, gatewayId, mode, cwd, interactive }: DecisionRequest, text: string): string {
  const place = cwd === undefined ? '' : `in ${cwd}`;
  return `${principal.kind}\0${principal.id}\0${gatewayId}\0${mode}\0${interactive}\0${place}\0${text}`;
}
