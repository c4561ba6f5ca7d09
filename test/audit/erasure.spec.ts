import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { EventLog } from '../../src/kernel/events/index.js';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { OutsideCheckpoints, PersonalErasure, verifyDatabase } from '../../src/modules/audit/index.js';
import { asPrincipal, principalLike } from '../support/kernel-app.js';
import { KiteFlown, SealedLog } from './sealed-log.js';

interface Entry {
  resourceId: string;
  erased: boolean;
  actorName: string | null;
  clientIp: string | null;
  personal: object | null;
  detail: object;
}

let log: SealedLog;
const grace = randomUUID();
const linus = randomUUID();

beforeAll(async () => {
  log = await SealedLog.open();
});
afterAll(() => log?.close());

function write(
  resourceId: string,
  who: { id: string; name: string },
  tenantId = DEFAULT_TENANT_ID,
): Promise<void> {
  return asPrincipal(principalLike({ ...who, tenantId }), () =>
    log.kernel.app
      .get(EventLog)
      .append(
        new KiteFlown({ resourceId, detail: { height: 1 }, personal: { email: `${who.name}@example.org` } }),
      ),
  );
}

async function entries(tenantId = DEFAULT_TENANT_ID): Promise<Entry[]> {
  const headers = log.kernel.tokens.issue(tenantId, { may: ['audit.read'], tenantId });
  const answer = await log.kernel.app.inject({ url: '/api/v1/audit/entries', headers });
  return answer.json<{ items: Entry[] }>().items;
}

it('takes what names a person out of the entries by and about them, and nothing else', async () => {
  const elsewhere = randomUUID();
  await write('by-grace', { id: grace, name: 'grace' });
  await write(grace, { id: linus, name: 'linus' });
  await write('by-linus', { id: linus, name: 'linus' });
  await write('elsewhere', { id: grace, name: 'grace' }, elsewhere);
  await log.seal();

  const erasure = log.kernel.app.get(PersonalErasure);
  const operator = principalLike({ id: randomUUID(), name: 'operator' });
  expect(await asPrincipal(operator, () => erasure.erase(DEFAULT_TENANT_ID, grace))).toBe(2);

  const found = new Map((await entries()).map((entry) => [entry.resourceId, entry]));
  const nothing = { erased: true, actorName: null, clientIp: null, userAgent: null, personal: null };
  expect(found.get('by-grace')).toMatchObject({ ...nothing, actorId: grace, detail: { height: 1 } });
  expect((await entries()).filter(({ resourceId }) => resourceId === grace)).toMatchObject([
    { action: 'audit.erase', erased: false, detail: { entries: 2 }, actorName: 'operator' },
    { action: 'kite.fly', ...nothing },
  ]);
  expect(found.get('by-linus')).toMatchObject({ erased: false, actorName: 'linus' });
  expect(await entries(elsewhere)).toMatchObject([{ erased: false, actorName: 'grace' }]);

  expect(await asPrincipal(operator, () => erasure.erase(DEFAULT_TENANT_ID, grace))).toBe(0);
});

it('leaves the tree whole', async () => {
  await log.seal();
  const client = new Client({ connectionString: log.kernel.database.ownerUrl });
  await client.connect();
  const report = await verifyDatabase(
    client,
    { trustedKeys: null, checkpoints: OutsideCheckpoints.none },
    null,
  );
  await client.end();
  expect(report).toMatchObject({ exitCode: 0, findings: [] });
  expect(report.logs.find(({ tenantId }) => tenantId === DEFAULT_TENANT_ID)?.erased).toBe(2);
});

it('lets the role that the service runs as delete personal parts, not entries, and change neither', async () => {
  const client = new Client({ connectionString: log.kernel.database.runtimeUrl });
  await client.connect();
  const refused = async (sql: string) =>
    expect(client.query(sql)).rejects.toThrow(/permission denied|append-only/);
  await refused('DELETE FROM audit_entries');
  await refused(`UPDATE audit_personal SET actor_name = 'nobody'`);
  await refused('TRUNCATE audit_personal');
  await refused('DELETE FROM audit_leaves');
  await client.end();
});
