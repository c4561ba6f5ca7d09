import { StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { ExportFile } from './audit-exports.service.js';

/**
 * The file as an answer. Its beginning is read first, so that what fails at once is answered as a problem; what fails
 * later breaks the connection, and a client that leaves ends the reading. One batch is in memory at a time.
 */
export async function streamedFile({ content, contentType, name }: ExportFile): Promise<StreamableFile> {
  const beginning = await content.next();
  const stream = Readable.from(continued(beginning, content), { objectMode: false });
  return new StreamableFile(stream, { type: contentType, disposition: `attachment; filename="${name}"` });
}

async function* continued(
  beginning: IteratorResult<string>,
  rest: AsyncGenerator<string>,
): AsyncGenerator<string> {
  try {
    if (beginning.done !== true) yield beginning.value;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
