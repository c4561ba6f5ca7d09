import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { entriesValues, insertEntries } from '../../src/kernel/events/entry-statements.js';
import {
  type AuditEntry,
  leafHashOf,
  personalDigestOf,
  type PersonalPart,
} from '../../src/kernel/events/index.js';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { OutsideCheckpoints, verifyDatabase, verifyExport } from '../../src/modules/audit/index.js';
import { exported, Files, linesOf } from './exported-log.js';
import { findingsOf } from './independent-verifier.mjs';
import { SealedLog } from './sealed-log.js';

const ENTRIES = 300;
const NOTHING = { trustedKeys: null, checkpoints: OutsideCheckpoints.none };

/** All that PostgreSQL stores: everything but zero and half characters. */
const texts = (maxLength: number) =>
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: maxLength / 2 }).map((text) => text.replaceAll('\0', '\u0001')),
    fc.constantFrom('', '\\udead', '"\\', '\b\f\n\r\t\u000b\u001f', '\u007f\u2028', '{}', '\\x00'),
  );
const details = texts(2_000).map((text) => JSON.stringify({ text }));
const perhaps = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { freq: 2 });
const ids = fc.uuid();
const parts: fc.Arbitrary<PersonalPart> = fc.record({
  actorName: perhaps(texts(254)),
  clientIp: perhaps(texts(64)),
  userAgent: perhaps(texts(512)),
  detail: perhaps(details),
});
const entries: fc.Arbitrary<Omit<AuditEntry, 'id' | 'personalDigest'>> = fc.record({
  tenantId: fc.constant(DEFAULT_TENANT_ID),
  occurredAt: fc
    .date({ min: new Date('1970-01-01'), max: new Date('2999-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  actorKind: texts(16),
  actorId: perhaps(texts(253)),
  actorRole: perhaps(texts(64)),
  onBehalfOf: fc.array(texts(20), { maxLength: 3 }),
  delegationPath: fc.array(texts(20), { maxLength: 3 }),
  action: texts(100),
  resourceType: texts(50),
  resourceId: perhaps(texts(253)),
  departmentId: perhaps(ids),
  gatewayId: perhaps(ids),
  gatewayName: perhaps(texts(253)),
  outcome: fc.constantFrom('success', 'failure', 'denied'),
  requestId: perhaps(texts(128)),
  approvalId: perhaps(ids),
  commandId: perhaps(ids),
  eventCode: perhaps(texts(64)),
  detail: details,
});
const rows = fc.tuple(entries, parts, fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.boolean());

const files = new Files();
afterAll(() => files.remove());

it('whatever its columns contain, an entry is read as it was hashed, from the database and from an export', async () => {
  const log = await SealedLog.open();
  const client = new pg.Client(log.kernel.database.ownerUrl);
  await client.connect();
  try {
    const batch = fc.sample(rows, ENTRIES).map(([content, personal, bytes, isPersonal]) => {
      const salt = Buffer.from(bytes);
      const personalDigest = isPersonal ? personalDigestOf(personal, salt) : null;
      const entry: AuditEntry = { ...content, id: randomUUID(), personalDigest };
      return { entry, leafHash: leafHashOf(entry), salt, personal };
    });
    await client.query(insertEntries.text, entriesValues(batch));
    // Without a digest there is nothing for a personal part to agree with.
    await log.tamper(
      'DELETE FROM audit_personal USING audit_entries e WHERE e.id = entry_id AND e.personal_digest IS NULL',
    );

    expect(await verifyDatabase(client, NOTHING)).toMatchObject({ exitCode: 0, findings: [] });
    await log.seal();
    const report = await verifyDatabase(client, NOTHING);
    expect(report).toMatchObject({ exitCode: 0, findings: [], logs: [{ entries: ENTRIES + 1 }] });

    const path = files.write(linesOf(await exported(client, DEFAULT_TENANT_ID)));
    expect(await verifyExport(path, NOTHING)).toMatchObject({ exitCode: 0, findings: [] });
    expect(await findingsOf([path])).toEqual([]);
  } finally {
    await client.end();
    await log.close();
  }
});
