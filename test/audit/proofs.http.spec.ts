import { randomUUID } from 'node:crypto';
import { ed25519PublicKey } from '../../src/kernel/crypto/index.js';
import { runInOperation, systemOperation, systemPrincipal } from '../../src/kernel/operation/index.js';
import { AuditKeys } from '../../src/modules/audit/index.js';
import { isSignedBy, publicKeyIn, readNote } from '../../src/modules/audit/checkpoints/checkpoint-note.js';
import { provesConsistency, provesInclusion } from '../../src/modules/audit/tree/proof-check.js';
import { SealedLog } from './sealed-log.js';

const OTHER_TENANT = randomUUID();
interface Entry {
  id: string;
  seq: number | null;
  leafHash: string;
}
interface Inclusion {
  entryId: string;
  seq: number;
  leafHash: string;
  treeSize: number;
  rootHash: string;
  hashes: string[];
  checkpoint: string | null;
}
interface Consistency {
  from: number;
  to: number;
  fromRootHash: string;
  toRootHash: string;
  hashes: string[];
  toCheckpoint: string | null;
}
interface Checkpoint {
  treeSize: number;
  rootHash: string;
  keyId: string;
  note: string;
  prevCheckpoint: number | null;
}
interface Key {
  keyId: string;
  vkey: string;
  previousKeyId: string | null;
}

let log: SealedLog;
let auditor: Record<string, string>;

beforeAll(async () => {
  log = await SealedLog.open();
  auditor = log.kernel.tokens.issue('auditor', { may: ['audit.read'] });
  for (const count of [3, 1, 300, 40]) await log.grow(count);
  await log.grow(5, OTHER_TENANT);
});
afterAll(() => log?.close());

const get = (path: string, headers = auditor) =>
  log.kernel.app.inject({ method: 'GET', url: `/api/v1/audit/${path}`, headers });
const bytes = (hex: string) => Buffer.from(hex, 'hex');
const newest = async (limit = 1) => (await get(`entries?limit=${limit}`)).json<{ items: Entry[] }>().items;

function holds({ leafHash, seq, treeSize, hashes, rootHash }: Inclusion): boolean {
  return provesInclusion(bytes(leafHash), seq, treeSize, hashes.map(bytes), bytes(rootHash));
}

describe('sealing', () => {
  it('gives each entry of a tenant its place, without a gap and in one tree per tenant', async () => {
    const rows = await log.tamper<{ tenant: string; count: number; last: number }>(
      'SELECT tenant_id AS tenant, count(*)::int, max(seq)::int AS last FROM audit_leaves GROUP BY 1',
    );
    for (const { count, last } of rows) expect(last).toBe(count - 1);
    expect(rows.find(({ tenant }) => tenant === OTHER_TENANT)).toMatchObject({ count: 5 });
    expect((await newest())[0].seq).toBe(rows.find(({ tenant }) => tenant !== OTHER_TENANT)!.last);
  });

  it('has nothing to do when nothing was written', async () => {
    expect(await log.seal()).toBe(0);
  });

  it('waits for a transaction that began before, because its entries come before', async () => {
    const database = await import('pg').then(
      ({ default: pg }) => new pg.Client(log.kernel.database.ownerUrl),
    );
    await database.connect();
    await database.query('BEGIN; SELECT pg_current_xact_id()');
    await log.append(1);
    expect(await log.sealOnce()).toBe(0);
    expect((await newest())[0].seq).toBeNull();
    await database.query('COMMIT');
    await database.end();
    expect(await log.seal()).toBe(1);
  });
});

describe('GET /audit/checkpoints', () => {
  it('lists them newest first, in pages that fit together, each following the one before', async () => {
    const first = (await get('checkpoints?limit=2&total=true')).json<{
      items: Checkpoint[];
      nextCursor: string;
      total: number;
    }>();
    const second = (await get(`checkpoints?limit=100&cursor=${first.nextCursor}`)).json<{
      items: Checkpoint[];
    }>();
    const all = [...first.items, ...second.items];
    expect(first.total).toBe(all.length);
    all.forEach(({ prevCheckpoint }, index) => expect(prevCheckpoint).toBe(all[index + 1]?.treeSize ?? null));
    expect((await get('checkpoints/latest')).json()).toEqual(all[0]);
  });

  it('are signed by the key that is published', async () => {
    const { items: keys } = (await get('keys')).json<{ items: Key[] }>();
    const checkpoint = (await get('checkpoints/latest')).json<Checkpoint>();
    const note = readNote(checkpoint.note)!;
    const key = publicKeyIn(keys.find(({ keyId }) => keyId === checkpoint.keyId)!.vkey)!;
    expect(note.origin).toMatch(/\/audit\/00000000-0000-7000-8000-000000000001$/);
    expect(note.size).toBe(checkpoint.treeSize);
    expect(note.root.toString('hex')).toBe(checkpoint.rootHash);
    expect(isSignedBy(note, key, ed25519PublicKey(key))).toBe(true);
  });

  it('has no newest one for a tenant without entries', async () => {
    const newcomer = log.kernel.tokens.issue('newcomer', { may: ['audit.read'], tenantId: randomUUID() });
    expect((await get('checkpoints/latest', newcomer)).json()).toMatchObject({ status: 404 });
    expect((await get('keys', newcomer)).json()).toMatchObject({ items: [{ vkey: null }] });
    expect((await get('proofs/consistency?from=1', newcomer)).json()).toMatchObject({
      code: 'tree_size_unknown',
    });
  });
});

describe('GET /audit/proofs/inclusion', () => {
  it('proves every entry in the newest tree, which is signed', async () => {
    const { note } = (await get('checkpoints/latest')).json<Checkpoint>();
    for (const { id, seq, leafHash } of await newest(60)) {
      const proof = (await get(`proofs/inclusion?entry=${id}`)).json<Inclusion>();
      expect(proof).toMatchObject({ entryId: id, seq, leafHash, checkpoint: note });
      expect(holds(proof)).toBe(true);
    }
  });

  it('proves an entry in an earlier tree that has it, and says when there is none of that size', async () => {
    const [{ id, seq }] = (await newest(200)).slice(-1);
    const proof = (await get(`proofs/inclusion?entry=${id}&treeSize=${seq! + 1}`)).json<Inclusion>();
    expect(holds(proof)).toBe(true);
    expect((await get(`proofs/inclusion?entry=${id}&treeSize=${seq}`)).json()).toMatchObject({
      status: 404,
      code: 'tree_size_unknown',
    });
    expect((await get(`proofs/inclusion?entry=${id}&treeSize=1000000`)).statusCode).toBe(404);
  });

  it('asks to wait for an entry that is not sealed yet', async () => {
    await log.append(1);
    const [{ id, seq }] = await newest();
    expect(seq).toBeNull();
    const answer = await get(`proofs/inclusion?entry=${id}`);
    expect(answer.json()).toMatchObject({ status: 409, code: 'audit_entry_not_sealed' });
    expect(answer.headers['retry-after']).toBe('1');
    await log.seal();
    expect((await get(`proofs/inclusion?entry=${id}`)).statusCode).toBe(200);
  });

  it("answers another tenant's entry like one that does not exist", async () => {
    const foreign = log.kernel.tokens.issue('foreign', { may: ['audit.read'], tenantId: OTHER_TENANT });
    const [{ id }] = (await get('entries?limit=1', foreign)).json<{ items: Entry[] }>().items;
    expect((await get(`proofs/inclusion?entry=${id}`)).json()).toMatchObject({ code: 'not_found' });
    expect((await get(`proofs/inclusion?entry=${randomUUID()}`)).json()).toMatchObject({ code: 'not_found' });
    expect(holds((await get(`proofs/inclusion?entry=${id}`, foreign)).json())).toBe(true);
  });

  it.each(['', '?entry=7', `?entry=${randomUUID()}&treeSize=0`, `?entry=${randomUUID()}&x=1`])(
    'refuses the query "%s"',
    async (query) => {
      expect((await get(`proofs/inclusion${query}`)).statusCode).toBe(422);
    },
  );
});

describe('GET /audit/proofs/consistency', () => {
  it('proves that each checkpoint is the beginning of the newest', async () => {
    const { items } = (await get('checkpoints?limit=100')).json<{ items: Checkpoint[] }>();
    for (const { treeSize, rootHash } of items) {
      const proof = (await get(`proofs/consistency?from=${treeSize}`)).json<Consistency>();
      expect(proof).toMatchObject({ fromRootHash: rootHash, toRootHash: items[0].rootHash });
      const { from, to, hashes } = proof;
      expect(provesConsistency(from, to, hashes.map(bytes), bytes(rootHash), bytes(items[0].rootHash))).toBe(
        true,
      );
    }
  });

  it.each([
    ['from=1000000', 404, 'tree_size_unknown'],
    ['from=1&to=1000000', 404, 'tree_size_unknown'],
    ['from=5&to=4', 422, 'tree_sizes_reversed'],
    ['from=0', 422, 'validation_failed'],
  ])('refuses %s', async (query, status, code) => {
    expect((await get(`proofs/consistency?${query}`)).json()).toMatchObject({ status, code });
  });
});

describe('a key that is replaced', () => {
  it('leaves its public half, an endorsement, an entry, and the next checkpoint to its successor', async () => {
    const operation = systemOperation('boot', 'rotation', systemPrincipal('test'));
    const keyId = await runInOperation(operation, () => log.kernel.app.get(AuditKeys).rotate());
    await log.seal();
    const { items } = (await get('keys')).json<{ items: (Key & { endorsement: string | null })[] }>();
    expect(items.map(({ previousKeyId }) => previousKeyId)).toEqual([null, items[0].keyId]);
    expect(items[1]).toMatchObject({ keyId, endorsement: expect.any(String) as string });
    expect((await get('checkpoints/latest')).json()).toMatchObject({ keyId });
    expect((await get('entries?action=audit_key.rotate')).json()).toMatchObject({
      items: [{ resourceId: keyId }],
    });
    expect(await log.tamper('SELECT key_id FROM audit_private_keys')).toEqual([{ key_id: keyId }]);
  });
});

it.each(['checkpoints', 'checkpoints/latest', 'keys', 'proofs/inclusion', 'proofs/consistency'])(
  'GET /audit/%s asks for audit.read',
  async (path) => {
    expect((await get(path, log.kernel.tokens.issue('curious'))).json()).toMatchObject({ code: 'forbidden' });
    expect((await get(path, {})).statusCode).toBe(401);
  },
);
