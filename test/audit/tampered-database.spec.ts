import pg from 'pg';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import {
  type Evidence,
  OutsideCheckpoints,
  trustedKeyIds,
  type VerificationReport,
} from '../../src/modules/audit/index.js';
import { createTestDatabase, type TestDatabase, testServer, withDatabase } from '../support/postgres.js';
import { verifySnapshot } from '../../src/modules/audit/verification/verify-database.js';
import { exported, type ExportedLog } from './exported-log.js';
import { rechained } from './rechained-log.js';
import { SealedLog } from './sealed-log.js';

const OTHER_TENANT = '01936f5e-0000-7000-8000-00000000000f';
let database: TestDatabase;
let superuser: pg.Client;
let original: ExportedLog;

/** Batches of 300, 1 (the entry about the first key), 8 and 8 entries: one tile is complete, another begun. */
beforeAll(async () => {
  database = await createTestDatabase();
  const log = await SealedLog.open(database);
  for (const count of [300, 8, 8]) await log.grow(count);
  await log.grow(5, OTHER_TENANT);
  await log.close();
  superuser = new pg.Client(withDatabase(testServer().superuserUrl, nameOf(database)));
  await superuser.connect();
  original = await afterTampering(
    () => Promise.resolve(),
    (client) => exported(client, DEFAULT_TENANT_ID),
  );
});
afterAll(async () => {
  await superuser?.end();
  await database?.drop();
});

/** Tampers as a superuser whom no trigger stops, looks at what came of it, and undoes it. */
async function afterTampering<T>(
  tamper: (client: pg.Client) => Promise<unknown>,
  look: (client: pg.Client) => Promise<T>,
): Promise<T> {
  await superuser.query('BEGIN; SET LOCAL session_replication_role = replica');
  try {
    await tamper(superuser);
    return await look(superuser);
  } finally {
    await superuser.query('ROLLBACK');
  }
}

const nothing: Evidence = { trustedKeys: null, checkpoints: OutsideCheckpoints.none };
const anchored = (index: number): Evidence => ({
  ...nothing,
  checkpoints: OutsideCheckpoints.in(original.checkpoints[index].note),
});

function after(sql: string, evidence = nothing): Promise<VerificationReport> {
  return afterTampering(
    (client) => client.query(sql),
    (client) => verifySnapshot(client, evidence),
  );
}

async function verdict(sql: string, evidence?: Evidence): Promise<[number, number | null]> {
  const { exitCode, firstBadSeq } = await after(sql, evidence);
  return [exitCode, firstBadSeq];
}

const at = (seq: number) =>
  `(SELECT entry_id FROM audit_leaves WHERE tenant_id = '${DEFAULT_TENANT_ID}' AND seq = ${seq})`;
const OURS = `tenant_id = '${DEFAULT_TENANT_ID}'`;
const nameOf = ({ ownerUrl }: TestDatabase) => new URL(ownerUrl).pathname.slice(1);

describe('a database that nobody touched', () => {
  it('is in order, with and without keys and checkpoints from elsewhere', async () => {
    expect(original.checkpoints.map(({ treeSize }) => treeSize)).toEqual([300, 301, 309, 317]);
    const report = await after('');
    expect(report).toMatchObject({ exitCode: 0, keysPinned: false, findings: [] });
    expect(report.logs).toMatchObject([
      { tenantId: DEFAULT_TENANT_ID, entries: 317, newestCheckpoint: 317, waiting: 0 },
      { tenantId: OTHER_TENANT, entries: 5, newestCheckpoint: 5, waiting: 0 },
    ]);
    expect(report.completeness).toContainEqual({ name: 'audit key', rows: 1, missing: 0 });
    const trustedKeys = trustedKeyIds(`# ours\n${original.keys[0].vkey}\n`);
    expect(await after('', { ...anchored(3), trustedKeys })).toMatchObject({ exitCode: 0, keysPinned: true });
  });

  it('may have personal parts erased', async () => {
    const report = await after(`DELETE FROM audit_personal WHERE entry_id = ${at(11)}`);
    expect(report).toMatchObject({ exitCode: 0, logs: [{ erased: 1 }, { erased: 0 }] });
  });
});

describe('a database in which', () => {
  const texts = [
    'actor_kind',
    'actor_id',
    'actor_role',
    'action',
    'resource_type',
    'resource_id',
    'gateway_name',
    'outcome',
    'request_id',
    'event_code',
  ];
  const ids = ['id', 'tenant_id', 'department_id', 'gateway_id', 'approval_id', 'command_id'];
  const edits: Record<string, string> = {
    ...Object.fromEntries(texts.map((column) => [column, `'denied'`])),
    ...Object.fromEntries(ids.map((column) => [column, 'gen_random_uuid()'])),
    occurred_at: `occurred_at + interval '1 ms'`,
    on_behalf_of: `'{x}'`,
    delegation_path: `'{x}'`,
    detail: `replace(detail, '{', '{ ')`,
    personal_digest: 'set_byte(personal_digest, 7, 1 + get_byte(personal_digest, 7) % 255)',
    leaf_hash: 'set_byte(leaf_hash, 7, 1 + get_byte(leaf_hash, 7) % 255)',
  };

  it('every column that is hashed is covered', async () => {
    const columns = await afterTampering(
      () => Promise.resolve(),
      async (client) =>
        (
          await client.query<{ name: string }>(
            `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'audit_entries'`,
          )
        ).rows.map(({ name }) => name),
    );
    expect([...Object.keys(edits), 'xid', 'cluster_epoch'].sort()).toEqual(columns.sort());
  });

  it.each(Object.entries(edits))('%s of an entry was edited', async (column, value) => {
    expect(await verdict(`UPDATE audit_entries SET ${column} = ${value} WHERE id = ${at(11)}`)).toEqual([
      2, 11,
    ]);
  });

  it.each(['salt', 'actor_name', 'client_ip', 'user_agent', 'detail'])(
    'the personal %s was edited',
    async (column) => {
      const edit = `UPDATE audit_personal SET ${column} = '1' WHERE entry_id = ${at(11)}`;
      expect(await verdict(edit)).toEqual([2, 11]);
    },
  );

  it('a personal part was edited and its salt taken away', async () => {
    const edit = `ALTER TABLE audit_personal ALTER salt DROP NOT NULL;
      UPDATE audit_personal SET salt = NULL, actor_name = 'somebody else' WHERE entry_id = ${at(11)}`;
    expect(await verdict(edit)).toEqual([2, 11]);
  });

  it('a function stands in front of the one that writes times, and hides that they were edited', async () => {
    const edit = `UPDATE audit_entries SET occurred_at = occurred_at + interval '1 hour' WHERE id = ${at(11)};
      CREATE SCHEMA hostile;
      CREATE FUNCTION hostile.to_char(timestamp, text) RETURNS text LANGUAGE sql AS
        $$ SELECT pg_catalog.to_char(CASE WHEN $1 > max(e.occurred_at) AT TIME ZONE 'UTC' THEN $1 - interval '1 hour' ELSE $1 END, $2)
             FROM public.audit_entries e WHERE e.id <> ${at(11)} $$;
      SET LOCAL search_path = public, hostile, pg_catalog`;
    expect(await verdict(edit)).toEqual([2, 11]);
  });

  it('a policy hides rows', async () => {
    const hide = `CREATE ROLE reader; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
      ALTER TABLE audit_entries ENABLE ROW LEVEL SECURITY;
      CREATE POLICY few ON audit_entries USING (occurred_at < now() - interval '1 day'); SET LOCAL ROLE reader`;
    await expect(after(hide)).rejects.toThrow(/row-level security/);
  });

  it('text was put in another Unicode form', async () => {
    const edit = `UPDATE audit_entries SET detail = normalize(detail, NFD) WHERE id = ${at(11)}`;
    expect(await verdict(edit)).toEqual([2, 11]);
  });

  it('1 was turned into 1.0', async () => {
    const seq = original.entries.findIndex(({ detail }) => detail.includes('"height":1,'));
    const edit = `UPDATE audit_entries SET detail = replace(detail, '"height":1,', '"height":1.0,') WHERE id = ${at(seq)}`;
    expect(await verdict(edit)).toEqual([2, seq]);
  });

  it.each([0, 11, 316])('entry %i was deleted', async (seq) => {
    expect(await verdict(`DELETE FROM audit_entries WHERE id = ${at(seq)}`)).toEqual([3, seq]);
  });

  it.each([0, 11, 312])('entry %i was deleted together with its leaf', async (seq) => {
    const both = `DELETE FROM audit_entries WHERE id = ${at(seq)}; DELETE FROM audit_leaves WHERE ${OURS} AND seq = ${seq}`;
    expect(await verdict(both)).toEqual([3, seq]);
  });

  it('the last entry was deleted together with its leaf, and its checkpoint was not', async () => {
    const both = `DELETE FROM audit_entries WHERE id = ${at(316)}; DELETE FROM audit_leaves WHERE ${OURS} AND seq = 316`;
    expect(await verdict(both)).toEqual([4, 316]);
  });

  const swap = (a: number, b: number) =>
    `UPDATE audit_leaves SET seq = -1 WHERE ${OURS} AND seq = ${a}; UPDATE audit_leaves SET seq = ${a} WHERE ${OURS} AND seq = ${b};
     UPDATE audit_leaves SET seq = ${b} WHERE ${OURS} AND seq = -1`;

  it('two entries were swapped', async () => {
    // The tile says which hash belongs there.
    expect(await verdict(swap(11, 13))).toEqual([2, 11]);
    // There is no tile yet.
    expect(await verdict(swap(303, 305))).toEqual([3, 303]);
    expect(await verdict(swap(305, 312))).toEqual([3, 305]);
  });

  it('one entry was duplicated', async () => {
    const columns =
      original.entries[0] &&
      'tenant_id, occurred_at, actor_kind, action, resource_type, outcome, detail, leaf_hash, xid';
    const copy = `INSERT INTO audit_entries (id, ${columns}) SELECT gen_random_uuid(), ${columns} FROM audit_entries WHERE id = ${at(11)}`;
    expect(await verdict(copy)).toEqual([3, null]);
    const leaf = `ALTER TABLE audit_leaves DROP CONSTRAINT uq_audit_leaves_entry;
      INSERT INTO audit_leaves SELECT tenant_id, 317, entry_id, leaf_hash FROM audit_leaves WHERE ${OURS} AND seq = 316`;
    expect(await verdict(leaf)).toEqual([3, 317]);
  });

  it('one entry was inserted without being sealed', async () => {
    const [columns, values] = [
      'tenant_id, actor_kind, action, resource_type, outcome, detail',
      `'${DEFAULT_TENANT_ID}', 'user', 'a.b', 'a', 'success', '{}'`,
    ];
    const insert = (time: string) =>
      `INSERT INTO audit_entries (id, occurred_at, leaf_hash, ${columns}) VALUES (gen_random_uuid(), ${time}, decode(repeat('00', 32), 'hex'), ${values})`;
    expect(await verdict(insert('now()'))).toEqual([2, null]);
    const late = insert(`now() - interval '1 day'`);
    expect(await verdict(late)).toEqual([3, null]);
    // However the database is told to write times.
    expect(await verdict(`${late}; SET LOCAL DateStyle = 'SQL, DMY'`)).toEqual([3, null]);
  });

  it("another tenant's entry was put in the place of one", async () => {
    const edit = `ALTER TABLE audit_leaves DROP CONSTRAINT uq_audit_leaves_entry;
      UPDATE audit_leaves SET (entry_id, leaf_hash) = (SELECT entry_id, leaf_hash FROM audit_leaves WHERE tenant_id = '${OTHER_TENANT}' AND seq = 2)
       WHERE ${OURS} AND seq = 305`;
    expect(await verdict(edit)).toEqual([2, 305]);
  });

  it('a leaf was added far from all others', async () => {
    const edit = `INSERT INTO audit_leaves VALUES ('${DEFAULT_TENANT_ID}', 1000000000000000, gen_random_uuid(), decode(repeat('01', 32), 'hex'))`;
    expect(await verdict(edit)).toEqual([3, 317]);
  });

  it('the tail and its checkpoint were cut', async () => {
    const cut = `DELETE FROM audit_personal WHERE entry_id IN (SELECT entry_id FROM audit_leaves WHERE ${OURS} AND seq >= 309);
      DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_leaves WHERE ${OURS} AND seq >= 309);
      DELETE FROM audit_leaves WHERE ${OURS} AND seq >= 309; DELETE FROM audit_checkpoints WHERE ${OURS} AND tree_size > 309`;
    expect(await verdict(cut)).toEqual([0, null]);
    expect(await verdict(cut, anchored(3))).toEqual([4, 309]);
  });

  it('a whole log was removed', async () => {
    const removal = ['audit_personal', 'audit_entries', 'audit_leaves', 'audit_tiles', 'audit_checkpoints']
      .map(
        (table) =>
          `DELETE FROM ${table} WHERE ${table === 'audit_personal' ? `entry_id IN (SELECT id FROM audit_entries WHERE tenant_id = '${OTHER_TENANT}')` : `tenant_id = '${OTHER_TENANT}'`}`,
      )
      .join(';');
    const [{ note }] = await afterTampering(
      () => Promise.resolve(),
      async (client) =>
        (
          await client.query<{ note: string }>(
            `SELECT note FROM audit_checkpoints WHERE tenant_id = '${OTHER_TENANT}'`,
          )
        ).rows,
    );
    expect(await verdict(removal)).toEqual([0, null]);
    expect(await verdict(removal, { ...nothing, checkpoints: OutsideCheckpoints.in(note) })).toEqual([4, 0]);
  });

  it('everything was chained anew under another key', async () => {
    const forged = await rechained(original, 303, true);
    const apply = async (client: pg.Client) => {
      const { detail, leafHash, id } = forged.entries[303];
      await client.query(
        `UPDATE audit_entries SET detail = $1, leaf_hash = decode($2, 'hex') WHERE id = $3`,
        [detail, leafHash, id],
      );
      await client.query(`UPDATE audit_leaves SET leaf_hash = decode($1, 'hex') WHERE entry_id = $2`, [
        leafHash,
        id,
      ]);
      const { keyId, publicKey, previousKeyId } = forged.keys[1];
      await client.query(`INSERT INTO audit_keys VALUES ($1, decode($2, 'base64'), $3, NULL, now())`, [
        keyId,
        publicKey,
        previousKeyId,
      ]);
      for (const { treeSize, rootHash, keyId: by, note } of forged.checkpoints)
        await client.query(
          `UPDATE audit_checkpoints SET root_hash = decode($2, 'hex'), key_id = $3, note = $4 WHERE ${OURS} AND tree_size = $1`,
          [treeSize, rootHash, by, note],
        );
      await client.query(`UPDATE audit_checkpoints SET key_id = $1 WHERE false`, [keyId]);
    };
    const judged = async (evidence: Evidence) => {
      const { findings } = await afterTampering(apply, (client) =>
        verifySnapshot(client, evidence, DEFAULT_TENANT_ID),
      );
      return [findings.at(0)?.code, findings.at(0)?.seq];
    };
    // The forger's key has no entry; a cleverer one would have made that too.
    expect(await judged(nothing)).toEqual([3, null]);
    expect(await judged({ ...nothing, trustedKeys: trustedKeyIds(original.keys[0].keyId) })).toEqual([5, 0]);
    expect(await judged(anchored(2))).toEqual([6, 301]);
  });

  it('an entry and all its hashes were changed, and the checkpoints were not', async () => {
    const hash = `decode(repeat('01', 32), 'hex')`;
    const edit = `UPDATE audit_leaves SET leaf_hash = ${hash} WHERE ${OURS} AND seq = 303`;
    expect(await verdict(edit)).toEqual([2, 303]);
  });

  it.each([
    ['root_hash', `decode(repeat('01', 32), 'hex')`, 5],
    ['note', `replace(note, E'\\n309\\n', E'\\n308\\n')`, 5],
    ['key_id', `repeat('0', 64)`, 5],
    ['prev_checkpoint', '299', 3],
  ])('%s of a checkpoint was edited', async (column, value, code) => {
    const edit = `UPDATE audit_checkpoints SET ${column} = ${value} WHERE ${OURS} AND tree_size = 309`;
    expect(await verdict(edit)).toEqual([code, 301]);
  });

  it('a tile was edited or deleted', async () => {
    const hashes = `UPDATE audit_tiles SET hashes = set_byte(hashes, 11 * 32, 1 + get_byte(hashes, 11 * 32) % 255)`;
    expect(await verdict(hashes)).toEqual([2, 11]);
    expect(await verdict(`UPDATE audit_tiles SET root = decode(repeat('01', 32), 'hex')`)).toEqual([2, 0]);
    expect(await verdict('DELETE FROM audit_tiles')).toEqual([2, 0]);
  });

  it('a segment is said to have been pruned that left no entry', async () => {
    const prune = `INSERT INTO audit_segments VALUES ('${DEFAULT_TENANT_ID}', 0, 299, decode(repeat('01', 32), 'hex'), 'x', decode(repeat('01', 32), 'hex'), now());
      DELETE FROM audit_personal WHERE entry_id IN (SELECT entry_id FROM audit_leaves WHERE ${OURS} AND seq < 300);
      DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_leaves WHERE ${OURS} AND seq < 300)`;
    const report = await after(prune);
    expect(report).toMatchObject({ exitCode: 3, logs: [{ firstSeq: 300, entries: 17 }, {}] });
    expect(report.findings).toMatchObject([{ what: 'The pruned segment 0-299 has no entry.' }]);
  });
});
