/** A closed-loop HTTP/1.1 client: each connection sends its next request when it has the answer to the one before. */
import { connect } from 'node:net';

/** @typedef {{ bytes: Buffer, body?: Buffer, status?: number, from?: string }} Request  `body`: the answer it must get; `from`: source address */

const HEAD_END = Buffer.from('\r\n\r\n');

/** @returns {Buffer} a request as it goes over the wire */
export function encode(method, path, { headers = {}, body } = {}) {
  const payload = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
  const lines = { host: '127.0.0.1', 'user-agent': 'bench', accept: 'application/json', ...headers };
  if (body !== undefined)
    Object.assign(lines, { 'content-type': 'application/json', 'content-length': payload.length });
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n`), payload]);
}

/** So many connections that stay open between one load and the next. */
export class Connections {
  #conversations;

  constructor(conversations) {
    this.#conversations = conversations;
  }

  static async open(port, count) {
    return new Connections(await Promise.all(Array.from({ length: count }, () => Conversation.begin(port))));
  }

  /**
   * Sends the requests in turn until the time is up, and waits for what is under way.
   *
   * @param {readonly Request[]} requests
   * @returns {Promise<{ completed: number, seconds: number, latencies: number[] }>} latencies in ms. Throws for an
   *   answer with a status other than the expected one (200) or another body.
   */
  async load(requests, seconds) {
    const startedAt = performance.now();
    const run = { requests, next: 0, endsAt: startedAt + seconds * 1000, latencies: [] };
    await Promise.all(this.#conversations.map((conversation) => conversation.take(run)));
    const { latencies } = run;
    return { completed: latencies.length, seconds: (performance.now() - startedAt) / 1000, latencies };
  }

  close() {
    for (const conversation of this.#conversations) conversation.end();
  }
}

/** One request on a connection of its own; for what is timed one by one. @returns {Promise<{ status: number, body: Buffer, ms: number }>} */
export function exchange(port, { bytes, from }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    const reader = new AnswerReader();
    let sentAt = 0;
    socket.setNoDelay(true);
    socket.once('connect', () => {
      sentAt = performance.now();
      socket.write(bytes);
    });
    socket.on('data', (chunk) => {
      const answer = reader.take(chunk);
      if (answer === null) return;
      socket.destroy();
      resolve({ ...answer, ms: performance.now() - sentAt });
    });
    socket.once('error', reject);
    socket.once('end', () => reject(new Error('The server closed the connection before it answered.')));
  });
}

/** One connection. */
class Conversation {
  #socket;
  #reader = new AnswerReader();
  #run = null;
  #request;
  #sentAt = 0;

  constructor(socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#run?.reject(error));
    socket.on('close', () => this.#run?.reject(new Error('The server closed a connection.')));
  }

  static begin(port) {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('connect', () => resolve(new Conversation(socket)));
      socket.once('error', reject);
    });
  }

  /** Takes part in a run until its time is up. */
  take(run) {
    return new Promise((resolve, reject) => {
      this.#run = { ...run, shared: run, resolve, reject };
      this.#send();
    });
  }

  end() {
    this.#run = null;
    this.#socket.destroy();
  }

  #send() {
    const { shared, requests, endsAt, resolve } = this.#run;
    const now = performance.now();
    if (now >= endsAt) {
      this.#run = null;
      resolve();
      return;
    }
    this.#request = requests[shared.next];
    shared.next = (shared.next + 1) % requests.length;
    this.#sentAt = now;
    this.#socket.write(this.#request.bytes);
  }

  #read(chunk) {
    const answer = this.#reader.take(chunk);
    if (answer === null || this.#run === null) return;
    const fault = faultOf(answer, this.#request);
    if (fault !== null) {
      this.#run.reject(fault);
      return;
    }
    this.#run.latencies.push(performance.now() - this.#sentAt);
    this.#send();
  }
}

function faultOf({ status, body }, request) {
  const isRight =
    status === (request.status ?? 200) && (request.body === undefined || body.equals(request.body));
  if (isRight) return null;
  const [line] = request.bytes.toString('latin1').split('\r\n', 1);
  return new Error(`${line} was answered ${status} ${body.toString('utf8').slice(0, 300)}`);
}

/** Puts answers together. Ours all have a Content-Length; most arrive in one piece, which is the short way through. */
class AnswerReader {
  #rest = null;

  /** @returns {{ status: number, body: Buffer } | null} null while something is missing */
  take(chunk) {
    const data = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    const headEnd = data.indexOf(HEAD_END);
    if (headEnd < 0) return this.#keep(data);
    const head = data.latin1Slice(0, headEnd);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const bodyStart = headEnd + HEAD_END.length;
    if (data.length < bodyStart + length) return this.#keep(data);
    this.#rest = null;
    return { status: Number(head.slice(9, 12)), body: data.subarray(bodyStart, bodyStart + length) };
  }

  #keep(data) {
    this.#rest = data;
    return null;
  }
}
