import { ValidationFailed, VersionMismatch } from '../../src/kernel/problem/index.js';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { ratePrincipal, sessionsCap, SettingsStore } from '../../src/kernel/settings/index.js';
import { type Replica, Stage, startReplica, until } from './kernel-context.js';

const TENANT = DEFAULT_TENANT_ID;

describe('tenant settings', () => {
  let stage: Stage;
  let a: Replica;
  let b: Replica;

  beforeAll(async () => {
    stage = await Stage.open();
    [a, b] = await Promise.all(
      [1, 2].map(() => startReplica(stage.database.runtimeUrl, { changes: { sessionCap: 7 } })),
    );
  });
  beforeEach(() => stage.rows('DELETE FROM tenant_settings'));
  afterAll(async () => {
    await Promise.all([a.stop(), b.stop()]);
    await stage.close();
  });

  const store = (replica: Replica) => replica.get(SettingsStore);
  const update = (changes: Record<string, number | null | string>, version: number, replica = a) =>
    replica.inTransaction(() => store(replica).update(TENANT, changes, version));

  it('are the defaults of the installation until somebody changes them', async () => {
    expect(await store(a).all(TENANT)).toMatchObject({
      version: 1,
      values: { 'sessions.cap': 7, 'rate.principal': null },
    });
  });

  it('hold on every replica once they are changed, and go back to the default with null', async () => {
    await b.inTransaction(async () => undefined);
    await store(b).get(TENANT, sessionsCap);
    expect(await update({ 'sessions.cap': 3, 'rate.principal': 90 }, 1)).toMatchObject({
      version: 2,
      values: { 'sessions.cap': 3, 'rate.principal': 90 },
    });
    expect(await store(a).get(TENANT, sessionsCap)).toBe(3);
    await until(async () => (await store(b).get(TENANT, sessionsCap)) === 3, 1000);
    expect(store(b).peek(TENANT, ratePrincipal)).toBe(90);
    expect((await update({ 'sessions.cap': null }, 2)).values).toMatchObject({
      'sessions.cap': 7,
      'rate.principal': 90,
    });
  });

  it('are changed only by who saw the present version, also the first time', async () => {
    await expect(update({ 'sessions.cap': 3 }, 2)).rejects.toMatchObject({
      members: { expected: 2, actual: 1 },
    });
    const racing = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => update({ 'sessions.cap': i + 1 }, 1, i % 2 ? a : b)),
    );
    expect(racing.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of racing)
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(VersionMismatch);
    expect((await store(a).all(TENANT)).version).toBe(2);
  });

  it.each([
    [{ 'sessions.cap': 0 }, '/sessions.cap', 'setting_value'],
    [{ 'sessions.cap': '3' }, '/sessions.cap', 'setting_value'],
    [{ 'a~b/c': 1 }, '/a~0b~1c', 'unknown_field'],
    [JSON.parse('{"__proto__": 1}') as Record<string, number>, '/__proto__', 'unknown_field'],
    [{ constructor: 1 }, '/constructor', 'unknown_field'],
  ])('refuse %j', async (changes, pointer, code) => {
    const refused = (await update(changes, 1).catch((error: unknown) => error)) as ValidationFailed;
    expect(refused).toBeInstanceOf(ValidationFailed);
    expect(refused.errors).toMatchObject([{ in: 'body', pointer, code }]);
  });
});
