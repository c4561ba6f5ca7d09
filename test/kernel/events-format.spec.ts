import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonicalJson } from '../../src/kernel/crypto/index.js';
import { leafHashOf, personalDigestOf } from '../../src/kernel/events/index.js';
import type { AuditEntry, PersonalPart } from '../../src/kernel/events/index.js';

const example = readFileSync('docs/audit-format.md', 'utf8').split('## An example')[1];
const blocks = [...example.matchAll(/```(?:json)?\n([\s\S]*?)\n```/g)].map(([, text]) => text);
const salt = Buffer.from(/salt `([0-9a-f]{32})`/.exec(example)![1], 'hex');

it('gives the digests of the example in docs/audit-format.md', () => {
  const [personal, digest, entry, leaf] = blocks;
  expect(personalDigestOf(JSON.parse(personal) as PersonalPart, salt)).toBe(digest);
  expect(leafHashOf(JSON.parse(entry) as AuditEntry).toString('hex')).toBe(leaf);
});

const text = fc.string({ unit: 'binary' });
const textOrNull = fc.option(text);
const entries: fc.Arbitrary<AuditEntry> = fc.record({
  tenantId: text,
  id: text,
  occurredAt: text,
  actorKind: text,
  actorId: textOrNull,
  actorRole: textOrNull,
  onBehalfOf: fc.array(text),
  delegationPath: fc.array(text),
  action: text,
  resourceType: text,
  resourceId: textOrNull,
  departmentId: textOrNull,
  gatewayId: textOrNull,
  gatewayName: textOrNull,
  outcome: text,
  requestId: textOrNull,
  approvalId: textOrNull,
  commandId: textOrNull,
  eventCode: textOrNull,
  detail: text,
  personalDigest: textOrNull,
});

it('hashes the canonical form, whatever the columns contain', () => {
  fc.assert(
    fc.property(entries, (entry) => {
      const expected = createHash('sha256')
        .update(`\0${canonicalJson(entry)}`, 'utf8')
        .digest();
      expect(leafHashOf(entry)).toEqual(expected);
    }),
  );
});

it('refuses text that no database can store as it is', () => {
  const [entry] = fc.sample(entries, 1);
  expect(() => leafHashOf({ ...entry, gatewayName: 'half \ud83d' })).toThrow(TypeError);
  expect(leafHashOf({ ...entry, gatewayName: 'spelled out \\ud83d' })).toHaveLength(32);
});
