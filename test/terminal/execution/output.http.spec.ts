import { createHash } from 'node:crypto';
import { asSystem, withSql } from '../../auth/stage.js';
import type { AnyBody } from '../../support/http-client.js';
import { OutputKeeping } from '../../../src/modules/terminal/execution/output/output-keeping.js';
import { EventReader } from '../event-reader.js';
import { developer } from '../stage.js';
import { ask, askApproved, type ExecutionStage, executionStage, isOver, until } from './stage.js';

const MIB = 1024 * 1024;
const GIBIBYTE_OF_ZEROS = '49bc20df15e412a64472421e13fe86ff1c5165e18b2afccf160d4dc19fe68a14';

// Real processes, which wait for each other and for a machine that has other things to do.
jest.setTimeout(90_000);

describe('The output of a command', () => {
  let stage: ExecutionStage;
  const open: EventReader[] = [];

  beforeAll(async () => {
    stage = await executionStage();
  });
  afterEach(() => open.splice(0).forEach((reader) => reader.close()));
  afterAll(() => stage?.close(), 60_000);

  async function follow({ id }: AnyBody, options: { url?: string; token?: string; last?: string } = {}) {
    const { url = stage.replica.url, token = stage.grace.tokens.accessToken, last } = options;
    const reader = await EventReader.open(`${url}/api/v1/terminal/commands/${id}/output`, token, last);
    open.push(reader);
    return reader;
  }

  const isEnd = (data: AnyBody) => 'status' in data;
  const textOf = ({ data }: AnyBody) => Buffer.from(data as string, 'base64').toString();

  /** Everything up to the end. */
  async function all(reader: EventReader) {
    const bytes: Buffer[] = [];
    let length = 0;
    for (;;) {
      const { id, data } = await reader.next(() => true, 30_000);
      if (isEnd(data)) return { bytes: Buffer.concat(bytes), end: data, last: id };
      expect(data.offset).toBe(length);
      const piece = Buffer.from(data.data as string, 'base64');
      length += piece.length;
      bytes.push(piece);
    }
  }

  it('is told while it is written, at a replica that does not run it, then how it ended', async () => {
    const command = await ask(stage.grace.http, {
      command: 'echo one; until [ -e go-on ]; do sleep 0.05; done; printf "\\xf0\\x9f two" >&2; exit 3',
    });
    const reader = await follow(command);
    await stage.approver.http.post(`/terminal/approvals/${command.approvalId}/approve`, {
      digest: command.digest,
    });

    const first = await reader.next(({ stream }) => stream === 'stdout', 20_000);
    expect([first.id, first.data.offset, textOf(first.data)]).toEqual(['4', 0, 'one\n']);
    await askApproved(stage, { argv: ['touch', 'go-on'] });
    const second = await reader.next(({ stream }) => stream === 'stderr', 20_000);
    expect(Buffer.from(second.data.data as string, 'base64').toString('latin1')).toBe('\xf0\x9f two');

    const end = await reader.next(isEnd);
    expect(end).toEqual({
      id: '10',
      data: {
        status: 'failed',
        exitCode: 3,
        signal: null,
        outputBytes: 10,
        outputSha256: createHash('sha256').update('one\n\xf0\x9f two', 'latin1').digest('hex'),
        truncated: false,
      },
    });
    expect(await reader.ended()).toBe(true);
  });

  it('goes on behind what a client has, also in the middle of a piece', async () => {
    const command = await askApproved(stage, { argv: ['printf', '0123456789'] });
    await until(stage.grace.http, command, isOver);

    expect((await all(await follow(command))).bytes.toString()).toBe('0123456789');
    const rest = await follow(command, { last: '4' });
    expect((await rest.next(({ stream }) => stream === 'stdout')).data).toMatchObject({ offset: 4 });
    expect((await (await follow(command, { last: '10' })).next(() => true)).data).toMatchObject({
      status: 'succeeded',
    });
    expect((await (await follow(command, { last: '999999999' })).next(() => true)).data.status).toBe(
      'succeeded',
    );
  });

  it.each(['x', '-1', '1.5', '12345678901'])('is not begun at %j', async (last) => {
    const command = await ask(stage.grace.http, { argv: ['printf', 'x'] });
    const answer = await stage.grace.http.get(`/terminal/commands/${command.id}/output`, {
      headers: { 'last-event-id': last },
    });
    expect([answer.status, answer.body.errors?.[0].in]).toEqual([422, 'header']);
  });

  it('is for its owner and those who may see all commands, for as long as they may', async () => {
    const stranger = await developer(stage, 'stranger');
    const leaver = await developer(stage, 'leaver');
    const command = await askApproved({ ...stage, grace: leaver }, { argv: ['sleep', '60'] });
    const path = `/terminal/commands/${command.id}/output`;
    expect((await stranger.http.get(path)).status).toBe(404);
    expect((await stage.app.http.get(path)).status).toBe(401);
    const [own, others] = [
      await follow(command, { token: leaver.tokens.accessToken }),
      await follow(command, { token: stage.approver.tokens.accessToken }),
    ];

    await leaver.http.post('/auth/logout');
    await stage.admin.http.patch(
      `/users/${stage.approver.id}`,
      { roles: [] },
      { headers: { 'if-match': '*' } },
    );

    expect([await own.ended(3_000), await others.ended(3_000)]).toEqual([true, true]);
    await stage.admin.http.patch(
      `/users/${stage.approver.id}`,
      { roles: ['approver'] },
      { headers: { 'if-match': '*' } },
    );
  });

  it('of 1 GiB is counted and digested to its end, kept to 1 MiB, and costs no memory', async () => {
    const size = 1024 * MIB;
    global.gc?.();
    const before = process.memoryUsage().rss;
    let most = before;
    const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);

    const command = await askApproved(stage, {
      argv: ['head', '-c', String(size), '/dev/zero'],
      timeoutSeconds: 300,
    });
    const ended = await until(stage.grace.http, command, isOver, 120_000);

    clearInterval(sampling);
    expect(ended).toMatchObject({ status: 'succeeded', outputBytes: size, outputSha256: GIBIBYTE_OF_ZEROS });
    const { bytes, end } = await all(await follow(command));
    expect([bytes.length, end.truncated]).toEqual([MIB, true]);
    // What it wrote is many times what the process has; a tenth of it would show.
    expect((most - before) / size).toBeLessThan(0.1);
  }, 180_000);

  it('is told at the same pace however many crumbs it came in', async () => {
    const msFor = async (crumbs: number) => {
      const { body: command } = await stage.grace.http.post('/terminal/commands', {
        ...{ mode: 'server', sessionId: 'term-1', command: 'rm -rf /' },
      });
      await withSql(stage.app, (sql) =>
        sql.query(
          `INSERT INTO command_output (command_id, byte_offset, stream, data, created_at)
           SELECT $1, n, CASE WHEN n % 2 = 0 THEN 'stdout' ELSE 'stderr' END, 'x'::bytea, now()
             FROM generate_series(0, $2::integer - 1) AS n`,
          [command.id, crumbs],
        ),
      );
      const startedMs = performance.now();
      expect((await all(await follow(command))).bytes).toHaveLength(crumbs);
      return performance.now() - startedMs;
    };
    await msFor(100);

    // Eight times as many would be 64 times the work if each look began at the first one.
    expect(await msFor(6_000)).toBeLessThan((await msFor(750)) * 24);
  });

  it('that never ends is cut off by the time limit', async () => {
    const command = await askApproved(stage, { command: 'yes | cat', timeoutSeconds: 2 });
    const ended = await until(stage.grace.http, command, isOver);

    expect(ended).toMatchObject({ status: 'timed_out' });
    expect(ended.outputBytes).toBeGreaterThan(MIB);
    expect((await all(await follow(command))).bytes.length).toBe(MIB);
  });

  it('is forgotten after a week; its digest is not', async () => {
    const command = await askApproved(stage, { argv: ['printf', 'old'] });
    const { outputSha256 } = await until(stage.grace.http, command, isOver);
    await withSql(stage.app, (sql) =>
      sql.query(
        `UPDATE command_output SET created_at = created_at - interval '169 hours' WHERE command_id = $1`,
        [command.id],
      ),
    );

    await asSystem(() => stage.app.get(OutputKeeping).deleteOld());

    const { bytes, end } = await all(await follow(command));
    expect(bytes.length).toBe(0);
    expect(end).toMatchObject({ outputSha256, outputBytes: 3, truncated: true });
  });
});
