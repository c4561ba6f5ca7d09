import type { Credential } from '../../../kernel/operation/index.js';

export type SessionCredential = Extract<Credential, { kind: 'session' }>;

const NO_SESSION = '00000000-0000-0000-0000-000000000000';
const NEVER = new Date(0);

/**
 * The credential of somebody who showed an access token of the former system: such a token belongs to no session of ours,
 * and says nothing about when its owner last proved who they are, so it never counts as a fresh proof.
 */
export const SESSIONLESS: SessionCredential = Object.freeze({
  kind: 'session',
  sessionId: NO_SESSION,
  familyId: NO_SESSION,
  authenticatedAt: NEVER,
  amr: Object.freeze([]),
});

export function isSessionless(credential: SessionCredential): boolean {
  return credential.familyId === NO_SESSION;
}
