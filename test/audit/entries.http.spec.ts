import { randomUUID } from 'node:crypto';
import { AuditModule } from '../../src/modules/audit/index.js';
import { EventLog, fact, type FactValues } from '../../src/kernel/events/index.js';
import type { Principal } from '../../src/kernel/operation/index.js';
import { KiteFlown } from '../declared/kites.js';
import { ADA, asPrincipal, type KernelApp, principalLike, startKernelApp } from '../support/kernel-app.js';

class KiteLost extends fact<object>({
  action: 'kite.lose',
  resourceType: 'kite',
  summary: 'A kite was lost.',
  public: true,
  detail: {},
  example: {},
}) {}

class BallThrown extends fact<object>({
  action: 'ball.throw',
  resourceType: 'ball',
  summary: 'A ball was thrown.',
  public: true,
  detail: {},
  example: {},
}) {}

interface Entry extends Record<string, unknown> {
  id: string;
  resourceId: string;
  occurredAt: string;
}
interface EntryPage {
  items: Entry[];
  nextCursor: string | null;
  total?: number;
  totalCapped?: boolean;
}

const GRACE = '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c99';
const gateway = randomUUID();
const department = randomUUID();
const delegation = randomUUID();
const OTHER_TENANT = randomUUID();

let kernel: KernelApp;
let auditor: Record<string, string>;
let middle: Date;

beforeAll(async () => {
  kernel = await startKernelApp({ imports: [AuditModule] });
  auditor = kernel.tokens.issue('auditor', { may: ['audit.read'], id: randomUUID() });
  await write(new KiteFlown(about('k1', { detail: { height: 30 }, personal: { owner: 'Grace' } })));
  await write(
    new KiteFlown({ ...about('k2', { detail: { height: 31 } }), gatewayId: gateway, gatewayName: 'north' }),
  );
  await write(new KiteLost({ ...about('k1', { detail: {} }), outcome: 'failure', departmentId: department }));
  kernel.clock.advance(120_000);
  middle = kernel.clock.now();
  await write(new BallThrown({ ...about('b1', { detail: {} }), delegationPath: ['outer', delegation] }), {
    kind: 'service',
    id: GRACE,
    name: 'thrower',
  });
  await write(new BallThrown({ ...about('b2', { detail: {} }), outcome: 'denied' }), {}, 'another-request');
  await write(new BallThrown({ ...about('elsewhere', { detail: {} }), tenantId: OTHER_TENANT }));
});
afterAll(() => kernel?.close());

function about<Detail extends object>(
  resourceId: string,
  values: Omit<FactValues<Detail>, 'resourceId'>,
): FactValues<Detail> {
  return { resourceId, ...values };
}

function write(
  entry: KiteFlown | KiteLost | BallThrown,
  who: Partial<Principal> = {},
  requestId = 'one-request',
) {
  return asPrincipal(principalLike(who), () => kernel.app.get(EventLog).append(entry), { requestId });
}

const get = (path: string, headers = auditor) =>
  kernel.app.inject({ method: 'GET', url: `/api/v1/audit/entries${path}`, headers });
const search = async (query: string) => (await get(`?${query}`)).json<EntryPage>();
const found = async (query: string) => (await search(query)).items.map(({ resourceId }) => resourceId);

describe('GET /audit/entries', () => {
  it("shows the tenant's entries, newest first", async () => {
    expect(await found('')).toEqual(['b2', 'b1', 'k1', 'k2', 'k1']);
  });

  it.each([
    [`actor=${ADA}`, ['b2', 'k1', 'k2', 'k1']],
    [`actor=user:${ADA}`, ['b2', 'k1', 'k2', 'k1']],
    [`actor=service:${GRACE}`, ['b1']],
    [`actor=service:${ADA}`, []],
    ['action=kite.fly', ['k2', 'k1']],
    ['action=kite.*', ['k1', 'k2', 'k1']],
    ['action=kite.l*', ['k1']],
    ['action=*', ['b2', 'b1', 'k1', 'k2', 'k1']],
    ['action=kite', []],
    ['resourceType=ball', ['b2', 'b1']],
    ['resourceId=k1', ['k1', 'k1']],
    ['resourceType=ball&resourceId=k1', []],
    [`gateway=${gateway}`, ['k2']],
    [`department=${department}`, ['k1']],
    ['outcome=denied', ['b2']],
    ['outcome=success', ['b1', 'k2', 'k1']],
    ['requestId=another-request', ['b2']],
    [`delegation=${delegation}`, ['b1']],
    ['action=kite.*&outcome=failure', ['k1']],
  ])('filters by %s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it('filters by time, from an instant on and before an instant', async () => {
    const at = encodeURIComponent(middle.toISOString());
    expect(await found(`since=${at}`)).toEqual(['b2', 'b1']);
    expect(await found(`until=${at}`)).toEqual(['k1', 'k2', 'k1']);
    expect(await found(`since=${at}&until=${at}`)).toEqual([]);
    const backwards = await get(`?since=${at}&until=2020-01-01T00:00:00.000Z`);
    expect(backwards.json()).toMatchObject({
      status: 422,
      errors: [{ in: 'query', pointer: '/until', code: 'period' }],
    });
    const [{ occurredAt }] = (await search('resourceId=b1')).items;
    expect(await found(`since=${occurredAt}`)).toContain('b1');
    expect(await found(`until=${occurredAt}`)).not.toContain('b1');
  });

  it('comes in pages that fit together, and counts when asked', async () => {
    const first = await search('limit=2&total=true');
    expect(first).toMatchObject({ total: 5, totalCapped: false });
    const second = await search(`limit=2&cursor=${first.nextCursor}`);
    const third = await search(`limit=2&cursor=${second.nextCursor}`);
    const all = [first, second, third].flatMap(({ items }) => items.map(({ resourceId }) => resourceId));
    expect(all).toEqual(['b2', 'b1', 'k1', 'k2', 'k1']);
    expect(third.nextCursor).toBeNull();
  });

  it('refuses a cursor of another search', async () => {
    const { nextCursor } = await search('limit=1');
    expect((await get(`?limit=1&outcome=denied&cursor=${nextCursor}`)).json()).toMatchObject({
      status: 400,
      code: 'invalid_cursor',
    });
  });

  it.each([
    'action=Kite.Fly',
    'action=k*e',
    'outcome=maybe',
    'gateway=7',
    'since=yesterday',
    'nonsense=1',
    'limit=0',
  ])('refuses %s with a pointer to it', async (query) => {
    const answer = await get(`?${query}`);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ errors: [{ in: 'query', pointer: `/${query.split('=')[0]}` }] });
  });

  it('asks for audit.read', async () => {
    expect((await get('', kernel.tokens.issue('curious'))).json()).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    expect((await get('', {})).statusCode).toBe(401);
  });
});

describe('GET /audit/entries/{id}', () => {
  it('shows one entry with everything about it', async () => {
    const { items } = await search('action=kite.fly&resourceId=k1');
    const answer = await get(`/${items[0].id}`);
    expect(answer.json()).toEqual({
      id: items[0].id,
      seq: null,
      tenantId: '00000000-0000-7000-8000-000000000001',
      occurredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      actorKind: 'user',
      actorId: ADA,
      actorName: 'ada',
      actorRole: 'member',
      onBehalfOf: [],
      delegationPath: [],
      action: 'kite.fly',
      resourceType: 'kite',
      resourceId: 'k1',
      departmentId: null,
      gatewayId: null,
      gatewayName: null,
      outcome: 'success',
      requestId: 'one-request',
      approvalId: null,
      commandId: null,
      eventCode: null,
      detail: { height: 30 },
      personal: { owner: 'Grace' },
      unreadable: null,
      clientIp: '192.0.2.7',
      userAgent: 'test/1',
      erased: false,
      personalDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      leafHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it('answers an entry of another tenant like one that does not exist', async () => {
    const foreign = kernel.tokens.issue('foreign', { may: ['audit.read'], tenantId: OTHER_TENANT });
    const [{ id }] = (await get('', foreign)).json<EntryPage>().items;
    const [theirs, nobodys] = [await get(`/${id}`), await get(`/${randomUUID()}`)];
    expect(theirs.statusCode).toBe(404);
    const same = ({ status, code, detail, title, type }: Record<string, unknown>) => ({
      status,
      code,
      detail,
      title,
      type,
    });
    expect(same(theirs.json())).toEqual(same(nobodys.json()));
  });
});
