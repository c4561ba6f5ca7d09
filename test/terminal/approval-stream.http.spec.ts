import { connect } from 'node:net';
import { type Actor, invited } from '../support/actors.js';
import type { AnyBody } from '../support/http-client.js';
import { startApp } from '../support/app.js';
import { MOST_PER_PRINCIPAL } from '../../src/modules/terminal/waiting/waiting-clients.js';
import { EventReader } from './event-reader.js';
import { terminalStage, type TerminalStage, worker } from './stage.js';

describe('The stream of approvals', () => {
  let stage: TerminalStage;
  let ada: Actor;
  let agent: Awaited<ReturnType<typeof worker>>;
  const open: EventReader[] = [];

  beforeAll(async () => {
    stage = await terminalStage();
    ada = await invited(stage.app, stage.admin, 'ada-approves', ['approver']);
    agent = await worker(stage, 'agent');
  });
  afterEach(() => open.splice(0).forEach((reader) => reader.close()));
  afterAll(() => stage?.close());

  async function follow(
    who: { accessToken: string },
    url = stage.app.url,
    last?: string,
  ): Promise<EventReader> {
    const reader = await EventReader.open(`${url}/api/v1/terminal/approvals/stream`, who.accessToken, last);
    open.push(reader);
    return reader;
  }

  let count = 0;
  const ask = async (http = agent.http): Promise<AnyBody> =>
    (
      await http.post('/terminal/commands', {
        command: `npm publish stream-${(count += 1)}`,
        mode: 'server',
        sessionId: 's',
      })
    ).body;
  const about =
    ({ approvalId }: AnyBody, status = 'pending') =>
    (data: AnyBody) =>
      data.id === approvalId && data.status === status;

  it('tells what waits already, what comes, and what becomes of it, on every replica', async () => {
    const before = await ask();
    const here = await follow(ada.tokens);
    const there = await follow(ada.tokens, stage.replica.url);
    const after = await ask();

    for (const reader of [here, there]) {
      expect((await reader.next(about(before))).data.command).toBe(before.command);
      await reader.next(about(after));
    }
    await ada.http.post(`/terminal/approvals/${after.approvalId}/approve`, { digest: after.digest });
    for (const reader of [here, there])
      expect((await reader.next(about(after, 'approved'))).data.votes).toHaveLength(1);
  });

  it('is open so many times for each, with what else they wait for, and not once more', async () => {
    const waiting = await ask();
    const listener = await invited(stage.app, stage.admin, 'listener', ['approver']);
    await Promise.all(Array.from({ length: MOST_PER_PRINCIPAL }, () => follow(listener.tokens)));

    for (const path of [
      '/terminal/approvals/stream',
      `/terminal/approvals/${waiting.approvalId}?waitSeconds=1`,
      `/terminal/commands/${waiting.id}/output`,
    ]) {
      const { status, body, headers } = await listener.http.get(path);
      expect([status, body.code, headers.get('retry-after')]).toEqual([429, 'too_many_streams', '10']);
    }
    const asked = { command: 'npm publish', mode: 'local', sessionId: 'full', waitSeconds: 1 };
    expect((await listener.http.post('/terminal/commands', asked)).body.code).toBe('too_many_streams');
    expect((await listener.http.get('/terminal/commands?sessionId=full')).body.items).toEqual([]);
    // Nobody else is kept out, and what is answered at once needs no place.
    expect((await listener.http.get(`/terminal/approvals/${waiting.approvalId}`)).status).toBe(200);
    await follow(ada.tokens);

    open.splice(0).forEach((reader) => reader.close());
    const again = () => listener.http.get(`/terminal/approvals/${waiting.approvalId}?waitSeconds=1`);
    let { status } = await again();
    for (const deadline = performance.now() + 5_000; status === 429 && performance.now() < deadline;)
      ({ status } = await again());
    expect(status).toBe(200);
  });

  it('leaves no place taken by those who asked for many on one connection and left it', async () => {
    const listener = await invited(stage.app, stage.admin, 'hasty-listener', ['approver']);
    const { hostname, port } = new URL(stage.app.url);
    const request = `GET /api/v1/terminal/approvals/stream HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${listener.tokens.accessToken}\r\n\r\n`;
    const connection = connect(Number(port), hostname);
    connection.write(request.repeat(MOST_PER_PRINCIPAL));
    const waiting = await ask();
    const wait = () => listener.http.get(`/terminal/approvals/${waiting.approvalId}?waitSeconds=1`);
    let { status } = await wait();
    for (const deadline = performance.now() + 5_000; status !== 429 && performance.now() < deadline;)
      ({ status } = await wait());
    expect(status).toBe(429);

    connection.destroy();
    for (const deadline = performance.now() + 5_000; status === 429 && performance.now() < deadline;)
      ({ status } = await wait());
    expect(status).toBe(200);
    const { status: all } = await follow(listener.tokens).then(() => wait());
    expect(all).toBe(200);
    const metrics = await (await fetch(`${stage.app.url}/metrics`)).text();
    const inFlight = Number(/^http_server_inflight_requests(?:\{[^}]*\})? (\d+)$/m.exec(metrics)?.[1]);
    expect(inFlight).toBeLessThan(MOST_PER_PRINCIPAL);
  });

  it('tells all of a queue that is longer than what may lie unsent, and the rest of it to one that was cut off', async () => {
    const long = 'a'.repeat(9_000);
    const asked: string[] = [];
    for (let n = 0; n < 70; n += 1) {
      const command = `npm publish ${long}${n}`;
      const answer = await agent.http.post('/terminal/commands', { command, mode: 'server', sessionId: 's' });
      asked.push(answer.body.approvalId as string);
    }

    const whole = await follow(ada.tokens);
    let cut = '';
    for (const [index, approvalId] of asked.entries()) {
      const { id } = await whole.next(about({ approvalId }));
      if (index === 30) cut = id;
    }
    const rest = await follow(ada.tokens, stage.app.url, cut);
    for (const approvalId of asked.slice(31)) await rest.next(about({ approvalId }));
  });

  it('tells one that comes back what it missed', async () => {
    const first = await follow(ada.tokens);
    const seen = await ask();
    const { id } = await first.next(about(seen));
    first.close();
    const missed = await ask();
    await ada.http.post(`/terminal/approvals/${missed.approvalId}/reject`, { note: 'No.' });

    const again = await follow(ada.tokens, stage.replica.url, id);

    await again.next(about(missed, 'rejected'));
  });

  it('tells requesters about their own only', async () => {
    const other = await worker(stage, 'other-agent');
    const { body: key } = await stage.admin.http.post(`/service-principals/${other.id}/keys`, {});
    const reader = await follow({ accessToken: key.key as string });
    const foreign = await ask();
    const own = await ask(other.http);

    await reader.next((data) => {
      if (data.id === foreign.approvalId) throw new Error('That is of somebody else.');
      return about(own)(data);
    });
  });

  it('ends with the session, and with the right to see', async () => {
    const leaver = await invited(stage.app, stage.admin, 'leaver', ['approver']);
    const demoted = await invited(stage.app, stage.admin, 'demoted', ['approver']);
    const streams = [
      await follow(leaver.tokens),
      await follow(leaver.tokens, stage.replica.url),
      await follow(demoted.tokens),
    ];

    await leaver.http.post('/auth/logout');
    await stage.admin.http.patch(`/users/${demoted.id}`, { roles: [] }, { headers: { 'if-match': '*' } });

    for (const stream of streams) expect(await stream.ended(3_000)).toBe(true);
  });

  it('ends with the process, and does not keep it from ending', async () => {
    const leaving = await startApp({ replicaOf: stage.app });
    const stream = await follow(ada.tokens, leaving.url);
    const waiting = ada.http
      .at(leaving.url)
      .get(`/terminal/approvals/${(await ask()).approvalId}?waitSeconds=60`);
    // The wait has begun when the next request of the same client has been answered.
    await ada.http.at(leaving.url).get('/terminal/packs');
    const startedMs = performance.now();

    await leaving.close();

    expect(await stream.ended()).toBe(true);
    expect((await waiting).body.status).toBe('pending');
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  it('is for those who are signed in', async () => {
    expect((await stage.app.http.get('/terminal/approvals/stream')).status).toBe(401);
  });
});
