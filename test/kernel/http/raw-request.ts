import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes no HTTP client would send and reads until the server closes, or until its answer is complete. */
export function sendRaw(port: number, bytes: string | Buffer, patienceMs = 5_000): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const chunks: Buffer[] = [];
    const finish = (): void => {
      socket.destroy();
      const answer = parseAnswer(Buffer.concat(chunks).toString('latin1'));
      if (answer === null) reject(new Error('The server closed without an answer.'));
      else resolve(answer);
    };
    socket.setTimeout(patienceMs, finish);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const answer = parseAnswer(Buffer.concat(chunks).toString('latin1'));
      if (answer !== null && answer.body.length >= Number(answer.headers['content-length'] ?? Infinity))
        finish();
    });
    socket.on('end', finish);
    socket.on('error', finish);
  });
}

function parseAnswer(text: string): RawAnswer | null {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const [first, ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: text.slice(end + 4),
  };
}
