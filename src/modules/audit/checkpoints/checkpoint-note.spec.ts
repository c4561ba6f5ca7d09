import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ed25519PublicKey,
  generateEd25519Key,
  importEd25519Key,
  Secret,
} from '../../../kernel/crypto/index.js';
import { endorse, isEndorsed } from '../keys/endorsement.js';
import { isSignedBy, notesIn, publicKeyIn, readNote, signedNote, verifierKey } from './checkpoint-note.js';

const documented = readFileSync(join(__dirname, '../../../../docs/audit-format.md'), 'utf8');
const ORIGIN = 'reeve.example.org/audit/00000000-0000-7000-8000-000000000001';
const ROOT = Buffer.from('2d74771e53bf691a882c1c598c8765e96f72612e6cdc8a4be75f725ed888c23f', 'hex');

/** PKCS #8 of the seed that consists of this byte (RFC 8410 §7). */
function keyOfSeed(byte: number) {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, byte)]);
  return importEd25519Key(
    new Secret(`-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`),
  );
}

const key = keyOfSeed(7);
const note = signedNote({ origin: ORIGIN, size: 1, root: ROOT }, key);
const verifier = ed25519PublicKey(key.publicKey);

describe('a signed checkpoint', () => {
  it('is what the documentation shows, byte for byte', () => {
    expect(documented).toContain(`\n\`\`\`\n${note}\`\`\`\n`);
    expect(documented).toContain(`\n${verifierKey(ORIGIN, key.publicKey)}\n`);
    expect(documented).toContain(key.id);
    expect(documented).toContain(`\n${endorse(key, keyOfSeed(8).id).toString('base64')}\n`);
  });

  it('is read back, and its signature holds for its key alone', async () => {
    const read = readNote(note)!;
    expect(read).toMatchObject({ origin: ORIGIN, size: 1, root: ROOT });
    expect(isSignedBy(read, key.publicKey, verifier)).toBe(true);
    const other = await generateEd25519Key();
    expect(isSignedBy(read, other.publicKey, ed25519PublicKey(other.publicKey))).toBe(false);
  });

  it('may carry signatures of witnesses besides', () => {
    const witnessed = readNote(`${note}— witness.example/w AAAAAAAA\n`)!;
    expect(witnessed.signatures).toHaveLength(2);
    expect(isSignedBy(witnessed, key.publicKey, verifier)).toBe(true);
  });

  it.each([
    ['another size', (text: string) => text.replace('\n1\n', '\n2\n')],
    ['another origin', (text: string) => text.replaceAll('reeve.example', 'leave.example')],
    ['another root', (text: string) => text.replace('LXR3', 'LXR4')],
    ['a changed signature', (text: string) => text.replace('LRv8Qw=', 'LRv9Qw=')],
  ])('does not hold with %s', (_change, change) => {
    const read = readNote(change(note));
    expect(read === null || isSignedBy(read, key.publicKey, verifier)).toBe(false);
  });

  it.each([
    ['a size with a leading zero', note.replace('\n1\n', '\n01\n')],
    ['a negative size', note.replace('\n1\n', '\n-1\n')],
    ['a root with spare bits', note.replace('wj8=', 'wj9=')],
    ['a line more', note.replace('\n1\n', '\n1\nmore\n')],
    ['no signature', note.slice(0, note.indexOf('—'))],
    ['Windows line ends', note.replaceAll('\n', '\r\n')],
    ['no last line end', note.trimEnd()],
  ])('is not read with %s', (_fault, text) => {
    expect(readNote(text)).toBeNull();
  });
});

describe('a file of checkpoints', () => {
  const second = signedNote({ origin: ORIGIN, size: 2, root: ROOT }, key);

  it('gives them one by one, passing over what a crash left', () => {
    expect(notesIn(note)).toEqual([note]);
    expect(notesIn(`${note}\n${second}\n`)).toEqual([note, second]);
    expect(notesIn(`${note}\n${second.slice(0, 80)}\n${second}\n`)).toEqual([note, second]);
    expect(notesIn('nothing of the kind\n')).toEqual([]);
  });
});

describe('keys', () => {
  it('are read from what note verifiers take', () => {
    expect(publicKeyIn(verifierKey(ORIGIN, key.publicKey))).toEqual(key.publicKey);
    expect(publicKeyIn('name+12345678+AAAA')).toBeNull();
    expect(publicKeyIn(ORIGIN)).toBeNull();
  });

  it('are endorsed by their predecessor alone', () => {
    const endorsement = endorse(key, keyOfSeed(8).id);
    expect(isEndorsed({ keyId: key.id, verifier }, keyOfSeed(8).id, endorsement)).toBe(true);
    expect(isEndorsed({ keyId: key.id, verifier }, keyOfSeed(9).id, endorsement)).toBe(false);
  });
});
