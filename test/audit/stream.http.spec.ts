import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { PermissionSet } from '../../src/kernel/operation/index.js';
import { Shutdown } from '../../src/kernel/runtime/index.js';
import { EntryBatches } from '../../src/modules/audit/export/entry-batches.js';
import { EventStream } from './event-stream.js';
import { SealedLog } from './sealed-log.js';

let log: SealedLog;
let url: string;

beforeAll(async () => {
  log = await SealedLog.open();
  await log.kernel.app.listen(0, '127.0.0.1');
  url = `${await log.kernel.app.getUrl()}/api/v1/audit/stream`;
  await log.grow(10);
});
afterAll(() => log?.close());

function auditor(tenantId?: string): Record<string, string> {
  const id = randomUUID();
  return log.kernel.tokens.issue(id, { may: ['audit.read'], id, ...(tenantId && { tenantId }) });
}
const follow = (query = '', headers: Record<string, string> = auditor()) =>
  EventStream.open(`${url}${query}`, headers);

const lastSeq = async () =>
  Number((await log.tamper<{ seq: string }>('SELECT max(seq) AS seq FROM audit_leaves'))[0].seq);

describe('GET /audit/stream', () => {
  it('sends what is sealed from now on, once and in order', async () => {
    const before = await lastSeq();
    const stream = await follow('?resourceType=kite');
    expect(stream.response.headers['content-type']).toBe('text/event-stream');
    await log.grow(3);
    await log.grow(300);
    await stream.received(303);
    expect(stream.events.map(({ id }) => Number(id))).toEqual(stream.seqs);
    expect(stream.seqs[0]).toBeGreaterThan(before);
    expect(stream.seqs).toEqual([...new Set(stream.seqs)].sort((a, b) => a - b));
    stream.close();
  });

  it('goes on behind Last-Event-ID without a gap and without repeating', async () => {
    const first = await follow('?fromSeq=0');
    await first.received(5);
    first.close();
    const seen = first.seqs.slice(0, 5);
    const second = await follow('', { ...auditor(), 'last-event-id': String(seen.at(-1)) });
    await log.grow(2);
    const all = (await lastSeq()) + 1;
    await second.received(all - seen.length);
    expect([...seen, ...second.seqs]).toEqual(Array.from({ length: all }, (_, seq) => seq));
    second.close();
  });

  it('tells a client that waits how far the log has come, so that it need not read it again', async () => {
    const stream = await follow('?outcome=denied');
    await once(stream.response, 'data');
    expect(Number(stream.lastEventId)).toBe(await lastSeq());
    stream.close();
  });

  it('keeps to its filter and its tenant', async () => {
    const tenant = randomUUID();
    const stream = await follow('?fromSeq=0&action=kite.*', auditor(tenant));
    await log.grow(2);
    await log.grow(2, tenant);
    await stream.received(2);
    expect(stream.events.map(({ entry }) => entry.action)).toEqual(['kite.fly', 'kite.fly']);
    stream.close();
  });

  it('is an entry itself', async () => {
    const stream = await follow('?fromSeq=3&action=none.*');
    const answer = await log.kernel.app.inject({
      url: '/api/v1/audit/entries?action=audit.follow&limit=1',
      headers: auditor(),
    });
    const { items } = answer.json<{ items: { detail: object }[] }>();
    expect(items[0].detail).toEqual({ fromSeq: 3, filter: { action: 'none.*' } });
    stream.close();
  });

  it('refuses a place that is none, and one that the log has not reached', async () => {
    const refuse = async (headers: Record<string, string>) =>
      (await follow('', { ...auditor(), ...headers })).status;
    expect(await refuse({ 'last-event-id': 'x' })).toBe(422);
    expect(await refuse({ 'last-event-id': '99999999' })).toBe(409);
    expect((await follow('', log.kernel.tokens.issue('curious'))).status).toBe(403);
  });

  it('gives one principal five, and gives their places back', async () => {
    const headers = auditor();
    const streams = await Promise.all(Array.from({ length: 5 }, () => follow('', headers)));
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const refused = await follow('', headers);
    expect(refused.status).toBe(429);
    expect(refused.response.headers['retry-after']).toBe('10');
    streams[0].close();
    let status = 429;
    // The server hears of it in its own time.
    while (status === 429) {
      const again = await follow('', headers);
      ({ status } = again);
      again.close();
    }
    expect(status).toBe(200);
    streams.forEach((stream) => stream.close());
  });

  it('ends when the permission is lost', async () => {
    const headers = auditor();
    const stream = await follow('', headers);
    const name = headers.authorization.slice('Bearer test.'.length);
    log.kernel.tokens.issue(name, { permissions: PermissionSet.of([]) });
    await stream.ended();
  });

  it('costs nothing for a client that has sent HEAD', async () => {
    const headers = auditor();
    for (let count = 0; count < 6; count += 1) {
      const answer = await fetch(url, { method: 'HEAD', headers });
      expect(answer.status).toBe(200);
    }
  });

  it('does not let a client that reads nothing fill the memory', async () => {
    const tenant = randomUUID();
    await log.tamper(
      `WITH big AS (
         INSERT INTO audit_entries (id, tenant_id, occurred_at, actor_kind, action, resource_type, outcome, detail, leaf_hash)
         SELECT gen_random_uuid(), $1, now(), 'user', 'kite.fly', 'kite', 'success', $2, '' FROM generate_series(1, 4000)
         RETURNING id
       ), places AS (
         INSERT INTO audit_leaves (tenant_id, seq, entry_id, leaf_hash)
         SELECT $1, row_number() OVER () - 1, id, decode(repeat('ab', 32), 'hex') FROM big
       )
       INSERT INTO audit_checkpoints (tenant_id, tree_size, root_hash, key_id, note, created_at)
       SELECT $1, 4000, decode(repeat('ab', 32), 'hex'), key_id, '', now() FROM audit_keys`,
      [tenant, JSON.stringify({ note: 'x'.repeat(15_000) })],
    );
    const batches = jest.spyOn(log.kernel.app.get(EntryBatches, { strict: false }), 'sealed');
    const { response } = await follow('?fromSeq=0', auditor(tenant));
    response.pause();
    // 60 MB wait in the log. Another client is served meanwhile, from end to end.
    const other = await follow('?fromSeq=0', auditor(tenant));
    await other.received(4_000);
    expect(batches.mock.calls.length).toBeLessThan(20 + 10);
    batches.mockRestore();
    other.close();
    response.destroy();
  });
});

describe('the end of the process', () => {
  it('ends streams in order, and takes no new one', async () => {
    const own = await SealedLog.open();
    await own.kernel.app.listen(0, '127.0.0.1');
    const address = `${await own.kernel.app.getUrl()}/api/v1/audit/stream`;
    const headers = own.kernel.tokens.issue('auditor', { may: ['audit.read'] });
    const stream = await EventStream.open(address, headers);
    await own.kernel.app.get(Shutdown).stop('test');
    await stream.ended();
    expect((await EventStream.open(address, headers)).status).toBe(429);
    await own.close();
  });

  it('does not wait for streams when the application is closed without more ado', async () => {
    const own = await SealedLog.open();
    await own.kernel.app.listen(0, '127.0.0.1');
    const address = `${await own.kernel.app.getUrl()}/api/v1/audit/stream`;
    const stream = await EventStream.open(
      address,
      own.kernel.tokens.issue('auditor', { may: ['audit.read'] }),
    );
    await own.close();
    await stream.ended();
  });
});
