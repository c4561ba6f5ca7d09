import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN_ROLES, type BuiltInRole } from '../../src/kernel/access/index.js';

export const OWNERSHIPS = ['own', 'others', 'tenant', 'department'] as const;
export type Ownership = (typeof OWNERSHIPS)[number];

/** One route of access-matrix.table.txt. */
export interface Row {
  readonly route: string;
  readonly anonymous: string;
  readonly roles: Readonly<Record<BuiltInRole, string>>;
  readonly things: Readonly<Record<Ownership, string>>;
  readonly key: string;
  readonly stale: string;
  readonly acting: string;
}

const COLUMNS = ['anonymous', ...BUILT_IN_ROLES, ...OWNERSHIPS, 'key', 'stale', 'acting'];

export function readTable(): Row[] {
  const text = readFileSync(join(import.meta.dirname, 'access-matrix.table.txt'), 'utf8');
  const [header, ...lines] = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  if (cellsOf(header).join() !== ['route', ...COLUMNS].join())
    throw new Error('The columns of the table are not those the test knows.');
  return lines.map(rowOf);
}

/** What the cell says for this role: `a/b:roles` is b for these and a for all others. */
export function wordFor(cell: string, role: BuiltInRole): string {
  const [word, exception, roles = ''] = cell.split(/[/:]/);
  return roles.split(',').includes(role) ? exception : word;
}

function rowOf(line: string): Row {
  const [method, path, ...cells] = cellsOf(line);
  if (cells.length !== COLUMNS.length) throw new Error(`This row has not all cells: ${line}`);
  const cell = Object.fromEntries(COLUMNS.map((column, index) => [column, cells[index]]));
  const { anonymous, key, stale, acting } = cell;
  const roles = cell as Row['roles'];
  return { route: `${method} ${path}`, anonymous, roles, things: cell as Row['things'], key, stale, acting };
}

function cellsOf(line: string): string[] {
  return line.replaceAll('|', ' ').trim().split(/\s+/);
}
