import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1024 * 1024;
const LINE_END = 0x0a;

export interface FileLine {
  readonly bytes: Buffer;
  /** Of its first byte in the file. */
  readonly offset: number;
}

/** The lines of a file from an offset on, as many at a time as a chunk holds. */
export async function* fileLines(file: FileHandle, from = 0): AsyncGenerator<readonly FileLine[]> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = from;
  for (let position = from; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const chunk =
      rest.length === 0
        ? buffer.subarray(0, bytesRead)
        : Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const lines: FileLine[] = [];
    let begin = 0;
    for (let end = chunk.indexOf(LINE_END); end !== -1; end = chunk.indexOf(LINE_END, begin)) {
      lines.push({ bytes: chunk.subarray(begin, end), offset: offset + begin });
      begin = end + 1;
    }
    rest = chunk.subarray(begin);
    offset += begin;
    yield lines;
  }
  if (rest.length > 0) yield [{ bytes: rest, offset }];
}
