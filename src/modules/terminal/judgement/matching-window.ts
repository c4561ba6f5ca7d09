import {
  type CompiledPolicy,
  decide,
  type Decision,
  type DecisionRequest,
  type Reason,
} from '../decision/index.js';
import { compiledWith } from '../rules/compiled.js';
import type { TrustWindow } from '../trust/trust-window.entity.js';
import { type Judgement, judgementFrom } from './judgement.js';
import type { Standing } from './standing.js';

/** The verdict under the first window that covers a command which needs a person; null when none does. */
export function matchingWindow(
  request: DecisionRequest,
  decision: Decision,
  standing: Standing,
): Judgement | null {
  for (const window of standing.windows) {
    if (window.expiresAt.getTime() <= request.at) continue;
    if (window.gatewayId !== null && window.gatewayId !== request.gatewayId) continue;
    const trusted = under(window, request, decision, standing);
    if (trusted !== null)
      return judgementFrom(trusted, {
        verdict: 'allow',
        reasons: [whyTrusted(window)],
        trustWindowId: window.id,
      });
  }
  return null;
}

/** The rules with the window among them. A window is read together with the rules that reach its principal, and ends with them. */
const widened = new WeakMap<TrustWindow, CompiledPolicy>();

function under(
  window: TrustWindow,
  request: DecisionRequest,
  decision: Decision,
  { sources }: Standing,
): Decision | null {
  const { id, digest, pattern } = window;
  if (pattern === null) return digest === decision.digest ? decision : null;
  const policy = widened.get(window) ?? compiledWith(sources, { id, pattern });
  widened.set(window, policy);
  const decided = decide(request, policy);
  return decided.verdict === 'allow' ? decided : null;
}

function whyTrusted({ grantedByName, expiresAt }: TrustWindow): Reason {
  return { code: 'trusted', message: `${grantedByName} trusts this until ${expiresAt.toISOString()}.` };
}
