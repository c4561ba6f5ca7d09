import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BreachCheck } from './breach-check.js';

const BREACHED = 'password that was stolen';

describe('BreachCheck', () => {
  let server: Server;
  let baseUrl: string;
  let asked: IncomingMessage[];
  let answer: (response: ServerResponse) => void;
  let failures: unknown[];
  let now: number;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request);
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  beforeEach(() => {
    asked = [];
    failures = [];
    now = 0;
    answer = (response) => response.end(`${'0'.repeat(35)}:3\r\n${digestOf(BREACHED).slice(5)}:1027\r\n`);
  });

  it('finds a stolen password, having sent five digits of its digest and nothing else', async () => {
    await expect(check().isBreached(BREACHED)).resolves.toBe(true);

    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET /range/${digestOf(BREACHED).slice(0, 5)}`,
    ]);
    expect(asked[0].headers['add-padding']).toBe('true');
    expect(failures).toEqual([]);
  });

  it('passes a password that is not on the list, or only there as padding', async () => {
    await expect(check().isBreached('another password')).resolves.toBe(false);
    answer = (response) => response.end(`${digestOf(BREACHED).slice(5)}:0\r\n`);
    await expect(check().isBreached(BREACHED)).resolves.toBe(false);
  });

  it('asks once an hour for the same range', async () => {
    const list = check();
    await list.isBreached(BREACHED);
    now = 3_599_999;
    await expect(list.isBreached(BREACHED)).resolves.toBe(true);
    expect(asked).toHaveLength(1);

    now = 3_600_000;
    await expect(list.isBreached(BREACHED)).resolves.toBe(true);
    expect(asked).toHaveLength(2);
  });

  it('keeps a bounded number of answers', async () => {
    const list = check();
    await list.isBreached(BREACHED);
    for (let other = 0; other < 200; other += 1) await list.isBreached(`other ${other}`);
    const before = asked.length;
    await list.isBreached(BREACHED);

    expect(asked).toHaveLength(before + 1);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['fails', (response) => response.writeHead(503).end()],
    ['redirects', (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['breaks off', (response) => response.socket?.destroy()],
    ['answers too much', (response) => response.end('0'.repeat(1024 * 1024 + 1))],
  ])('lets the password pass and counts it when the list %s', async (_name, how) => {
    answer = how;

    await expect(check().isBreached(BREACHED)).resolves.toBe(false);
    expect(failures).toHaveLength(1);
  });

  it('does not wait longer than two seconds, nor remember the failure', async () => {
    const list = check();
    answer = () => undefined;
    const startedAt = performance.now();
    await expect(list.isBreached(BREACHED)).resolves.toBe(false);

    expect(performance.now() - startedAt).toBeGreaterThan(1900);
    expect(performance.now() - startedAt).toBeLessThan(3000);
    answer = (response) => response.end(`${digestOf(BREACHED).slice(5)}:1`);
    await expect(list.isBreached(BREACHED)).resolves.toBe(true);
  });

  it('lets the password pass when nothing listens', async () => {
    const list = new BreachCheck({
      baseUrl: 'http://127.0.0.1:1',
      onFailure: (error) => failures.push(error),
    });

    await expect(list.isBreached(BREACHED)).resolves.toBe(false);
    expect(failures).toHaveLength(1);
  });

  function check(): BreachCheck {
    return new BreachCheck({ baseUrl, onFailure: (error) => failures.push(error), monotonicMs: () => now });
  }
});

function digestOf(password: string): string {
  return createHash('sha1').update(password).digest('hex').toUpperCase();
}
