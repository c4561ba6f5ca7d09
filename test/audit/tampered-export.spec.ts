import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { generateEd25519Key } from '../../src/kernel/crypto/index.js';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import {
  type Evidence,
  OutsideCheckpoints,
  trustedKeyIds,
  type VerificationReport,
  verifyExport,
} from '../../src/modules/audit/index.js';
import { CompactRange } from '../../src/modules/audit/tree/compact-range.js';
import { exported, type ExportedLog, Files, linesOf } from './exported-log.js';
import { findingsOf, WrongUsage } from './independent-verifier.mjs';
import { rechained, rehashed, resigned } from './rechained-log.js';
import { SealedLog } from './sealed-log.js';

const USAGE = 64;
const OTHER_TENANT = '01936f5e-0000-7000-8000-00000000000f';
const files = new Files();
let original: ExportedLog;
let foreign: ExportedLog;

/** Batches of 8, 1 (the entry about the first key), 8 and 8 entries. */
beforeAll(async () => {
  const log = await SealedLog.open();
  for (let batch = 0; batch < 3; batch += 1) await log.grow(8);
  await log.grow(5, OTHER_TENANT);
  const client = new pg.Client(log.kernel.database.ownerUrl);
  await client.connect();
  original = await exported(client, DEFAULT_TENANT_ID);
  foreign = await exported(client, OTHER_TENANT);
  await client.end();
  await log.close();
});
afterAll(() => files.remove());

/** What a verifier is given besides the export, as the files say it. */
interface Outside {
  readonly trustedKey?: string;
  readonly checkpoint?: string;
}

const pinned = (): Outside => ({ trustedKey: original.keys[0].vkey });
const anchored = (index: number): Outside => ({ checkpoint: original.checkpoints[index].note });

/** By the service's verifier, and the other one has to say the same. */
async function verified(log: ExportedLog | string, outside: Outside = {}): Promise<VerificationReport> {
  const path = files.write(typeof log === 'string' ? log : linesOf(log));
  const report = await verifyExport(path, evidenceOf(outside));
  expect(await independentVerdict(path, outside)).toEqual([report.exitCode, report.firstBadSeq]);
  return report;
}

function evidenceOf({ trustedKey, checkpoint }: Outside): Evidence {
  return {
    trustedKeys: trustedKey === undefined ? null : trustedKeyIds(trustedKey),
    checkpoints: checkpoint === undefined ? OutsideCheckpoints.none : OutsideCheckpoints.in(checkpoint),
  };
}

/** Exit code and the place of the first finding, from the script that was written from docs/audit-format.md alone. */
async function independentVerdict(
  path: string,
  { trustedKey, checkpoint }: Outside,
): Promise<[number, number | null]> {
  const keys = trustedKey === undefined ? [] : ['--trusted-key', files.write(trustedKey)];
  const anchors = checkpoint === undefined ? [] : ['--checkpoint', files.write(checkpoint)];
  try {
    const [first] = await findingsOf([path, ...keys, ...anchors]);
    return first === undefined ? [0, null] : [first.code, first.seq];
  } catch (error) {
    if (error instanceof WrongUsage) return [USAGE, null];
    throw error;
  }
}

async function verdict(log: ExportedLog | string, outside?: Outside): Promise<[number, number | null]> {
  const { exitCode, firstBadSeq } = await verified(log, outside);
  return [exitCode, firstBadSeq];
}

/** A copy in which something was done to the entries. */
function withEntries(change: (entries: ExportedLog['entries']) => ExportedLog['entries']): ExportedLog {
  return { ...original, entries: change(original.entries.map((entry) => ({ ...entry }))) };
}
const renumbered = (entries: ExportedLog['entries']) => entries.map((entry, seq) => ({ ...entry, seq }));

describe('an export that nobody touched', () => {
  it('is in order, with and without keys and checkpoints from elsewhere', async () => {
    expect(original.checkpoints.map(({ treeSize }) => treeSize)).toEqual([8, 9, 17, 25]);
    expect(await verified(original)).toMatchObject({
      exitCode: 0,
      keysPinned: false,
      findings: [],
      logs: [{ entries: 25, checkpoints: 4, newestCheckpoint: 25 }],
    });
    expect(await verified(original, pinned())).toMatchObject({ exitCode: 0, keysPinned: true });
    for (const index of [0, 1, 2, 3]) expect(await verdict(original, anchored(index))).toEqual([0, null]);
  });

  it('may have personal parts erased, and witnesses', async () => {
    const erased = withEntries((entries) => entries.map((entry) => ({ ...entry, personal: null })));
    expect(await verified(erased)).toMatchObject({ exitCode: 0, logs: [{ erased: 25 }] });
  });

  it('may begin later, with the frontier of what comes before', async () => {
    const range = new CompactRange();
    for (const { leafHash } of original.entries.slice(0, 17)) range.append(Buffer.from(leafHash, 'hex'));
    const frontier = range.hashes.map((hash) => hash.toString('hex'));
    const rest: ExportedLog = {
      ...original,
      header: { ...original.header, firstSeq: 17, frontier },
      entries: original.entries.slice(17),
      checkpoints: original.checkpoints.slice(2),
    };
    expect(await verdict(rest, anchored(2))).toEqual([0, null]);
    expect((await verified(rest, anchored(0))).remarks).toHaveLength(1);
    const all = original.checkpoints.map(({ note }) => note).join('\n');
    expect((await verified(rest, { checkpoint: all })).remarks).toEqual([
      expect.stringMatching(/^2 checkpoints, of \d+ to \d+ entries, are older/),
    ]);
    const wrong = { ...rest, header: { ...rest.header, frontier: [...frontier].reverse() } };
    expect(await verdict(wrong)).toEqual([2, 17]);
    expect(await verdict({ ...rest, header: { ...rest.header, frontier: [] } })).toEqual([2, 17]);
  });
});

describe('an export in which', () => {
  const text = {
    actorKind: 'agent',
    actorId: 'x',
    actorRole: 'x',
    action: 'kite.lose',
    resourceType: 'x',
    resourceId: 'x',
  };
  const more = {
    gatewayName: 'x',
    outcome: 'denied',
    requestId: 'x',
    eventCode: 'x',
    detail: '{"height":4}',
  };
  const id = '01936f5e-0000-7000-8000-000000000001';
  const ids = { id, tenantId: id, departmentId: id, gatewayId: id, approvalId: id, commandId: id };
  const others = {
    occurredAt: '2026-01-01T00:00:00.001Z',
    onBehalfOf: ['x'],
    delegationPath: ['x'],
    personalDigest: '0'.repeat(64),
    leafHash: '0'.repeat(64),
  };
  const changes = Object.entries({ ...text, ...more, ...ids, ...others });

  it('every column is covered', () => {
    const columns = Object.keys(original.entries[0]).filter((name) => !['seq', 'personal'].includes(name));
    expect(changes.map(([column]) => column).sort()).toEqual(columns.sort());
  });

  it.each(changes)('%s of an entry was edited', async (column, value) => {
    const log = withEntries((entries) => entries.with(11, { ...entries[11], [column]: value }));
    expect(await verdict(log)).toEqual([2, 11]);
  });

  it.each(['salt', 'actorName', 'clientIp', 'userAgent', 'detail'])(
    'the personal %s was edited',
    async (column) => {
      const edited = { ...original.entries[11].personal, [column]: '00' };
      const log = withEntries((entries) => entries.with(11, { ...entries[11], personal: edited }));
      expect(await verdict(log)).toEqual([2, 11]);
    },
  );

  it.each([0, 11, 24])('entry %i was deleted', async (seq) => {
    expect(await verdict(withEntries((entries) => entries.filter((entry) => entry.seq !== seq)))).toEqual([
      3,
      seq,
    ]);
    const log = withEntries((entries) => renumbered(entries.filter((entry) => entry.seq !== seq)));
    expect((await verified({ ...log, header: { ...log.header, lastSeq: 23 } })).exitCode).not.toBe(0);
  });

  it('the last entry was deleted and the header made to fit', async () => {
    const log = withEntries((entries) => entries.slice(0, 24));
    expect(await verdict({ ...log, header: { ...log.header, lastSeq: 23 } })).toEqual([4, 24]);
  });

  it('two entries were swapped', async () => {
    const swap = (entries: ExportedLog['entries'], a: number, b: number) =>
      entries.with(a, entries[b]).with(b, entries[a]);
    expect(await verdict(withEntries((entries) => swap(entries, 11, 13)))).toEqual([3, 11]);
    expect(await verdict(withEntries((entries) => renumbered(swap(entries, 11, 13))))).toEqual([3, 11]);
    expect(await verdict(withEntries((entries) => renumbered(swap(entries, 4, 11))))).toEqual([3, 4]);
    // The last of one batch and the first of the next: both batches are in order, and the tree is another.
    expect(await verdict(withEntries((entries) => renumbered(swap(entries, 7, 8))))).toEqual([2, 0]);
  });

  it('one entry was duplicated', async () => {
    const twice = (entries: ExportedLog['entries']) => entries.toSpliced(11, 0, entries[11]);
    expect(await verdict(withEntries(twice))).toEqual([3, 11]);
    expect(await verdict(withEntries((entries) => renumbered(twice(entries))))).toEqual([3, 12]);
  });

  it('one entry was inserted', async () => {
    const forged = (seq: number) =>
      rehashed({ ...original.entries[seq], id: `${original.entries[seq].id.slice(0, -1)}f`, personal: null });
    const log = withEntries((entries) => renumbered(entries.toSpliced(12, 0, forged(11))));
    expect((await verdict(log))[0]).toBeGreaterThan(1);
    const added = withEntries((entries) => [...entries, { ...forged(24), seq: 25 }]);
    expect(await verdict({ ...added, header: { ...added.header, lastSeq: 25 } })).toEqual([3, 25]);
  });

  it("another tenant's entry was put in the place of one", async () => {
    const log = withEntries((entries) => entries.with(11, { ...foreign.entries[2], seq: 11 }));
    expect((await verified(log)).findings).toContainEqual(
      expect.objectContaining({ code: 2, seq: 11, what: 'The entry is of another tenant.' }),
    );
    expect(
      (await verdict({ ...foreign, header: { ...foreign.header, tenantId: DEFAULT_TENANT_ID } }))[0],
    ).toBe(2);
    expect(await verdict({ ...original, checkpoints: foreign.checkpoints })).toEqual([5, 0]);
  });

  it('text was put in another Unicode form', async () => {
    const log = withEntries((entries) =>
      entries.with(11, { ...entries[11], detail: entries[11].detail.normalize('NFD') }),
    );
    expect(await verdict(log)).toEqual([2, 11]);
  });

  it('1 was turned into 1.0', async () => {
    const seq = original.entries.findIndex(({ detail }) => detail.includes('"height":1,'));
    const log = withEntries((entries) =>
      entries.with(seq, {
        ...entries[seq],
        detail: entries[seq].detail.replace('"height":1,', '"height":1.0,'),
      }),
    );
    expect(await verdict(log)).toEqual([2, seq]);
  });

  it('the tail and its checkpoint were cut', async () => {
    const log: ExportedLog = {
      ...original,
      header: { ...original.header, lastSeq: 16 },
      entries: original.entries.slice(0, 17),
      checkpoints: original.checkpoints.slice(0, 3),
    };
    expect(await verdict(log)).toEqual([0, null]);
    expect(await verdict(log, anchored(3))).toEqual([4, 17]);
  });

  it('everything was chained anew under another key', async () => {
    const log = await rechained(original, 11, false);
    expect(await verdict(log)).toEqual([0, null]);
    expect(await verdict(log, pinned())).toEqual([5, 0]);
    expect(await verdict(log, anchored(3))).toEqual([5, 24]);
  });

  it('everything was chained anew under a key that claims to follow the true one', async () => {
    const log = await rechained(original, 11, true);
    expect(await verdict(log)).toEqual([0, null]);
    expect(await verdict(log, pinned())).toEqual([5, 0]);
    expect(await verdict(log, anchored(2))).toEqual([6, 9]);
    expect(await verdict(log, anchored(0))).toEqual([0, null]);
  });

  it('an entry and its leaf hash were changed, and the checkpoints were not', async () => {
    const log = withEntries((entries) =>
      entries.with(11, rehashed({ ...entries[11], detail: '{"height":4}' })),
    );
    expect(await verdict(log)).toEqual([2, 9]);
  });

  it('a checkpoint was changed, left out, or signed by nobody known', async () => {
    const [first, second, third, fourth] = original.checkpoints;
    const among = (...checkpoints: ExportedLog['checkpoints']) => verdict({ ...original, checkpoints });
    expect(await among(first, second, { ...third, rootHash: first.rootHash }, fourth)).toEqual([5, 9]);
    expect(await among(first, second, { ...third, note: first.note }, fourth)).toEqual([5, 9]);
    expect(await among(first, second, fourth)).toEqual([3, 9]);
    expect(await among(first, second, third)).toEqual([3, 17]);
    expect(await among()).toEqual([3, 0]);
    const stranger = resigned(original, await generateEd25519Key());
    expect(await among(first, second, stranger.checkpoints[2], fourth)).toEqual([5, 9]);
    expect(await verdict({ ...original, keys: [] })).toEqual([5, 0]);
  });

  it('a line is no JSON', async () => {
    const lines = linesOf(original).split('\n');
    expect(await verdict(lines.with(12, '{"seq":11,').join('\n'))).toEqual([2, 11]);
  });
});

it('is found by the other verifier as a command of its own, with the exit codes of the first', () => {
  const edited = withEntries((entries) => entries.with(11, { ...entries[11], outcome: 'denied' }));
  const script = join(__dirname, 'independent-verifier.mjs');
  const codes = [linesOf(original), linesOf(edited), 'hello\n'].map((content) => {
    const { status, stdout } = spawnSync(process.execPath, [script, files.write(content)], {
      encoding: 'utf8',
    });
    return [status, /^\d+ at -?\d+/m.exec(stdout)?.[0]];
  });
  expect(codes).toEqual([
    [0, undefined],
    [2, '2 at 11'],
    [USAGE, undefined],
  ]);
});

it.each(['', 'hello\n', '{"format":"reeve-audit/2"}\n'])(
  'refuses %j, which is no export',
  async (content) => {
    await expect(verified(content)).rejects.toThrow('no export');
  },
);

it('refuses files of keys and checkpoints that have none, or none of this log', async () => {
  expect(() => trustedKeyIds('hello')).toThrow('neither');
  expect(() => trustedKeyIds('# nothing\n')).toThrow('no key');
  expect(() => OutsideCheckpoints.in('hello')).toThrow('no checkpoint');
  const checkpoints = OutsideCheckpoints.in(foreign.checkpoints[0].note);
  const evidence = { trustedKeys: null, checkpoints };
  await expect(verifyExport(files.write(linesOf(original)), evidence)).rejects.toThrow('none of the log');
});
