import { randomUUID } from 'node:crypto';
import { EventStream } from './event-stream.js';
import { SealedLog } from './sealed-log.js';

/** What somebody who owns the database may have left in place of JSON. */
const TEXTS = ['', 'gone', '{"height":', '[1]', '"outputSha256"', 'null', '7', `{"a":${deep(8_000)}}`];

function deep(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

interface Entry {
  seq: number;
  id: string;
  detail: unknown;
  personal: unknown;
  unreadable: object | null;
}

let log: SealedLog;
let url: string;
let ids: string[];

const auditor = () => {
  const id = randomUUID();
  return log.kernel.tokens.issue(id, { may: ['audit.read'], id });
};
const get = (path: string) =>
  log.kernel.app.inject({ method: 'GET', url: `/api/v1/audit/${path}`, headers: auditor() });
const kites = (items: Entry[]) => items.filter(({ id }) => ids.includes(id)).sort((a, b) => a.seq - b.seq);
const shown = { personal: { owner: expect.any(String) as unknown }, detail: null };

beforeAll(async () => {
  log = await SealedLog.open();
  await log.kernel.app.listen(0, '127.0.0.1');
  url = await log.kernel.app.getUrl();
  await log.grow(TEXTS.length);
  const rows = await log.tamper<{ id: string }>(
    `SELECT e.id FROM audit_entries e JOIN audit_leaves l ON l.entry_id = e.id
     WHERE e.action = 'kite.fly' ORDER BY l.seq`,
  );
  ids = rows.map(({ id }) => id);
  for (const [index, text] of TEXTS.entries())
    await log.tamper('UPDATE audit_entries SET detail = $2 WHERE id = $1', [ids[index], text]);
});
afterAll(() => log?.close());

describe('An entry whose detail was made unreadable in the database', () => {
  const expected = TEXTS.map((text) => ({ ...shown, unreadable: { detail: text } }));

  it('is listed with the text that is there', async () => {
    const answer = await get('entries?action=kite.fly');
    expect(answer.statusCode).toBe(200);
    expect(kites(answer.json<{ items: Entry[] }>().items)).toMatchObject(expected);
  });

  it('is shown by itself and in its context', async () => {
    for (const [index, id] of ids.entries()) {
      const [alone, context] = [await get(`entries/${id}`), await get(`entries/${id}/context`)];
      expect([alone.statusCode, context.statusCode]).toEqual([200, 200]);
      expect(alone.json()).toMatchObject(expected[index]);
      expect(context.json<{ entry: Entry }>().entry).toEqual(alone.json());
    }
  });

  it('is exported in every format, and followed', async () => {
    expect(kites((await get('export?format=json')).json<Entry[]>())).toMatchObject(expected);
    const lines = (await get('export?format=ndjson')).body
      .split('\n')
      .filter((line) => line.includes('"seq"'));
    const details = lines.map((line) => JSON.parse(line) as Entry).filter(({ id }) => ids.includes(id));
    expect(details.map(({ detail }) => detail)).toEqual(TEXTS);
    const csv = (await get('export?format=csv')).body;
    for (const id of ids) expect(csv).toContain(id);
    expect(csv).toContain(',gone,');

    const stream = await EventStream.open(`${url}/api/v1/audit/stream?fromSeq=0&action=kite.fly`, auditor());
    await stream.received(TEXTS.length);
    expect(kites(stream.events.map(({ entry }) => entry as unknown as Entry))).toMatchObject(expected);
    stream.close();
  });
});

it('a personal part that is unreadable is shown as its text, and no time as none', async () => {
  const [id] = ids;
  await log.tamper(`UPDATE audit_entries SET occurred_at = 'infinity', detail = '{}' WHERE id = $1`, [id]);
  await log.tamper(`UPDATE audit_personal SET detail = 'Grace' WHERE entry_id = $1`, [id]);

  expect((await get(`entries/${id}`)).json()).toMatchObject({
    occurredAt: null,
    detail: {},
    personal: null,
    erased: false,
    unreadable: { personal: 'Grace' },
  });
  for (const format of ['csv', 'json', 'ndjson'])
    expect((await get(`export?format=${format}`)).body).toContain(id);
});
