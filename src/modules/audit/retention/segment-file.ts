import { createHash } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OutsideCheckpoints } from '../verification/outside-checkpoints.js';
import { verifyExport } from '../verification/verify-export.js';

export interface SegmentFile {
  readonly path: string;
  readonly digest: Buffer;
}

/**
 * Writes a segment for good: the export, its SHA-256 in the form of sha256sum, and the checkpoint it ends with as a file
 * of its own. It is there whole and on disk, and has been verified, or it is not there under its name.
 */
export async function writeSegment(
  directory: string,
  name: string,
  lines: AsyncIterable<string>,
  note: string,
): Promise<SegmentFile> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `${name}.ndjson`);
  const digest = await written(`${path}.partial`, lines);
  await requireVerified(`${path}.partial`, note);
  await written(join(directory, `${name}.checkpoint`), [`${note}\n`]);
  await written(join(directory, `${name}.sha256`), [`${digest.toString('hex')}  ${name}.ndjson\n`]);
  await rename(`${path}.partial`, path);
  await syncDirectory(dirname(path));
  return { path, digest };
}

async function written(path: string, lines: AsyncIterable<string> | Iterable<string>): Promise<Buffer> {
  const hash = createHash('sha256');
  const file = await open(path, 'w', 0o600);
  try {
    for await (const text of lines) {
      hash.update(text);
      await file.appendFile(text);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest();
}

/** What cannot be verified afterwards must not be deleted. */
async function requireVerified(path: string, note: string): Promise<void> {
  const evidence = { trustedKeys: null, checkpoints: OutsideCheckpoints.in(`${note}\n`) };
  const [finding] = (await verifyExport(path, evidence)).findings;
  if (finding !== undefined)
    throw new Error(`The segment is not pruned, because its export does not verify: ${finding.what}`);
}

/** A file that was renamed is there after a power failure only when its directory says so on disk. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  await directory.sync().finally(() => directory.close());
}
