import { createHash, type KeyObject } from 'node:crypto';
import { type Ed25519Key, signEd25519, verifiesEd25519 } from '../../../kernel/crypto/index.js';
import { HASH_BYTES } from '../tree/tree-hash.js';

/** What a checkpoint says (C2SP tlog-checkpoint). */
export interface CheckpointText {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** A checkpoint with its signatures (C2SP signed-note). */
export interface CheckpointNote extends CheckpointText {
  /** The text that is signed, its last line end included. */
  readonly signed: string;
  readonly signatures: readonly NoteSignature[];
}

interface NoteSignature {
  readonly name: string;
  /** Key hash, 4 bytes, and what the key made. */
  readonly bytes: Buffer;
}

const ED25519 = 0x01;
const KEY_HASH_BYTES = 4;
const DASH = '— ';

export function signedNote(text: CheckpointText, key: Ed25519Key): string {
  const signed = textOf(text);
  const hash = keyHash(text.origin, key.publicKey);
  const signature = Buffer.concat([hash, signEd25519(signed, key)]).toString('base64');
  return `${signed}\n${DASH}${text.origin} ${signature}\n`;
}

const NOTE = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n\n((?:— [^\n]+\n)+)$/;
const SIGNATURE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/;

/** Null when it has not the form of a signed checkpoint. */
export function readNote(note: string): CheckpointNote | null {
  const [, origin, size, encodedRoot, lines] = NOTE.exec(note) ?? [];
  if (origin === undefined) return null;
  const root = Buffer.from(encodedRoot, 'base64');
  const text = { origin, size: Number(size), root };
  // One root has one spelling: spare bits that decoding forgives would be another.
  if (root.length !== HASH_BYTES || root.toString('base64') !== encodedRoot) return null;
  const signatures = lines.trimEnd().split('\n').flatMap(signatureIn);
  return { ...text, signed: textOf(text), signatures };
}

const NOTES = new RegExp(`^${NOTE.source.slice(1, -1)}`, 'gm');

/** The notes of a file that has one or several; what a crash has left half of is passed over. */
export function notesIn(file: string): string[] {
  return file.match(NOTES) ?? [];
}

/** Whether the note carries a signature of the log itself by this key. */
export function isSignedBy(note: CheckpointNote, publicKey: Uint8Array, verifier: KeyObject): boolean {
  const hash = keyHash(note.origin, publicKey);
  return note.signatures.some(
    ({ name, bytes }) =>
      name === note.origin &&
      bytes.subarray(0, KEY_HASH_BYTES).equals(hash) &&
      verifiesEd25519(note.signed, bytes.subarray(KEY_HASH_BYTES), verifier),
  );
}

/** A public key in the form of Go's note verifiers: name, key hash, and the key under its type. */
export function verifierKey(origin: string, publicKey: Uint8Array): string {
  const typed = Buffer.from([ED25519, ...publicKey]).toString('base64');
  return `${origin}+${keyHash(origin, publicKey).toString('hex')}+${typed}`;
}

const VERIFIER_KEY = /^[^\s+]+\+[0-9a-f]{8}\+([A-Za-z0-9+/]+={0,2})$/;

/** The public key in a verifier key; null when it is none, or of another algorithm. */
export function publicKeyIn(verifierKey: string): Buffer | null {
  const encoded = VERIFIER_KEY.exec(verifierKey)?.[1];
  const typed = Buffer.from(encoded ?? '', 'base64');
  return typed.length === 1 + HASH_BYTES && typed[0] === ED25519 ? typed.subarray(1) : null;
}

function textOf({ origin, size, root }: CheckpointText): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

function keyHash(origin: string, publicKey: Uint8Array): Buffer {
  const digest = createHash('sha256')
    .update(`${origin}\n`)
    .update(Buffer.from([ED25519]))
    .update(publicKey)
    .digest();
  return digest.subarray(0, KEY_HASH_BYTES);
}

function signatureIn(line: string): NoteSignature[] {
  const [, name, encoded] = SIGNATURE.exec(line) ?? [];
  return name === undefined ? [] : [{ name, bytes: Buffer.from(encoded, 'base64') }];
}
