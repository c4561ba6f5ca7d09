import type { KeyObject } from 'node:crypto';
import { type Ed25519Key, signEd25519, verifiesEd25519 } from '../../../kernel/crypto/index.js';

/** The word of a key for the one that replaces it: who trusts the former can go on to the latter. */
export function endorse(previous: Ed25519Key, keyId: string): Buffer {
  return signEd25519(statementOf(previous.id, keyId), previous);
}

export function isEndorsed(
  previous: { readonly keyId: string; readonly verifier: KeyObject },
  keyId: string,
  endorsement: Uint8Array,
): boolean {
  return verifiesEd25519(statementOf(previous.keyId, keyId), endorsement, previous.verifier);
}

function statementOf(previousKeyId: string, keyId: string): string {
  return `reeve-audit-key/1\n${previousKeyId}\n${keyId}\n`;
}
