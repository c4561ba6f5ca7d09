import type { Principal } from '../../../kernel/operation/index.js';
import { VoterNotEligible } from '../terminal.errors.js';

/** Somebody who wears another's identity is not the person whom four eyes ask for. @throws VoterNotEligible */
export function requireSelf({ kind, actor, credential }: Principal): void {
  if (kind !== 'user' || actor !== undefined || credential.kind !== 'session')
    throw new VoterNotEligible('Only a person who is signed in as themselves can vote.');
}

/** Roles are compared by their exact names; none is asked for when there are none. @throws VoterNotEligible */
export function requireRole(required: readonly string[], { roles }: Principal): void {
  if (required.length > 0 && !required.some((role) => roles.includes(role)))
    throw new VoterNotEligible(`One of these roles is needed: ${required.join(', ')}.`);
}
