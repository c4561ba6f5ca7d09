import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** In hexadecimal; null when it is no file that can be read. Opened without waiting: a named pipe would keep us for ever. */
export async function sha256OfFile(path: string): Promise<string | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!(await file.stat()).isFile()) return null;
      const hash = createHash('sha256');
      for await (const part of file.createReadStream({ autoClose: false })) hash.update(part as Buffer);
      return hash.digest('hex');
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return null;
  }
}
