import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { type Character, isPattern, NamePattern } from './pathname-pattern.js';

const MOST_NAMES = 10_000;

export class TooManyNames extends Error {
  constructor() {
    super(`A pattern stands for more than ${MOST_NAMES} files.`);
  }
}

/**
 * The files that a word stands for, in the order of their characters; the word itself when there are none. Nothing but
 * names is put in: they are not looked at again, so that a file called `$(x)` is just that.
 *
 * @throws TooManyNames
 */
export async function expand(word: readonly Character[], directory: string): Promise<string[]> {
  const written = word.map(({ value }) => value).join('');
  if (!isPattern(word)) return [written];
  let found = [''];
  for (const part of partsOf(word)) {
    found = await withPart(found, part, directory);
    if (found.length > MOST_NAMES) throw new TooManyNames();
  }
  const existing = await Promise.all(found.map((path) => exists(placed(path, directory), path)));
  const paths = found.filter((_, index) => existing[index]);
  return paths.length === 0 ? [written] : paths.sort(byCharacters);
}

/** By turns what separates names, and names. */
function partsOf(word: readonly Character[]): Character[][] {
  const parts: Character[][] = [];
  for (const character of word) {
    const isSeparator = character.value === '/';
    const last = parts.at(-1);
    if (last === undefined || (last[0].value === '/') !== isSeparator) parts.push([character]);
    else last.push(character);
  }
  return parts;
}

async function withPart(
  found: readonly string[],
  part: readonly Character[],
  directory: string,
): Promise<string[]> {
  if (part[0].value === '/' || !isPattern(part)) {
    const text = part.map(({ value }) => value).join('');
    return found.map((path) => path + text);
  }
  const pattern = new NamePattern(part);
  const next: string[] = [];
  for (const path of found) {
    for (const { name } of await entriesOf(placed(path, directory)))
      if (pattern.matches(name)) next.push(path + name);
    if (next.length > MOST_NAMES) throw new TooManyNames();
  }
  return next;
}

/** Not resolved: two dots behind a link lead elsewhere than a look at the text says. */
function placed(path: string, directory: string): string {
  return path.startsWith('/') ? path : `${directory}/${path}`;
}

/** None where nothing can be read: a pattern finds what there is. */
async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** What ends with a slash has to be a directory. */
async function exists(absolute: string, path: string): Promise<boolean> {
  try {
    if (!path.endsWith('/')) return (await lstat(absolute)) !== undefined;
    return (await stat(absolute)).isDirectory();
  } catch {
    return false;
  }
}

function byCharacters(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
