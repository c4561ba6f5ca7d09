import type { CopiedRow } from './copied-rows.js';

/** A member of an object that is hashed, and the column that has its value. */
export interface Member {
  /** As it stands before the value: `{"action":` or `,"actorId":`. */
  readonly prefix: Buffer;
  /** `json` is the text of a list; empty for the empty list. */
  readonly kind: 'text' | 'uuid' | 'bytes' | 'json';
}

/** @param kinds by name, in the order of RFC 8785 */
export function membersOf(kinds: Readonly<Record<string, Member['kind']>>): Member[] {
  return Object.entries(kinds).map(([name, kind], index) => ({
    prefix: Buffer.from(`${index === 0 ? '{' : ','}"${name}":`),
    kind,
  }));
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const NULL = Buffer.from('null');
const EMPTY_LIST = Buffer.from('[]');
const END = 0x7d;
const HEX = Buffer.from('0123456789abcdef');
/** The longest escape of one byte: `\u001f`. */
const MOST_BYTES_PER_BYTE = 6;
/** Of the bytes of a UUID those with a hyphen before them: 4, 6, 8 and 10. */
const AFTER_HYPHEN = 0b101_0101_0000;
const HYPHEN = 0x2d;

/**
 * The canonical form (RFC 8785) of rows as the server copies them out: what `leafHashOf` and `personalDigestOf` hash of
 * the same values, without making strings of them.
 */
export class CanonicalBytes {
  private bytes = Buffer.alloc(64 * 1024);
  private end = 0;

  /** What was written since `begin`; valid until then. */
  get written(): Buffer {
    return this.bytes.subarray(0, this.end);
  }

  /** @param first bytes that come before everything else */
  begin(...first: number[]): void {
    this.end = 0;
    for (const byte of first) this.bytes[this.end++] = byte;
  }

  /** An object of the next columns of the row. */
  object(row: CopiedRow, members: readonly Member[]): void {
    for (const { prefix, kind } of members) {
      const length = row.next();
      this.makeRoom(prefix.length + MOST_BYTES_PER_BYTE * (Math.max(length, 0) + 2));
      this.constant(prefix);
      if (length === -1) {
        this.constant(NULL);
        continue;
      }
      this.value(kind, row.bytes, row.at, row.at + length);
      row.at += length;
    }
    this.bytes[this.end++] = END;
  }

  private value(kind: Member['kind'], source: Buffer, from: number, end: number): void {
    if (kind === 'json') {
      if (from === end) this.constant(EMPTY_LIST);
      while (from < end) this.bytes[this.end++] = source[from++];
      return;
    }
    this.bytes[this.end++] = QUOTE;
    if (kind === 'text') this.text(source, from, end);
    else this.hexadecimal(source, from, end, kind === 'uuid');
    this.bytes[this.end++] = QUOTE;
  }

  private text(source: Buffer, from: number, end: number): void {
    for (let at = from; at < end; at += 1) {
      const byte = source[at];
      if (byte === QUOTE || byte === BACKSLASH) this.bytes[this.end++] = BACKSLASH;
      if (byte < FIRST_PRINTABLE) this.control(byte);
      else this.bytes[this.end++] = byte;
    }
  }

  /** Control characters are rare: JSON may be asked how it writes them. */
  private control(byte: number): void {
    const escaped = JSON.stringify(String.fromCharCode(byte)).slice(1, -1);
    this.end += this.bytes.write(escaped, this.end, 'latin1');
  }

  private hexadecimal(source: Buffer, from: number, end: number, isUuid: boolean): void {
    for (let at = from; at < end; at += 1) {
      if (isUuid && ((AFTER_HYPHEN >> (at - from)) & 1) === 1) this.bytes[this.end++] = HYPHEN;
      this.bytes[this.end++] = HEX[source[at] >> 4];
      this.bytes[this.end++] = HEX[source[at] & 15];
    }
  }

  private constant(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += 1) this.bytes[this.end++] = bytes[at];
  }

  private makeRoom(more: number): void {
    if (this.end + more < this.bytes.length) return;
    const larger = Buffer.alloc(2 * (this.end + more));
    larger.set(this.written);
    this.bytes = larger;
  }
}
