import { BUILT_IN_ROLES } from '../../src/kernel/access/index.js';
import { OPERATOR_ROUTES } from '../../src/kernel/http/routes/operator-routes.js';
import { type Operation, allOperationsIn } from '../faults/api-surface.js';
import { RawHttp, type RawReply } from '../faults/raw-http.js';
import { startApp, type TestApp } from '../support/app.js';
import { OWNERSHIPS, type Ownership, readTable, type Row, wordFor } from './access-matrix.table.js';
import { NAMING, type Person, type SignedIn, World } from './access-matrix.world.js';
import { IDENTITY_HEADERS, otherSpellings } from './forged-requests.js';

/** What operators ask lies outside the API document. */
const OUTSIDE = [...OPERATOR_ROUTES].map((path) => `GET ${path}`);
const NOT_THERE = '01890a5d-ac96-774b-bcce-b302099a8057';

type Route = Pick<Operation, 'method' | 'template' | 'queryParameters' | 'statuses'> & {
  readonly takesBody: boolean;
};

const table = readTable();
const guarded = table.filter(({ anonymous }) => anonymous !== '✔');
const withIds = guarded.filter(({ route }) => route.includes('{'));
const names = (rows: readonly Row[]): string[] => rows.map(({ route }) => route);
const rowOf = (name: string): Row => table.find(({ route }) => route === name)!;

// The application starts and stops here, and each row is some sixty requests: more than the usual time on a busy machine.
jest.setTimeout(120_000);

let app: TestApp;
let http: RawHttp;
let world: World;
let routes: Map<string, Route>;

beforeAll(async () => {
  app = await startApp();
  http = new RawHttp(Number(new URL(app.url).port));
  world = await World.of(app);
  const document = JSON.parse((await http.send({ method: 'GET', path: '/openapi.json' })).text) as unknown;
  const operations = allOperationsIn(document).map((one): [string, Route] => [
    `${one.method} ${one.template}`,
    { ...one, takesBody: one.body !== null },
  ]);
  routes = new Map([...operations, ...OUTSIDE.map((name): [string, Route] => [name, plain(name)])]);
});
afterAll(async () => {
  http?.close();
  await world?.close();
  await app?.close();
});

describe('The table', () => {
  it('has a row for every route, and no row without one', () => {
    expect(names(table).sort()).toEqual([...routes.keys()].sort());
  });
});

describe('Access to', () => {
  it.each(names(table))('%s is as the table says', async (name) => {
    const row = rowOf(name);
    const wrong = [
      ...(await anonymousCells(row)),
      ...(await roleCells(row)),
      ...(await credentialCells(row)),
    ];
    expect(wrong).toEqual([]);
  });
});

describe('What is not there for the caller', () => {
  it.each(names(withIds))('%s: answers byte for byte as for an id that nobody has', async (name) => {
    const row = rowOf(name);
    for (const ownership of OWNERSHIPS.filter((one) => wordFor(row.things[one], 'admin') === '404')) {
      const caller = await world.signedIn(world.people.admin);
      const theirs = await thingsOf(name, ownership, caller.person);
      const mine = await thingsOf(name, row.things.own === '✔' ? 'own' : 'others', caller.person);
      const nobodys = world.absent(routes.get(name)!.template);
      for (const [place] of theirs.entries()) {
        // `user`, say: a word that is no id.
        if (theirs[place] === mine[place]) continue;
        const [foreign, absent] = [theirs[place], nobodys[place]].map((id) => [
          ...mine.slice(0, place),
          id,
          ...theirs.slice(place + 1),
        ]);
        const [one, other] = [await ask(name, foreign, caller), await ask(name, absent, caller)];
        expect(one.status).toBe(404);
        expect(anonymised(one, foreign)).toEqual(anonymised(other, absent));
      }
    }
  });

  it.each(Object.keys(NAMING))('%s: is not there either when the body names it', async (name) => {
    const caller = await world.signedIn(world.people.admin);
    const [one, other] = [(await world.stranger()).id, NOT_THERE];
    const [foreign, absent] = [
      await ask(name, [], caller, { body: NAMING[name](one) }),
      await ask(name, [], caller, { body: NAMING[name](other) }),
    ];
    expect(foreign.status).toBe(404);
    expect(anonymised(foreign, [one])).toEqual(anonymised(absent, [other]));
  });

  it('finds nothing when it is what a list is filtered by', async () => {
    const caller = await world.signedIn(world.people.admin);
    const stranger = await world.stranger();
    const [entry] = await world.things('/audit/entries/{id}', stranger);
    for (const [name, { method, queryParameters }] of routes) {
      if (method !== 'GET') continue;
      const ids = queryParameters.filter(({ schema }) => schema.format === 'uuid');
      for (const { path } of ids) {
        const theirs = path[0] === 'entry' ? entry : stranger.id;
        const [foreign, absent] = await Promise.all(
          [theirs, NOT_THERE].map((id) =>
            ask(name, [], caller, {
              query: `?${path[0]}=${id}${path[0] === 'ownerId' ? '&scope=user' : ''}`,
            }),
          ),
        );
        const status = path[0] === 'entry' ? 404 : 200;
        expect([name, foreign.status]).toEqual([name, status]);
        expect([name, anonymised(foreign, [theirs])]).toEqual([name, anonymised(absent, [NOT_THERE])]);
      }
    }
  });
});

describe('What the caller has seen already', () => {
  const reads = names(table).filter((name) => name.startsWith('GET '));
  it.each(reads)('%s: is 304 when its answer has an ETag, as the contract says', async (name) => {
    const caller = await world.signedIn(world.people.admin);
    await world.before(name, caller);
    const ids = await thingsOf(name, reachable(rowOf(name)), caller.person);
    const { headers } = await ask(name, ids, caller);
    const etag = String(headers.etag ?? '"none"');
    const again = await ask(name, ids, caller, { headers: { 'if-none-match': `W/"0", ${etag}` } });
    const other = await ask(name, ids, caller, { headers: { 'if-none-match': '"0"' } });

    const isUnchanged = again.status === 304;
    expect(isUnchanged).toBe(headers.etag !== undefined);
    expect(isUnchanged).toBe(routes.get(name)!.statuses.has(304));
    expect(other.status).not.toBe(304);
    if (isUnchanged) expect([again.headers.etag, again.text]).toEqual([etag, '']);
  });
});

describe('What a client says about itself', () => {
  it.each(names(guarded))('lets nobody into %s', async (name) => {
    const row = rowOf(name);
    const ids = await thingsOf(name, 'others', world.people.admin);
    const headers = IDENTITY_HEADERS(world.people.admin);
    expect(verdictOf(await ask(name, ids, null, { headers }), 'unauthorized')).toBe('✘');
    if (row.roles.member !== '✘') return;
    const member = await world.signedIn(world.people.member);
    expect(verdictOf(await ask(name, ids, member, { headers }), 'forbidden')).toBe('✘');
  });

  it('changes neither who it is, nor what it asks for', async () => {
    const member = await world.signedIn(world.people.member);
    const headers = IDENTITY_HEADERS(world.people.admin);
    const [plainly, forged] = [
      await ask('GET /api/v1/auth/me', [], member),
      await ask('GET /api/v1/auth/me', [], member, { headers }),
    ];
    expect([forged.status, forged.text]).toEqual([200, plainly.text]);

    const admin = await world.signedIn(world.people.admin);
    const user = await world.person();
    for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
      const ask_ = ask('GET /api/v1/users/{id}', [user.id], admin, { headers: { [name]: 'DELETE' } });
      expect((await ask_).status).toBe(200);
    }
    const rewritten = { 'x-original-url': '/api/v1/auth/me', 'x-rewrite-url': '/api/v1/auth/me' };
    const authorization = `Bearer ${admin.token}`;
    const nowhere = { method: 'GET', path: '/nowhere', headers: { authorization, ...rewritten } };
    expect((await http.send(nowhere)).status).toBe(404);
  });
});

describe('Another spelling of the path', () => {
  it.each(names(guarded))('lets nobody into %s', async (name) => {
    const { method, template } = routes.get(name)!;
    const path = filled(template, await thingsOf(name, 'others', world.people.admin));
    const member = await world.signedIn(world.people.member);
    const mayNot = rowOf(name).roles.member === '✘' ? [member.token] : [];
    for (const spelling of otherSpellings(path)) {
      for (const token of [null, ...mayNot]) {
        const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
        const { status } = await http.send({ method, path: spelling, headers });
        expect([spelling, [400, 401, 403, 404, 405].includes(status) ? 'kept out' : status]).toEqual([
          spelling,
          'kept out',
        ]);
      }
    }
  });
});

async function anonymousCells({ route, anonymous }: Row): Promise<string[]> {
  const ids = await thingsOf(route, 'others', world.people.admin);
  return compared(`${route}: anonymous`, anonymous, await ask(route, ids, null), 'unauthorized');
}

async function roleCells({ route, roles, things }: Row): Promise<string[]> {
  const present = OWNERSHIPS.filter((ownership) => things[ownership] !== '-');
  const wrong: string[] = [];
  for (const role of BUILT_IN_ROLES) {
    for (const ownership of present.length === 0 ? [null] : present) {
      const caller = await world.signedIn(world.people[role]);
      await world.before(route, caller);
      const ids = ownership === null ? [] : await thingsOf(route, ownership, caller.person);
      const expected =
        roles[role] === '✔' && ownership !== null ? wordFor(things[ownership], role) : roles[role];
      const what = `${route}: ${role}, ${ownership ?? 'no thing'}`;
      wrong.push(...compared(what, expected, await ask(route, ids, caller), 'forbidden'));
    }
  }
  return wrong;
}

/** With a thing that they may reach, so that only the credential counts. */
async function credentialCells(row: Row): Promise<string[]> {
  const { route, key, stale, acting } = row;
  const { admin } = world.people;
  const user = await world.withRole('admin');
  const callers: [string, string, () => Promise<SignedIn>, string][] = [
    ['key', key, () => byKey(admin), 'credential_not_allowed'],
    ['stale', stale, () => world.signedIn(admin, 16), 'step_up_required'],
    ['acting', acting, () => world.acting(admin, user), 'impersonation_not_allowed'],
  ];
  const wrong: string[] = [];
  for (const [column, expected, arrive, refusal] of callers) {
    const caller = await arrive();
    if (column !== 'acting') await world.before(route, caller);
    const ids = await thingsOf(route, reachable(row), caller.person);
    wrong.push(...compared(`${route}: ${column}`, expected, await ask(route, ids, caller), refusal));
  }
  return wrong;
}

/** Whose thing an administrator may reach. */
function reachable({ things }: Row): Ownership {
  return wordFor(things.others, 'admin') === '✔' ? 'others' : 'own';
}

async function byKey(person: Person): Promise<SignedIn> {
  const { key } = await world.apiKey('user', person.id, person.tenantId);
  return { token: key, person, familyId: world.id() };
}

async function thingsOf(name: string, ownership: Ownership, caller: Person): Promise<string[]> {
  const owner = {
    own: () => Promise.resolve(caller),
    others: () => world.person(),
    tenant: () => world.stranger(),
    department: () => Promise.reject(new Error('There are no departments yet: give the world some.')),
  }[ownership];
  return world.things(routes.get(name)!.template, await owner());
}

interface Extras {
  readonly headers?: Record<string, string>;
  readonly query?: string;
  readonly body?: object;
}

function ask(name: string, ids: string[], caller: SignedIn | null, extras: Extras = {}): Promise<RawReply> {
  const { method, template, takesBody } = routes.get(name)!;
  const headers: Record<string, string> = { ...extras.headers };
  if (caller !== null) headers.authorization = `Bearer ${caller.token}`;
  if (method === 'PATCH' || method === 'DELETE') headers['if-match'] = '"1"';
  if (takesBody) headers['content-type'] = 'application/json';
  const body = takesBody ? Buffer.from(JSON.stringify(extras.body ?? world.bodyOf(name))) : undefined;
  return http.send({ method, path: `${filled(template, ids)}${extras.query ?? ''}`, headers, body });
}

function filled(template: string, ids: readonly string[]): string {
  let place = 0;
  return template.replace(/\{\w+\}/g, () => ids[place++]);
}

function compared(what: string, expected: string, answer: RawReply, refusal: string): string[] {
  const found = verdictOf(answer, refusal);
  return found === expected ? [] : [`${what}: should be ${expected}, is ${found} (${answer.status})`];
}

/** The word of the table for an answer; `refusal` is the code by which this caller is kept out. */
function verdictOf({ status, text }: RawReply, refusal: string): string {
  if (status >= 500 || status === 429) return String(status);
  if (![401, 403, 404].includes(status)) return '✔';
  const { code } = JSON.parse(text) as { code: string };
  if (code === refusal) return '✘';
  return code === 'not_found' ? '404' : code;
}

/** The whole answer, less what must differ: the id that was asked for, request id and time. */
function anonymised({ status, headers, text }: RawReply, ids: readonly string[]): unknown {
  const body = ids
    .reduce((rest, id) => rest.replaceAll(id, 'ID'), text)
    .replace(/"exportedAt":"[^"]+"/, '"exportedAt":"NOW"');
  const disposition = String(headers['content-disposition'] ?? '').replace(/\d{8}T\d{6}Z/, 'NOW');
  const same = {
    ...headers,
    date: '',
    ratelimit: '',
    'x-request-id': '',
    'content-disposition': disposition,
  };
  return { status, headers: same, body: body.replaceAll(String(headers['x-request-id']), 'REQUEST') };
}

function plain(name: string): Route {
  const [method, template] = name.split(' ');
  return { method, template, queryParameters: [], statuses: new Set(), takesBody: false };
}
