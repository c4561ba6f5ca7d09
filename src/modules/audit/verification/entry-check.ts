import {
  type AuditEntry,
  leafHashTextOf,
  personalDigestOf,
  type PersonalPart,
} from '../../../kernel/events/index.js';

/** Whether the entry has the hash, hexadecimal, that it is said to have. */
export function isContentRight(entry: AuditEntry, leafHash: string): boolean {
  return orNull(() => leafHashTextOf(entry)) === leafHash;
}

export interface SaltedPart {
  /** Hexadecimal. */
  readonly salt: string;
  readonly part: PersonalPart;
}

/** A personal part that has been erased is not wrong. */
export function isPersonalRight(personal: SaltedPart | null, digest: string | null): boolean {
  if (personal === null) return true;
  const { salt, part } = personal;
  const computed = orNull(() => personalDigestOf(part, Buffer.from(salt, 'hex')));
  return computed !== null && computed === digest;
}

/** What has no canonical form, such as half a character, was not hashed. */
function orNull(hashed: () => string): string | null {
  try {
    return hashed();
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
