import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import {
  Authenticated,
  CurrentPrincipal,
  definePermissions,
  type AccessScope,
  PermissionsByScope,
  PermissionSet,
  Public,
  Refusals,
  Scope,
} from '../../src/kernel/access/index.js';
import { Database } from '../../src/kernel/database/index.js';
import { buildOpenApi, CheckedBy, Identifier, Optional, PathId } from '../../src/kernel/http/index.js';
import { type Principal } from '../../src/kernel/operation/index.js';
import { Forbidden } from '../../src/kernel/problem/index.js';
import { ADA, type KernelApp, startKernelApp } from '../support/kernel-app.js';

const permissions = definePermissions({
  // Held by no built-in role: what other files of this process see of those must not change.
  'tulip.read': { description: 'See tulips.', level: 'READ', holders: [] },
  'tulip.cut': { description: 'Cut tulips.', level: 'ADMIN', holders: [], sensitive: true },
});

class PlantTulip {
  /** Where. */
  @Optional()
  @Identifier()
  departmentId?: string;
}

@Controller('beds')
class BedsController {
  @Get(':bedId')
  @Authenticated({ permission: 'tulip.read', scope: { kind: 'gateway', in: 'path', name: 'bedId' } })
  get(@PathId('bedId') bedId: string) {
    return { bedId };
  }

  @Post()
  @Authenticated({
    permission: 'tulip.read',
    scope: { kind: 'department', in: 'body', name: 'departmentId' },
  })
  plant(@Body() body: PlantTulip) {
    return { planted: body.departmentId ?? null };
  }
}

@Authenticated({ permission: permissions['tulip.read'] })
@Controller('tulips')
class TulipsController {
  @Get()
  list(@Query() @CheckedBy((any) => any) _any: object, @Scope() scope: AccessScope) {
    return scope;
  }

  @Get('mine')
  @Authenticated()
  mine(@CurrentPrincipal() principal: Principal, @Scope() scope: AccessScope) {
    return { name: principal.name, scope };
  }

  @Get('open')
  @Public()
  open() {
    return { open: true };
  }

  @Delete(':id')
  @Authenticated({ permission: 'tulip.cut', sensitive: true })
  cut() {
    return { cut: true };
  }

  @Post('water')
  @Authenticated({ credentials: ['session'] })
  water() {
    return { watered: true };
  }

  @Post('bots')
  @Authenticated({ sensitive: true, credentials: ['session', 'service_key'] })
  bots() {
    return { listed: true };
  }

  @Get('cellar')
  @Authenticated({ permission: 'tulip.cut' })
  cellar() {
    return { seen: true };
  }

  @Post('seeds')
  @Authenticated({ carriesCredentials: true })
  seeds() {
    return { given: true };
  }

  @Post('labels')
  @Authenticated({ impersonation: false })
  labels() {
    return { written: true };
  }

  @Get('fence')
  @Authenticated()
  fence() {
    throw new Forbidden('The permission fence.climb is missing.');
  }
}

const API = '/api/v1/tulips';
const apiKey = { kind: 'api_key', keyId: '01936f5e-0000-7000-8000-0000000000b1' } as const;
const serviceKey = { kind: 'service_key', keyId: '01936f5e-0000-7000-8000-0000000000b2' } as const;

let kernel: KernelApp;

beforeAll(async () => {
  kernel = await startKernelApp({ controllers: [TulipsController, BedsController] });
});
afterAll(() => kernel?.close());

const get = (path: string, headers: Record<string, string | string[]> = {}) =>
  kernel.app.inject({ method: 'GET', url: `${API}${path}`, headers });
const cut = (headers: Record<string, string>) =>
  kernel.app.inject({ method: 'DELETE', url: `${API}/1`, headers });

async function denials(principalId: string) {
  const rows = await kernel.app.get(Database).read<{ detail: string; outcome: string; resource_id: string }>(
    {
      name: '',
      text: `SELECT detail, outcome, resource_id FROM audit_entries WHERE action = 'auth.forbidden' AND actor_id = $1 ORDER BY id`,
    },
    [principalId],
  );
  return rows.map(({ detail, ...rest }) => ({
    ...rest,
    ...(JSON.parse(detail) as { code: string; count: number }),
  }));
}

describe('who gets in', () => {
  it('lets everybody through a public route and looks at no credential there', async () => {
    const answer = await get('/open', { authorization: 'Bearer nonsense' });
    expect(answer.statusCode).toBe(200);
  });

  it.each([
    ['nothing', {}],
    ['another scheme', { authorization: 'Basic dGVzdDp0ZXN0' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['a token of no known kind', { authorization: 'Bearer nonsense' }],
    ['a token that nobody holds', { authorization: 'Bearer test.nobody' }],
    ['more than 8 KiB', { authorization: `Bearer test.${'x'.repeat(8 * 1024)}` }],
  ])('answers 401 alike to %s', async (_what, headers) => {
    const answer = await get('', headers);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.json()).toEqual({
      requestId: expect.any(String) as string,
      instance: API,
      type: expect.stringMatching(/\/problems\/unauthorized$/) as string,
      title: 'Authentication is required',
      status: 401,
      code: 'unauthorized',
      detail: 'Send a valid credential as `Authorization: Bearer <token>`.',
    });
  });

  it.each([false, true])('takes a good token, known at once or looked up (%s)', async (slow) => {
    const ada = kernel.tokens.issue('ada', { may: ['tulip.read'] });
    kernel.tokens.slow = slow;
    const answer = await get('', ada);
    kernel.tokens.slow = false;
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ tenantId: '00000000-0000-7000-8000-000000000001', owner: 'any' });
  });

  it('takes the scheme in any case', async () => {
    kernel.tokens.issue('case', { may: ['tulip.read'] });
    expect((await get('', { authorization: 'bEARER   test.case' })).statusCode).toBe(200);
  });

  it("gives a route without a permission the scope of what is the principal's own", async () => {
    const answer = await get('/mine', kernel.tokens.issue('own'));
    expect(answer.json()).toEqual({
      name: 'ada',
      scope: { tenantId: '00000000-0000-7000-8000-000000000001', owner: { kind: 'user', id: ADA } },
    });
  });

  it('names the permission that is missing', async () => {
    const answer = await get('', kernel.tokens.issue('poor', { id: '01936f5e-0000-7000-8000-00000000dead' }));
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({
      code: 'forbidden',
      detail: expect.stringContaining('tulip.read') as string,
    });
  });

  it('refuses a kind of credential that the route does not list', async () => {
    const key = kernel.tokens.issue('key', { credential: apiKey });
    const answer = await kernel.app.inject({ method: 'POST', url: `${API}/water`, headers: key });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'credential_not_allowed' });
  });
});

describe('a sensitive route', () => {
  const session = (minutesAgo: number) => ({
    kind: 'session' as const,
    sessionId: 's',
    familyId: 'f',
    authenticatedAt: new Date(Date.now() - minutesAgo * 60_000),
    amr: ['pwd'],
  });

  it('takes a session that proved itself 14 minutes ago', async () => {
    const fresh = kernel.tokens.issue('fresh', { may: ['tulip.cut'], credential: session(14) });
    expect((await cut(fresh)).statusCode).toBe(200);
  });

  it('asks for another proof after 16 minutes and says where', async () => {
    const stale = kernel.tokens.issue('stale', { may: ['tulip.cut'], credential: session(16) });
    const answer = await cut(stale);
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({
      code: 'step_up_required',
      detail: expect.stringContaining('/auth/reauthenticate') as string,
    });
  });

  it.each([apiKey, serviceKey])('refuses keys, which cannot step up: $kind', async (credential) => {
    const answer = await cut(kernel.tokens.issue('key2', { may: ['tulip.cut'], credential }));
    expect(answer.json()).toMatchObject({ status: 403, code: 'credential_not_allowed' });
  });

  it('takes a kind of key that the route names', async () => {
    const bot = kernel.tokens.issue('bot', { kind: 'service', credential: serviceKey });
    const answer = await kernel.app.inject({ method: 'POST', url: `${API}/bots`, headers: bot });
    expect(answer.json()).toEqual({ listed: true });
  });
});

describe('somebody who acts as another user', () => {
  const grace = '01936f5e-0000-7000-8000-00000000cace';
  const expiresAt = new Date(Date.now() + 60_000);
  const credential = { kind: 'impersonation', impersonationId: 'i', expiresAt } as const;
  const actor = { kind: 'user', id: grace, name: 'grace' } as const;
  const acting = (id: string) =>
    kernel.tokens.issue('acting', { id, may: ['tulip.read', 'tulip.cut'], credential, actor });

  it.each([
    ['is sensitive', 'DELETE', '/1'],
    ['is sensitive by its permission', 'GET', '/cellar'],
    ['gives credentials', 'POST', '/seeds'],
    ['says so', 'POST', '/labels'],
  ] as const)('is kept out of a route that %s', async (_why, method, path) => {
    const headers = acting('01936f5e-0000-7000-8000-0000000f0e01');
    const answer = await kernel.app.inject({ method, url: `${API}${path}`, headers });
    expect(answer.json()).toMatchObject({ status: 403, code: 'impersonation_not_allowed' });
  });

  it('is let into all others, also those for sessions, and is on record before the answer', async () => {
    const ada = '01936f5e-0000-7000-8000-0000000f0e02';
    expect((await get('?secret=1', acting(ada))).statusCode).toBe(200);
    const water = { method: 'POST', url: `${API}/water`, headers: acting(ada) } as const;
    expect((await kernel.app.inject(water)).statusCode).toBe(201);
    const rows = await kernel.app.get(Database).read<{ detail: string; actor: string }>(
      {
        name: '',
        text: `SELECT detail, actor_id AS actor FROM audit_entries WHERE action = 'impersonation.request'
          AND on_behalf_of = ARRAY[$1] ORDER BY id`,
      },
      [`user:${ada}`],
    );
    expect(rows.map(({ detail, actor: by }) => [by, JSON.parse(detail)])).toEqual([
      [grace, { route: `GET ${API}`, path: API }],
      [grace, { route: `POST ${API}/water`, path: `${API}/water` }],
    ]);
  });
});

describe('a route for one place', () => {
  const HERE = '01936f5e-0000-7000-8000-0000000000aa';
  const ELSEWHERE = '01936f5e-0000-7000-8000-0000000000bb';
  const tulips = PermissionSet.of(['tulip.read']);
  const issue = (name: string, everywhere: PermissionSet, here: PermissionSet) =>
    kernel.tokens.issue(name, {
      permissions: everywhere,
      permissionsByScope: PermissionsByScope.of(everywhere, [
        [{ kind: 'gateway', id: HERE }, here],
        [{ kind: 'department', id: HERE }, here],
      ]),
    });
  const visit = async (headers: Record<string, string>, bed: string) =>
    (await kernel.app.inject({ method: 'GET', url: `/api/v1/beds/${bed}`, headers })).statusCode;
  const plant = async (headers: Record<string, string>, payload?: object) =>
    (await kernel.app.inject({ method: 'POST', url: '/api/v1/beds', headers, payload })).statusCode;

  it('asks what counts there: more than everywhere, or less, in whichever case it is written', async () => {
    const only = issue('only-here', PermissionSet.none, tulips);
    const except = issue('except-here', tulips, PermissionSet.none);
    for (const bed of [HERE, HERE.toUpperCase()]) {
      expect(await visit(only, bed)).toBe(200);
      expect(await visit(except, bed)).toBe(403);
    }
    expect(await visit(only, ELSEWHERE)).toBe(403);
    expect(await visit(except, ELSEWHERE)).toBe(200);
    expect(await plant(only, { departmentId: HERE })).toBe(201);
    expect(await plant(except, { departmentId: HERE })).toBe(403);
  });

  it('asks what counts everywhere when the request names no place that could be one', async () => {
    const only = issue('only-here', PermissionSet.none, tulips);
    const except = issue('except-here', tulips, PermissionSet.none);
    for (const body of [
      undefined,
      {},
      { departmentId: null },
      { departmentId: 'here' },
      { departmentId: [HERE] },
    ])
      expect(await plant(only, body)).toBe(403);
    expect(await plant(except, {})).toBe(201);
    expect(await plant(except, { departmentId: HERE.toUpperCase() })).toBe(403);
    expect(await plant(except, { departmentId: 'here' })).toBe(422);
    expect(await visit(except, 'no-identifier')).toBe(404);
  });

  it('says which permission is missing where', async () => {
    const answer = await kernel.app.inject({
      method: 'GET',
      url: `/api/v1/beds/${HERE}`,
      headers: issue('except-here', tulips, PermissionSet.none),
    });
    expect(answer.json()).toMatchObject({
      detail: `The permission tulip.read is missing on the gateway ${HERE}.`,
    });
  });

  it('is closed to principals who say nothing about single places', async () => {
    expect(await visit(kernel.tokens.issue('flat', { may: ['tulip.read'] }), HERE)).toBe(403);
  });

  it('is documented with the place', () => {
    const { paths } = buildOpenApi(kernel.app);
    const operations = paths as unknown as Record<string, Record<string, Record<string, unknown>>>;
    const get = operations['/api/v1/beds/{bedId}'].get;
    expect(get['x-scope']).toEqual({ kind: 'gateway', in: 'path', name: 'bedId' });
    expect(get.description).toContain('on the gateway in the path (`bedId`)');
    expect(operations['/api/v1/beds'].post['x-scope']).toEqual({
      kind: 'department',
      in: 'body',
      name: 'departmentId',
    });
  });
});

describe('refusals', () => {
  it('are on record when they are answered, and identical ones within a minute become one more entry', async () => {
    const id = '01936f5e-0000-7000-8000-00000000d001';
    const loop = kernel.tokens.issue('loop', { id });
    for (let i = 0; i < 5; i += 1) expect((await get('', loop)).statusCode).toBe(403);
    const first = {
      code: 'forbidden',
      permission: 'tulip.read',
      path: API,
      outcome: 'denied',
      resource_id: 'GET /api/v1/tulips',
    };
    expect(await denials(id)).toEqual([{ ...first, count: 1 }]);

    kernel.clock.advance(61_000);
    await kernel.app.get(Refusals).closeDue();
    expect(await denials(id)).toEqual([
      { ...first, count: 1 },
      { ...first, count: 4 },
    ]);
  });

  it('keep different routes and problems apart', async () => {
    const id = '01936f5e-0000-7000-8000-00000000d002';
    const mixed = kernel.tokens.issue('mixed', { id });
    await get('', mixed);
    await cut(mixed);
    await get('', mixed);
    expect((await denials(id)).map(({ resource_id }) => resource_id)).toEqual([
      'GET /api/v1/tulips',
      'DELETE /api/v1/tulips/:id',
    ]);
  });

  it('tell which things were tried, and nothing of the query', async () => {
    const id = '01936f5e-0000-7000-8000-00000000d005';
    const probing = kernel.tokens.issue('probing', { id });
    for (const path of ['/1?token=secret', '/2', '/1'])
      await kernel.app.inject({ method: 'DELETE', url: `${API}${path}`, headers: probing });
    expect(await denials(id)).toMatchObject([
      { path: `${API}/1`, count: 1 },
      { path: `${API}/2`, count: 1 },
    ]);
  });

  it('from inside a use case are on record as well, once', async () => {
    const id = '01936f5e-0000-7000-8000-00000000d003';
    expect((await get('/fence', kernel.tokens.issue('fence', { id }))).statusCode).toBe(403);
    expect(await denials(id)).toMatchObject([
      { code: 'forbidden', resource_id: 'GET /api/v1/tulips/fence', count: 1 },
    ]);
  });
});

describe('the stop', () => {
  it('writes what has been counted until then', async () => {
    const id = '01936f5e-0000-7000-8000-00000000d004';
    const other = await startKernelApp({ controllers: [TulipsController] }, kernel.database);
    const headers = other.tokens.issue('other', { id });
    for (let i = 0; i < 3; i += 1) await other.app.inject({ method: 'GET', url: API, headers });
    await other.close();
    expect((await denials(id)).map(({ count }) => count)).toEqual([1, 2]);
  });
});

describe('the start', () => {
  it('fails when a route declares nothing, and names it', async () => {
    @Controller('forgotten')
    class ForgottenController {
      @Get(':id')
      get() {
        return {};
      }
    }
    await expect(startKernelApp({ controllers: [ForgottenController] }, kernel.database)).rejects.toThrow(
      /ForgottenController\.get \(GET forgotten\/:id\)/,
    );
  });

  it('fails when a route takes the place from a path parameter that it does not have', async () => {
    @Controller('misplaced')
    class MisplacedController {
      @Get(':id')
      @Authenticated({ permission: 'tulip.read', scope: { kind: 'gateway', in: 'path', name: 'gatewayId' } })
      get() {
        return {};
      }
    }
    await expect(startKernelApp({ controllers: [MisplacedController] }, kernel.database)).rejects.toThrow(
      /MisplacedController.*no parameter gatewayId/,
    );
  });

  it('fails when a route asks for a permission that does not exist', async () => {
    @Controller('mistyped')
    class MistypedController {
      @Get()
      @Authenticated({ permission: 'tulip.raed' })
      get() {
        return {};
      }
    }
    await expect(startKernelApp({ controllers: [MistypedController] }, kernel.database)).rejects.toThrow(
      /tulip\.raed/,
    );
  });

  it('fails when nothing would check a body, and names it', async () => {
    @Controller('unchecked')
    class UncheckedController {
      @Post()
      @Public()
      plant(@CheckedBy((any) => any) @Query() _any: object, @Body() body: Readonly<PlantTulip>) {
        return body;
      }
    }
    await expect(startKernelApp({ controllers: [UncheckedController] }, kernel.database)).rejects.toThrow(
      /UncheckedController\.plant takes the body as parameter 2/,
    );
  });

  it('fails when nothing would check a single parameter of the query', async () => {
    @Controller('unchecked')
    class UncheckedController {
      @Get()
      @Public()
      find(@Query('name') name: string) {
        return { name };
      }
    }
    await expect(startKernelApp({ controllers: [UncheckedController] }, kernel.database)).rejects.toThrow(
      /UncheckedController\.find takes the query as parameter 1/,
    );
  });
});
