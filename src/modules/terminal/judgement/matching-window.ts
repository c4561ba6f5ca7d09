import { decide, type Decision, type DecisionRequest, type Reason } from '../decision/index.js';
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

function under(
  { id, digest, pattern }: TrustWindow,
  request: DecisionRequest,
  decision: Decision,
  { sources }: Standing,
): Decision | null {
  if (pattern === null) return digest === decision.digest ? decision : null;
  const widened = decide(request, compiledWith(sources, { id, pattern }));
  return widened.verdict === 'allow' ? widened : null;
}

function whyTrusted({ grantedByName, expiresAt }: TrustWindow): Reason {
  return { code: 'trusted', message: `${grantedByName} trusts this until ${expiresAt.toISOString()}.` };
}
