import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';

/** The text of a file, or null when there is none. Every other failure (permissions above all) is thrown. */
export async function readIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}

/** Readers see the old file or the whole new one, also after a power cut; nobody but `mode` ever sees a byte of it. */
export async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/**
 * Replaces the text of an existing file that keeps its owner. A symbolic link is refused: the file lies in a directory
 * of the server's account, and root must not be led elsewhere from there.
 */
export async function overwrite(path: string, text: string): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0));
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The `code` of a system error (`ENOENT`), undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  // By shape: where tests run, errors of Node itself are of another realm and no instance of this one's Error.
  return typeof error === 'object' && error !== null ? (error as NodeJS.ErrnoException).code : undefined;
}
