import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Both ends of a pipe, as numbers of open files. */
export interface Pipe {
  readonly read: number;
  readonly write: number;
}

/**
 * Pipes of the operating system. Node makes none that two processes could share, and what it puts between them instead
 * is neither in order (1 and 2 together) nor ends a writer whose reader has gone. Named pipes are the same thing once
 * their names are deleted.
 */
export async function makePipes(count: number): Promise<Pipe[]> {
  if (count === 0) return [];
  const directory = await mkdtemp(join(tmpdir(), 'reeve-pipes-'));
  try {
    const paths = Array.from({ length: count }, (_, index) => join(directory, String(index)));
    await run('mkfifo', ['-m', '0666', ...paths]);
    return paths.map(opened);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

export function closeAll(descriptors: Iterable<number>): void {
  for (const descriptor of descriptors) closeSync(descriptor);
}

/** Neither end waits for the other, because a third one is both for the moment. */
function opened(path: string): Pipe {
  const both = openSync(path, constants.O_RDWR);
  try {
    return { read: openSync(path, constants.O_RDONLY), write: openSync(path, constants.O_WRONLY) };
  } finally {
    closeSync(both);
  }
}
