import pg from 'pg';
import { readFileSync } from 'node:fs';
import { EventLog } from '../../src/kernel/events/index.js';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { UnitOfWork } from '../../src/kernel/database/index.js';
import { OutsideCheckpoints, verifyDatabase } from '../../src/modules/audit/index.js';
import { setUp } from '../support/actors.js';
import { startApp } from '../support/app.js';
import { asPrincipal, principalLike } from '../support/kernel-app.js';
import { Files } from './exported-log.js';
import { KiteFlown, SealedLog } from './sealed-log.js';

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const nothing = { trustedKeys: null, checkpoints: OutsideCheckpoints.none };
const verified = (url: string, evidence = nothing) =>
  connected(url, (client) => verifyDatabase(client, evidence));

/** Until it holds; a test that waits in vain ends with its own time. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('two replicas with 25 writers each', () => {
  it('seal one tree, with what was rolled back left out and nothing else', async () => {
    const one = await SealedLog.open();
    const other = await SealedLog.open(one.kernel.database);
    let isWriting = true;
    const sealing = [one, other].map(async (log) => {
      while (isWriting) await log.sealOnce();
    });
    const writers = [one, other].flatMap((log) =>
      Array.from({ length: 25 }, async (_, writer) => {
        for (let turn = 0; turn < 8; turn += 1) await recorded(log, turn % 4 === writer % 4);
      }),
    );
    await Promise.all(writers);
    isWriting = false;
    await Promise.all(sealing);
    await one.seal();
    const report = await verified(one.kernel.database.ownerUrl);
    // 2 × 25 × 8 less a quarter, and the entry about the key.
    expect(report).toMatchObject({ exitCode: 0, logs: [{ entries: 301, waiting: 0 }] });
    await other.close();
    await one.close();
  });

  async function recorded(log: SealedLog, isUndone: boolean): Promise<void> {
    const work = log.kernel.app.get(UnitOfWork);
    await asPrincipal(principalLike(), () =>
      work.run(async () => {
        await log.kernel.app.get(EventLog).record(new KiteFlown({ resourceId: null, detail: { height: 1 } }));
        if (isUndone) throw new Error('undone');
      }),
    ).catch((error: Error) => expect(error.message).toBe('undone'));
  }
});

describe('the sealer', () => {
  let log: SealedLog;
  beforeEach(async () => {
    log = await SealedLog.open();
  });
  afterEach(() => log.close());

  it('leaves its turn to others when it dies, and nothing of an unfinished batch is there', async () => {
    await log.append(3);
    const dying = new pg.Client(log.kernel.database.ownerUrl);
    dying.on('error', () => undefined);
    await dying.connect();
    await dying.query('BEGIN; SELECT FROM audit_sealing FOR UPDATE');
    expect(await log.sealOnce()).toBe(0);
    await log.tamper(
      `SELECT pg_terminate_backend(pid) FROM pg_locks
        WHERE relation = 'audit_sealing'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    await until(async () => (await log.sealOnce()) > 0);
    await log.seal();
    expect(await verified(log.kernel.database.ownerUrl)).toMatchObject({
      exitCode: 0,
      logs: [{ entries: 4 }],
    });
    await dying.end().catch(() => undefined);
  });

  it('does not sign on a tree that was changed', async () => {
    await log.grow(3);
    await log.tamper(`UPDATE audit_leaves SET leaf_hash = decode(repeat('01', 32), 'hex') WHERE seq = 1`);
    const other = await SealedLog.open(log.kernel.database);
    await other.append(1);
    await expect(other.seal()).rejects.toThrow('not what its checkpoint');
    await other.close();
  });

  it('seals what a restored dump brought along before anything else, whatever its transaction ids are', async () => {
    await log.grow(2);
    await log.append(2);
    await log.tamper(
      `UPDATE audit_entries SET xid = '900000000000' WHERE id NOT IN (SELECT entry_id FROM audit_leaves)`,
    );
    expect(await log.sealOnce()).toBe(0);
    await log.tamper(`INSERT INTO audit_epochs (epoch, system_identifier) VALUES (2, 'another');
      ALTER TABLE audit_entries ALTER COLUMN cluster_epoch SET DEFAULT 2`);
    await log.append(3);
    expect(await log.seal()).toBe(5);
    const epochs = await log.tamper<{ epochs: number[] }>(
      'SELECT array_agg(cluster_epoch ORDER BY seq) AS epochs FROM audit_leaves JOIN audit_entries ON id = entry_id',
    );
    expect(epochs).toEqual([{ epochs: [1, 1, 1, 1, 1, 2, 2, 2] }]);
    expect(await verified(log.kernel.database.ownerUrl)).toMatchObject({ exitCode: 0 });
  });

  it('goes by the number of a transaction, not by its spelling', async () => {
    await log.grow(1);
    await log.append(4);
    await log.tamper(`UPDATE audit_sealing SET xid = '8';
      UPDATE audit_entries e SET xid = (ARRAY['9', '10', '99', '100'])[n]::xid8 FROM (
        SELECT id, row_number() OVER (ORDER BY id) AS n FROM audit_entries WHERE id NOT IN (SELECT entry_id FROM audit_leaves)
      ) waiting WHERE waiting.id = e.id`);
    await log.tamper(`UPDATE audit_entries SET xid = '1' WHERE id IN (SELECT entry_id FROM audit_leaves)`);
    expect(await log.seal()).toBe(4);
    expect(await log.tamper('SELECT xid::text FROM audit_sealing')).toEqual([{ xid: '100' }]);
  });

  it('gives a place to a row that somebody put in with half a hash, which verification then finds', async () => {
    await log.tamper(`INSERT INTO audit_entries (id, tenant_id, occurred_at, actor_kind, action, resource_type, outcome, detail, leaf_hash)
      VALUES ('00000000-0000-7000-8000-000000000001', '${DEFAULT_TENANT_ID}', now(), 'system', 'a.b', 'a', 'success', '{}', '')`);
    await log.grow(1);
    expect(await verified(log.kernel.database.ownerUrl)).toMatchObject({ exitCode: 2, firstBadSeq: 0 });
  });

  it('lets the owner prune, who has to say so, and nobody else', async () => {
    await log.grow(3);
    const prune = `BEGIN; SET LOCAL reeve.pruning = 'on'; DELETE FROM audit_personal; DELETE FROM audit_entries`;
    const { ownerUrl, runtimeUrl } = log.kernel.database;
    await connected(ownerUrl, (client) => client.query(`${prune}; ROLLBACK`));
    await connected(runtimeUrl, (client) =>
      expect(client.query(prune)).rejects.toMatchObject({ code: '42501' }),
    );
  });
});

describe('what was sealed', () => {
  let log: SealedLog;
  beforeAll(async () => {
    log = await SealedLog.open();
    await log.grow(300);
  });
  afterAll(() => log?.close());

  it.each([
    'audit_leaves',
    'audit_tiles',
    'audit_keys',
    'audit_checkpoints',
    'audit_segments',
    'audit_epochs',
  ])('is in %s once and for all', async (table) => {
    const { ownerUrl, runtimeUrl } = log.kernel.database;
    for (const change of [`DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`])
      for (const url of [ownerUrl, runtimeUrl])
        await connected(url, async (client) => {
          if (table === 'audit_segments' && url === ownerUrl && change.startsWith('DELETE')) return;
          await expect(client.query(change)).rejects.toMatchObject({ code: '42501' });
        });
  });
});

it('a process that runs jobs seals by itself, says how far behind it is, and carries checkpoints outside', async () => {
  const files = new Files();
  const auditAnchor = files.write('');
  const app = await startApp({ configuration: { role: 'all', auditAnchor } });
  const { http } = await setUp(app);
  const newest = async () =>
    (await http.get('/audit/entries?limit=1')).body.items[0] as { seq: number | null };
  await until(async () => (await newest()).seq !== null);
  expect((await app.http.get('//metrics')).body).toMatch(/^audit_seal_lag_seconds 0/m);
  const { treeSize, note } = (await http.get('/audit/checkpoints/latest')).body as {
    treeSize: number;
    note: string;
  };
  await until(() => Promise.resolve(readFileSync(auditAnchor, 'utf8').includes(note)));
  const checkpoints = OutsideCheckpoints.in(readFileSync(auditAnchor, 'utf8'));
  expect(await verified(app.database.ownerUrl, { ...nothing, checkpoints })).toMatchObject({ exitCode: 0 });

  const successor = await startApp({ replicaOf: app, configuration: { role: 'all', auditAnchor } });
  await http.post('/service-principals', { name: 'one-more' });
  await until(
    async () =>
      ((await http.get('/audit/checkpoints/latest')).body as { treeSize: number }).treeSize > treeSize,
  );
  await successor.close();
  // The successor found in the file where to go on, so the file has all of them, from the first on, and in order.
  const anchored = readFileSync(auditAnchor, 'utf8').match(/^\d+$/gm) ?? [];
  const sizes = (
    await connected(app.database.ownerUrl, (client) =>
      client.query<{ size: string }>('SELECT tree_size AS size FROM audit_checkpoints ORDER BY tree_size'),
    )
  ).rows.map(({ size }) => size);
  expect([...new Set(anchored)]).toEqual(sizes.slice(0, new Set(anchored).size));
  await app.close();
  files.remove();
});
