import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { sha256OfFile } from '../../kernel/crypto/file-digest.js';
import { clientEnvironment } from '../../kernel/runtime/client-environment.js';
import { printable } from './printed.js';

/** The file that a rule lets a program be, and what the program is called in the command. */
export interface PinnedProgram {
  readonly called: string;
  readonly path: string;
  readonly sha256: string;
}

/** Why the file is not the one that the rule was made for; null when it is. */
export async function changeOf({ path, sha256 }: PinnedProgram): Promise<string | null> {
  if ((await sha256OfFile(path)) === sha256) return null;
  return `The file ${printable(path)} is not the one that the rule is pinned to. (executable_changed)`;
}

/** The same for what a shell in this directory would start by that name: only the name is in its command. */
export async function strayingOf(program: PinnedProgram, directory: string): Promise<string | null> {
  const { called, path } = program;
  const found = await fileCalled(called, directory);
  if (found !== null && found === (await realpath(path).catch(() => null))) return changeOf(program);
  return `Here ${printable(called)} is not the file ${printable(path)} that the rule is pinned to. (executable_changed)`;
}

async function fileCalled(name: string, directory: string): Promise<string | null> {
  if (name.includes('/')) return realFile(resolve(directory, name));
  for (const place of clientEnvironment().searchPath) {
    // Some shells take it for the home directory and others do not: it cannot be told what they would start.
    if (place.startsWith('~')) return null;
    const found = await realFile(resolve(directory, place, name));
    if (found !== null) return found;
  }
  return null;
}

async function realFile(path: string): Promise<string | null> {
  try {
    if (!(await stat(path)).isFile()) return null;
    // Shells pass over what this user may not run.
    await access(path, constants.X_OK);
    return await realpath(path);
  } catch {
    return null;
  }
}
