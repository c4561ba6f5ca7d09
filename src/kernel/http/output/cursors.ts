import { Injectable } from '@nestjs/common';
import { KeyRing } from '../../crypto/index.js';
import { InvalidCursor, type JsonValue } from '../../problem/index.js';
import type { Page, PageQuery } from './page.js';

const PURPOSE = 'list cursor';
const MAC_BYTES = 32;

/**
 * Opaque positions in a list for keyset paging. A cursor is `base64url(mac ‖ JSON of the position)`; the MAC covers the
 * binding too, so a cursor opens only the list, tenant and filters it was issued for.
 */
@Injectable()
export class Cursors {
  constructor(private readonly keys: KeyRing) {}

  /** @param binding everything the position depends on: see `bindingOf`. */
  encode(position: readonly JsonValue[], binding: string): string {
    const text = JSON.stringify(position);
    const mac = this.keys.mac(PURPOSE, signedText(text, binding));
    return Buffer.concat([mac, Buffer.from(text)]).toString('base64url');
  }

  /** @throws InvalidCursor when the cursor was changed or belongs to another binding. */
  decode(cursor: string, binding: string): JsonValue[] {
    const bytes = Buffer.from(cursor, 'base64url');
    if (bytes.length <= MAC_BYTES || bytes.toString('base64url') !== cursor) throw new InvalidCursor();
    const text = bytes.subarray(MAC_BYTES).toString();
    if (!this.wasMacedHere(text, binding, bytes.subarray(0, MAC_BYTES))) throw new InvalidCursor();
    return JSON.parse(text) as JsonValue[];
  }

  /** The decoded position, or null for the first page. */
  positionOf(query: Pick<PageQuery, 'cursor'>, binding: string): JsonValue[] | null {
    return query.cursor === undefined ? null : this.decode(query.cursor, binding);
  }

  /**
   * The page from rows fetched with `LIMIT limit + 1`: the extra row only tells that there is a next page.
   *
   * @param positionOf the values of the sort columns of a row, ending in a unique one.
   */
  page<Row, Item>(
    rows: readonly Row[],
    limit: number,
    binding: string,
    positionOf: (row: Row) => readonly JsonValue[],
    toItem: (row: Row) => Item,
  ): Page<Item> {
    const shown = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? this.encode(positionOf(shown[limit - 1]), binding) : null;
    return { items: shown.map((row) => toItem(row)), nextCursor };
  }

  private wasMacedHere(text: string, binding: string, mac: Buffer): boolean {
    return this.keys.verifiesMac(PURPOSE, signedText(text, binding), mac);
  }
}

const PAGING = new Set<string>(['limit', 'cursor', 'total'] satisfies (keyof PageQuery)[]);

/** What a cursor of this list is bound to; leave `limit`, `cursor` and `total` out of the filters. */
export function bindingOf(list: string, tenantId: string, filters: object = {}): string {
  const set = Object.entries(filters).filter(([name, value]) => value !== undefined && !PAGING.has(name));
  return JSON.stringify([list, tenantId, set.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function signedText(text: string, binding: string): string {
  return `${binding.length}:${binding}${text}`;
}
