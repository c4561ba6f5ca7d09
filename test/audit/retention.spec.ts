import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { Secret } from '../../src/kernel/crypto/index.js';
import { EventLog } from '../../src/kernel/events/index.js';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { Clock, Configuration } from '../../src/kernel/runtime/index.js';
import {
  OutsideCheckpoints,
  Retention,
  verifyDatabase,
  verifyExport,
} from '../../src/modules/audit/index.js';
import { ExporterTurns } from '../../src/modules/audit/exporters/exporter-turns.js';
import { SealedExport } from '../../src/modules/audit/export/sealed-export.js';
import { SegmentsRepository } from '../../src/modules/audit/retention/segments.repository.js';
import { provesInclusion } from '../../src/modules/audit/tree/proof-check.js';
import { SealedLog } from './sealed-log.js';

const DAY_MS = 24 * 3600 * 1000;
const NO_EVIDENCE = { trustedKeys: null, checkpoints: OutsideCheckpoints.none };
let log: SealedLog;
let directory: string;
let auditor: Record<string, string>;

beforeEach(async () => {
  log = await SealedLog.open();
  directory = mkdtempSync(join(tmpdir(), 'reeve-segments-'));
  auditor = log.kernel.tokens.issue('auditor', { may: ['audit.read'] });
});
afterEach(async () => {
  rmSync(directory, { recursive: true });
  await log?.close();
});

function retention(settings: Partial<Configuration> = {}): Retention {
  const get = <T>(provider: new (...args: never[]) => T): T =>
    log.kernel.app.get(provider, { strict: false });
  const configuration = new Configuration({
    ...get(Configuration),
    migrationDatabaseUrl: new Secret(log.kernel.database.ownerUrl),
    ...settings,
  });
  return new Retention(
    get(SealedExport),
    get(SegmentsRepository),
    get(ExporterTurns),
    get(EventLog),
    configuration,
    get(Clock),
  );
}
const rules = () => ({ keepDays: 30, directory, withPersonal: true });

async function verified() {
  const client = new Client({ connectionString: log.kernel.database.ownerUrl });
  await client.connect();
  try {
    return await verifyDatabase(client, NO_EVIDENCE, null);
  } finally {
    await client.end();
  }
}

const get = async (path: string) =>
  (await log.kernel.app.inject({ url: `/api/v1/audit/${path}`, headers: auditor })).json<
    Record<string, unknown>
  >();
const counts = async () =>
  (
    await log.tamper<{ entries: number; personal: number }>(
      `SELECT (SELECT count(*)::int FROM audit_entries) AS entries, (SELECT count(*)::int FROM audit_personal) AS personal`,
    )
  )[0];

describe('retention', () => {
  it('leaves a log that verifies, files that verify, and proofs that hold', async () => {
    await log.grow(700);
    log.kernel.clock.advance(40 * DAY_MS);
    await log.grow(300);
    const [segment, ...others] = await retention().prune(rules());
    expect(others).toEqual([]);
    expect(segment).toMatchObject({ tenantId: DEFAULT_TENANT_ID, firstSeq: 0 });
    await log.seal();

    expect(await verifyExport(segment.path, NO_EVIDENCE)).toMatchObject({ exitCode: 0 });
    expect(await verified()).toMatchObject({ exitCode: 0, findings: [] });

    const [entry] = (await get('entries?action=kite.*&limit=1')).items as { id: string }[];
    const proof = (await get(`proofs/inclusion?entry=${entry.id}`)) as unknown as {
      leafHash: string;
      seq: number;
      treeSize: number;
      hashes: string[];
      rootHash: string;
    };
    const bytes = (hex: string) => Buffer.from(hex, 'hex');
    expect(
      provesInclusion(
        bytes(proof.leafHash),
        proof.seq,
        proof.treeSize,
        proof.hashes.map(bytes),
        bytes(proof.rootHash),
      ),
    ).toBe(true);
    const consistency = await get('proofs/consistency?from=5');
    expect(consistency.hashes).toEqual(expect.any(Array));
  });

  it('can be repeated, each segment going on where the last one ended, and the export after them too', async () => {
    const segments = [];
    for (const count of [300, 10, 500]) {
      await log.grow(count);
      log.kernel.clock.advance(40 * DAY_MS);
      segments.push(...(await retention().prune(rules())));
      await log.seal();
    }
    await log.grow(20);
    const headers = segments.map(
      ({ path }) =>
        JSON.parse(readFileSync(path, 'utf8').split('\n', 1)[0]) as { firstSeq: number; lastSeq: number },
    );
    const { firstSeq } = JSON.parse(
      (await log.kernel.app.inject({ url: '/api/v1/audit/export', headers: auditor })).body.split('\n', 1)[0],
    ) as { firstSeq: number };
    expect([...headers.map((header) => header.firstSeq), firstSeq]).toEqual([
      0,
      ...headers.map(({ lastSeq }) => lastSeq + 1),
    ]);
    expect(await verified()).toMatchObject({ exitCode: 0, findings: [] });
    expect(await retention().prune(rules())).toEqual([]);
  });

  it('writes what it did into the log, and beside the file its digest and its checkpoint', async () => {
    await log.grow(10);
    log.kernel.clock.advance(31 * DAY_MS);
    const [{ path, lastSeq }] = await retention().prune(rules());
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
    const { items } = (await get('entries?action=segment.pruned')) as { items: object[] };
    expect(items).toMatchObject([{ resourceId: `0-${lastSeq}`, detail: { entries: lastSeq + 1, digest } }]);
    expect(readdirSync(directory).map((name) => name.split('.').at(-1))).toEqual([
      'checkpoint',
      'ndjson',
      'sha256',
    ]);
    expect(readFileSync(path.replace('.ndjson', '.sha256'), 'utf8')).toMatch(digest);
    const notes = OutsideCheckpoints.in(readFileSync(path.replace('.ndjson', '.checkpoint'), 'utf8'));
    expect(await verifyExport(path, { trustedKeys: null, checkpoints: notes })).toMatchObject({
      exitCode: 0,
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('can leave names out of the files, which verify all the same', async () => {
    await log.grow(10);
    log.kernel.clock.advance(31 * DAY_MS);
    const [{ path }] = await retention().prune({ ...rules(), withPersonal: false });
    expect(readFileSync(path, 'utf8')).not.toContain('Grace');
    expect(await verifyExport(path, NO_EVIDENCE)).toMatchObject({ exitCode: 0 });
  });

  it('deletes nothing whose export does not verify', async () => {
    await log.grow(10);
    log.kernel.clock.advance(31 * DAY_MS);
    await log.tamper(
      `UPDATE audit_entries SET outcome = 'denied' WHERE id = (SELECT entry_id FROM audit_leaves WHERE seq = 3)`,
    );
    const before = await counts();
    await expect(retention().prune(rules())).rejects.toThrow('does not verify');
    expect(await counts()).toEqual(before);
    expect(readdirSync(directory).filter((name) => name.endsWith('.ndjson'))).toEqual([]);
  });

  it('deletes nothing that an exporter has not delivered', async () => {
    await log.grow(10);
    log.kernel.clock.advance(31 * DAY_MS);
    expect(await retention({ auditStdout: true }).prune(rules())).toEqual([]);
    await log.tamper(
      `INSERT INTO audit_exporters (name, position) SELECT 'stdout', max(position) FROM audit_checkpoints`,
    );
    expect(await retention({ auditStdout: true }).prune(rules())).toHaveLength(1);
  });

  it('is not possible for the role that the service runs as', async () => {
    await log.grow(10);
    log.kernel.clock.advance(31 * DAY_MS);
    const before = await counts();
    const asRuntime = retention({ migrationDatabaseUrl: new Secret(log.kernel.database.runtimeUrl) });
    await expect(asRuntime.prune(rules())).rejects.toThrow('permission denied');
    expect(await counts()).toEqual(before);
    const client = new Client({ connectionString: log.kernel.database.runtimeUrl });
    await client.connect();
    await client.query(`SET reeve.pruning = 'on'`);
    await expect(client.query('DELETE FROM audit_entries')).rejects.toThrow('permission denied');
    await client.end();
  });

  it('is done by one at a time', async () => {
    await log.grow(2_000);
    log.kernel.clock.advance(31 * DAY_MS);
    const outcomes = await Promise.allSettled([retention().prune(rules()), retention().prune(rules())]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
    await log.seal();
    expect(await verified()).toMatchObject({ exitCode: 0 });
  });
});
