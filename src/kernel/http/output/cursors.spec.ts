import { KeyRing, Secret } from '../../crypto/index.js';
import { InvalidCursor } from '../../problem/index.js';
import { Entropy } from '../../runtime/index.js';
import { bindingOf, Cursors } from './cursors.js';

const secret = new Secret('a'.repeat(43));
const cursors = new Cursors(new KeyRing(secret, [], new Entropy()));
const binding = bindingOf('users', 'tenant-1', { login: 'ada', limit: 10, cursor: 'x', total: true });
const position = ['2026-01-05T09:12:00.000Z', 'id-7', 42, null];

it('opens where it was made', () => {
  expect(cursors.decode(cursors.encode(position, binding), binding)).toEqual(position);
});

it('depends on filters, list and tenant, but not on paging', () => {
  expect(bindingOf('users', 'tenant-1', { login: 'ada', limit: 99 })).toBe(binding);
  for (const other of [
    bindingOf('users', 'tenant-2', { login: 'ada' }),
    bindingOf('users', 'tenant-1', {}),
    bindingOf('roles', 'tenant-1', { login: 'ada' }),
  ]) {
    expect(() => cursors.decode(cursors.encode(position, binding), other)).toThrow(InvalidCursor);
  }
});

it('no other text opens', () => {
  const cursor = cursors.encode(position, binding);
  for (let at = 0; at < cursor.length; at += 1) {
    const changed = `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`;
    expect(() => cursors.decode(changed, binding)).toThrow(InvalidCursor);
  }
  for (const text of ['', 'A', '=', `${cursor}=`, `${cursor}A`, ' ', '%', cursor.slice(0, -2)]) {
    expect(() => cursors.decode(text, binding)).toThrow(InvalidCursor);
  }
});

it('survives a change of the root key', () => {
  const renewed = new Cursors(new KeyRing(new Secret('b'.repeat(43)), [secret], new Entropy()));
  expect(renewed.decode(cursors.encode(position, binding), binding)).toEqual(position);
});

it('a page tells where the next begins only when there is one', () => {
  const rows = [1, 2, 3];
  const pageOf = (limit: number) => cursors.page(rows, limit, binding, (row) => [row], String);
  expect(pageOf(3)).toEqual({ items: ['1', '2', '3'], nextCursor: null });
  const { items, nextCursor } = pageOf(2);
  expect(items).toEqual(['1', '2']);
  expect(cursors.decode(nextCursor ?? '', binding)).toEqual([2]);
});
