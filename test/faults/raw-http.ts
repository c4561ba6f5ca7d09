import { Agent, request } from 'node:http';
import { connect } from 'node:net';

export interface RawReply {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface RawRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

const LONGEST_ANSWER_MS = 20_000;

/** HTTP with nothing corrected on its way: paths, headers and bodies arrive as the test wrote them. */
export class RawHttp {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });

  constructor(private readonly port: number) {}

  send({ method, path, headers = {}, body }: RawRequest): Promise<RawReply> {
    return new Promise((resolve, reject) => {
      const asking = request(
        {
          host: '127.0.0.1',
          port: this.port,
          agent: this.agent,
          method,
          path,
          headers,
          timeout: LONGEST_ANSWER_MS,
        },
        (answer) => {
          const contentType = answer.headers['content-type'] ?? '';
          const reply = { status: answer.statusCode ?? 0, contentType, headers: answer.headers };
          // Such an answer does not end by itself; that it has begun is all there is to wait for.
          if (contentType.startsWith('text/event-stream')) {
            resolve({ ...reply, text: '' });
            asking.destroy();
            return;
          }
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
          answer.once('end', () => resolve({ ...reply, text: Buffer.concat(chunks).toString('utf8') }));
        },
      );
      asking.once('timeout', () => asking.destroy(new Error(`No answer to ${method} ${path} in time.`)));
      asking.once('error', reject);
      asking.end(body);
    });
  }

  /** Bytes straight into a connection. Null when it was closed without a word. */
  converse(bytes: Buffer | string): Promise<RawReply | null> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect(this.port, '127.0.0.1', () => socket.end(bytes));
      socket.setTimeout(LONGEST_ANSWER_MS, () => socket.destroy(new Error('No answer in time.')));
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.once('close', () =>
        resolve(chunks.length === 0 ? null : parsed(Buffer.concat(chunks).toString('utf8'))),
      );
      socket.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
      });
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** The first response of a stream. */
function parsed(stream: string): RawReply {
  const [head, ...rest] = stream.split('\r\n\r\n');
  const [statusLine, ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const status = Number(statusLine.split(' ')[1]);
  return { status, contentType: headers['content-type'] ?? '', headers, text: rest.join('\r\n\r\n') };
}
