import { leafHashOfText, personalDigestOfText } from '../../../kernel/events/index.js';
import type { LogEntry } from './sealed-log.js';

/** Whether the entry has the hash that it is said to have, everywhere. */
export function isEntryRight({ text, leafHash, copies }: LogEntry): boolean {
  if (text === null || leafHashOfText(text) !== leafHash) return false;
  return copies.every((copy) => copy === leafHash);
}

/** A personal part that has been erased is not wrong. */
export function isPersonalRight({ personal, personalDigest }: LogEntry): boolean {
  if (personal === null) return true;
  if (personal.text === null) return false;
  return personalDigestOfText(personal.text, Buffer.from(personal.salt, 'hex')) === personalDigest;
}
