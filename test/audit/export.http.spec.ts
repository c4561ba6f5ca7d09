import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { type AuditEntry, EventLog, leafHashOf, personalDigestOf } from '../../src/kernel/events/index.js';
import { ed25519PublicKey } from '../../src/kernel/crypto/index.js';
import { isSignedBy, readNote } from '../../src/modules/audit/checkpoints/checkpoint-note.js';
import { AuditExports } from '../../src/modules/audit/export/audit-exports.service.js';
import { streamedFile } from '../../src/modules/audit/export/streamed-file.js';
import { CompactRange } from '../../src/modules/audit/tree/compact-range.js';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { asPrincipal, principalLike } from '../support/kernel-app.js';
import { KiteFlown, SealedLog } from './sealed-log.js';

const OTHER_TENANT = randomUUID();
let log: SealedLog;

beforeAll(async () => {
  log = await SealedLog.open();
  for (const count of [3, 700, 40]) await log.grow(count);
  await log.grow(5, OTHER_TENANT);
  await log.append(2);
});
afterAll(() => log?.close());

/** Somebody else each time: exports are counted. */
function auditor(tenantId?: string): Record<string, string> {
  const id = randomUUID();
  return log.kernel.tokens.issue(id, { may: ['audit.read'], id, ...(tenantId && { tenantId }) });
}

const get = (query = '', headers = auditor()) =>
  log.kernel.app.inject({ method: 'GET', url: `/api/v1/audit/export${query}`, headers });

type Line = Record<string, unknown>;
const linesOf = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);

interface ExportedEntry extends AuditEntry {
  seq: number;
  leafHash: string;
  personal: {
    salt: string;
    actorName: string;
    clientIp: string;
    detail: string | null;
    userAgent: string;
  } | null;
}

/** What a verifier does with an export, as docs/audit-format.md describes it. */
function verify(text: string) {
  const [header, ...lines] = linesOf(text) as [
    Line & { frontier: string[]; firstSeq: number; lastSeq: number },
  ];
  const entries = lines.filter((line) => 'seq' in line) as unknown as ExportedEntry[];
  const checkpoints = lines.flatMap(({ checkpoint }) =>
    checkpoint === undefined ? [] : [checkpoint as Line],
  );
  const keys = lines.flatMap(({ key }) => (key === undefined ? [] : [key as { publicKey: string }]));
  const range = CompactRange.of(
    header.firstSeq,
    header.frontier.map((hash) => Buffer.from(hash, 'hex')),
  );
  const roots = new Map<number, string>([[range.size, range.root().toString('hex')]]);
  for (const { seq, leafHash, personal, ...entry } of entries) {
    expect(seq).toBe(range.size);
    expect(leafHashOf(entry).toString('hex')).toBe(leafHash);
    if (personal !== null) {
      const { salt, ...part } = personal;
      expect(personalDigestOf(part, Buffer.from(salt, 'hex'))).toBe(entry.personalDigest);
    }
    range.append(Buffer.from(leafHash, 'hex'));
    roots.set(range.size, range.root().toString('hex'));
  }
  expect(header.lastSeq).toBe(range.size - 1);
  for (const { treeSize, rootHash, note } of checkpoints) {
    expect(rootHash).toBe(roots.get(treeSize as number));
    const signed = readNote(note as string)!;
    expect(signed.size).toBe(treeSize);
    const publicKey = Buffer.from(keys[0].publicKey, 'base64');
    expect(isSignedBy(signed, publicKey, ed25519PublicKey(publicKey))).toBe(true);
  }
  return { header, entries, checkpoints, keys };
}

describe('the export that can be verified', () => {
  it('holds the sealed entries of the tenant, its checkpoints and the keys', async () => {
    const answer = await get();
    expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="reeve-audit-\d{8}T\d{6}Z\.ndjson"$/,
    );
    const { header, checkpoints, keys } = verify(answer.body);
    // One entry more than was written: the key that signs was made meanwhile.
    expect(header).toMatchObject({ format: 'reeve-audit/1', firstSeq: 0, frontier: [] });
    expect(checkpoints.at(-1)?.treeSize).toBe(header.lastSeq + 1);
    expect(keys).toHaveLength(1);
  });

  it('of a part begins with what comes before it summed up, and ends where a checkpoint does', async () => {
    const { header, checkpoints } = verify((await get('?fromSeq=500&toSeq=600')).body);
    expect(header.firstSeq).toBe(500);
    expect(header.lastSeq).toBeGreaterThanOrEqual(600);
    expect(checkpoints.at(-1)?.treeSize).toBe(header.lastSeq + 1);
    expect(verify((await get('?fromSeq=999999')).body).entries).toEqual([]);
  });

  it('of a log in which nothing is sealed says so', async () => {
    const { header, entries } = verify((await get('', auditor(randomUUID()))).body);
    expect(header).toMatchObject({ firstSeq: 0, lastSeq: -1 });
    expect(entries).toEqual([]);
  });

  it('says null for the personal part of an erased entry, and still verifies', async () => {
    const { entries } = verify((await get()).body);
    const { id } = entries[10];
    await log.tamper('DELETE FROM audit_personal WHERE entry_id = $1', [id]);
    expect(verify((await get()).body).entries[10]).toMatchObject({ id, personal: null });
    const shown = await log.kernel.app.inject({ url: `/api/v1/audit/entries/${id}`, headers: auditor() });
    expect(shown.json()).toMatchObject({ erased: true, actorName: null, clientIp: null, personal: null });
  });
});

describe('a selection', () => {
  const NASTY = '=1+1\r\n"}{",\u2028\u0085\u001b[31mred;';

  beforeAll(async () => {
    await asPrincipal(principalLike({ name: '@SUM(A1)', tenantId: OTHER_TENANT }), () =>
      log.kernel.app
        .get(EventLog)
        .append(
          new KiteFlown({ resourceId: NASTY, detail: { height: 1, note: NASTY }, tenantId: OTHER_TENANT }),
        ),
    );
  });

  const foreign = (query: string) => get(query, auditor(OTHER_TENANT));

  it('as CSV is read back by RFC 4180, with no formula in it', async () => {
    const answer = await foreign('?format=csv&action=kite.*');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    const [head, ...records] = parseCsv(answer.body);
    expect(new Set(records.map((record) => record.length))).toEqual(new Set([head.length]));
    const last = Object.fromEntries(head.map((name, index) => [name, records.at(-1)![index]]));
    expect(last).toMatchObject({
      resourceId: `'${NASTY}`,
      actorName: "'@SUM(A1)",
      seq: '',
      outcome: 'success',
    });
    expect(JSON.parse(last.detail)).toEqual({ height: 1, note: NASTY });
    expect(records.flat().filter((field) => /^[=+\-@\t\r]/.test(field))).toEqual([]);
  });

  it('as JSON is a list of what the API shows, sealed or not, the export itself among it', async () => {
    const entries = (await foreign('?format=json')).json<Line[]>();
    expect(entries.map(({ action }) => action).at(-1)).toBe('audit.export');
    expect(entries.filter(({ seq }) => seq === null).length).toBeGreaterThanOrEqual(2);
    expect(entries.filter(({ seq }) => seq !== null)).toHaveLength(5);
    expect((await foreign('?format=json&outcome=denied')).json()).toEqual([]);
  });

  it('as NDJSON has one line per entry whatever is in it, under a format of its own', async () => {
    const { body } = await foreign('?resourceType=kite');
    const [header, ...entries] = linesOf(body);
    expect(header.format).toBe('reeve-audit-selection/1');
    expect(entries).toHaveLength(6);
    // Readers that know further line ends see the same lines.

    expect(body).not.toMatch(/[\r\u0085\u2028\u2029\u001b]/);
    expect(entries.at(-1)).toMatchObject({ resourceId: NASTY });
  });

  it('by place takes sealed entries in their order', async () => {
    const entries = (await get('?format=json&fromSeq=2&toSeq=5')).json<Line[]>();
    expect(entries.map(({ seq }) => seq)).toEqual([2, 3, 4, 5]);
  });

  it('has what was committed when it began and nothing of what came later', async () => {
    const url = await listening();
    const before = (await get('?format=json')).json<Line[]>().length;
    const response = await begin(`${url}/api/v1/audit/export?format=json`);
    await log.append(50);
    expect(JSON.parse(await textOf(response))).toHaveLength(before + 1);
  });
});

describe('an export', () => {
  it('is an entry, with what was asked for', async () => {
    await get('?format=csv&outcome=failure');
    const url = '/api/v1/audit/entries?action=audit.export&limit=1';
    const { items } = (await log.kernel.app.inject({ url, headers: auditor() })).json<{ items: Line[] }>();
    expect(items[0]).toMatchObject({ detail: { format: 'csv', filter: { outcome: 'failure' } } });
  });

  it.each(['format=xml', 'fromSeq=-1', 'fromSeq=x', 'since=yesterday', 'limit=5'])(
    'refuses %s',
    async (query) => {
      const answer = await get(`?${query}`);
      expect(answer.statusCode).toBe(422);
      expect(answer.json()).toMatchObject({ errors: [{ in: 'query', pointer: `/${query.split('=')[0]}` }] });
    },
  );

  it('asks for audit.read, and has a limit of its own', async () => {
    expect((await get('', log.kernel.tokens.issue('curious'))).statusCode).toBe(403);
    const eleven = async (caller: Record<string, string>): Promise<number[]> => {
      const statuses: number[] = [];
      for (let count = 0; count < 11; count += 1) statuses.push((await get('?toSeq=1', caller)).statusCode);
      return statuses;
    };
    let statuses = await eleven(auditor());
    // The minute that is counted may have ended between two of them; that happens once a minute.
    if (!statuses.includes(429)) statuses = await eleven(auditor());
    expect(statuses).toEqual([...Array<number>(10).fill(200), 429]);
  });

  it('breaks the connection when it cannot go on, so that nobody takes a part for the whole', async () => {
    const url = await listening();
    await log.tamper(
      `DELETE FROM audit_entries WHERE id = (SELECT entry_id FROM audit_leaves WHERE seq = 600 AND tenant_id <> $1)`,
      [OTHER_TENANT],
    );
    const response = await begin(`${url}/api/v1/audit/export`);
    expect(response.statusCode).toBe(200);
    await expect(textOf(response)).rejects.toThrow('aborted');
  });

  it('that nobody wants any more reads on no further', async () => {
    const scope = { tenantId: DEFAULT_TENANT_ID, owner: 'any' } as const;
    const file = await asPrincipal(principalLike(), () =>
      log.kernel.app.get(AuditExports, { strict: false }).begin({ format: 'csv' }, scope),
    );
    const stream = (await streamedFile(file)).getStream();
    await once(stream, 'readable');
    stream.destroy();
    await once(stream, 'close');
    expect(await file.content.next()).toEqual({ done: true, value: undefined });
  });
});

async function listening(): Promise<string> {
  const { app } = log.kernel;
  if (!app.getHttpServer().listening) await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

async function begin(url: string, authorization = auditor().authorization): Promise<IncomingMessage> {
  const [response] = (await once(httpGet(url, { headers: { authorization } }), 'response')) as [
    IncomingMessage,
  ];
  return response;
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return text;
}

/** RFC 4180, to the letter. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = field.exec(text); match !== null; match = field.exec(text)) {
    record.push(match[1]?.replaceAll('""', '"') ?? match[2]);
    if (match[3] === ',') continue;
    records.push(record);
    record = [];
    if (field.lastIndex === text.length) break;
  }
  if (field.lastIndex !== text.length) throw new Error('This is no CSV');
  return records;
}
