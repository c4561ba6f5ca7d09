import { createHmac, randomBytes } from 'node:crypto';
import { TOKEN_KINDS, tokenFromBytes } from '../../src/kernel/crypto/tokens.js';
import type { Answer, AnyBody, HttpClient } from '../support/http-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Fleet } from '../support/processes.js';
import { expecting, invited, PASSWORD, type Person } from './people.js';

const SETUP = { username: 'root', email: 'root@example.com', password: 'copper kettle sings at dawn' };

/** Every kind of token in every place where a token may be shown: only the right one opens anything. */
describe('A token in a slot', () => {
  let database: TestDatabase;
  let fleet: Fleet;
  let anyone: HttpClient;
  let tokens: Record<Real, string>;
  let setupToken: string;

  /** Tokens that exist, by kind. */
  type Real = 'access' | 'refresh' | 'invite' | 'reset' | 'verify' | 'device' | 'user key' | 'service key';

  beforeAll(async () => {
    database = await createTestDatabase();
    fleet = await Fleet.start({
      database,
      size: 1,
      withoutAdmin: true,
      environment: { REEVE_REGISTRATION: 'open' },
    });
    anyone = fleet.http();
    setupToken = fleet.all[0].setupToken ?? '';
  });

  afterAll(async () => {
    await fleet?.stop();
    await database?.drop();
  });

  it('of set-up: nothing but the printed one opens it', async () => {
    for (const [name, token] of Object.entries(forgeries())) {
      expect(isRefusal(name, await anyone.post('/auth/setup', { ...SETUP, token }), [400, 422])).toBe(true);
    }
    for (const slot of Object.values(SLOTS).filter((one) => one !== SLOTS.setup)) {
      expect(isRefusal('set-up token', await slot.show(setupToken), [400, 401])).toBe(true);
    }

    const { status, body } = await anyone.post('/auth/setup', { ...SETUP, token: setupToken });

    expect(status).toBeLessThan(300);
    tokens = await oneOfEach(anyone.as(body as { accessToken: string }));
  });

  /** Where tokens are shown, what opens there, and how everything else is refused. */
  const SLOTS: Record<
    string,
    {
      opens: Real[];
      refused: number[];
      forbidden?: Real[];
      show: (token: string) => Promise<Answer<AnyBody>>;
    }
  > = {
    'the header': {
      opens: ['access', 'user key', 'service key'],
      refused: [401],
      show: (token) => anyone.as(token).get('/auth/me'),
    },
    'the header of a route for sessions': {
      opens: ['access'],
      refused: [401],
      // Known, but not welcome here.
      forbidden: ['user key', 'service key'],
      show: (token) => anyone.as(token).get('/auth/sessions'),
    },
    refresh: {
      opens: ['refresh'],
      refused: [401, 422],
      show: (refreshToken) => anyone.post('/auth/refresh', { refreshToken }),
    },
    invitation: {
      opens: ['invite'],
      refused: [400, 422],
      show: (token) => anyone.post('/auth/invite/accept', { token, password: PASSWORD }),
    },
    reset: {
      opens: ['reset'],
      refused: [400, 422],
      show: (token) => anyone.post('/auth/password/reset', { token, newPassword: `${PASSWORD} again` }),
    },
    verification: {
      opens: ['verify'],
      refused: [400, 422],
      show: (token) => anyone.post('/auth/verify', { token }),
    },
    pairing: {
      opens: ['device'],
      refused: [400, 422],
      show: (deviceCode) => anyone.post('/auth/pair/token', { deviceCode }),
    },
    setup: {
      opens: [],
      refused: [400, 409, 422],
      show: (token) =>
        anyone.post('/auth/setup', { ...SETUP, username: 'second', email: 'second@example.com', token }),
    },
  };

  describe.each(Object.keys(SLOTS))('%s', (name) => {
    const { opens, refused, forbidden = [], show } = SLOTS[name];

    it('refuses every other kind', async () => {
      for (const [kind, token] of Object.entries(tokens) as [Real, string][]) {
        if (opens.includes(kind)) continue;
        expect(isRefusal(kind, await show(token), forbidden.includes(kind) ? [403] : refused)).toBe(true);
      }
      expect(isRefusal('spent set-up token', await show(setupToken), refused)).toBe(true);
    });

    it('refuses what only looks like a token', async () => {
      for (const [kind, token] of Object.entries(forgeries()))
        expect(isRefusal(kind, await show(token), refused)).toBe(true);
    });
  });

  // Last, because it uses them up: having been shown in all the wrong places has spent none of them.
  it.each(Object.keys(SLOTS).filter((name) => SLOTS[name].opens.length > 0))(
    '%s opens for its own kind',
    async (name) => {
      for (const kind of SLOTS[name].opens) {
        const { status } = await SLOTS[name].show(tokens[kind]);
        expect([kind, status < 300]).toEqual([kind, true]);
      }
    },
  );

  async function oneOfEach(admin: HttpClient): Promise<Record<Real, string>> {
    const grace = await invited(fleet, admin, 'grace');
    const invitation = admin.post('/users', { username: 'linus', email: 'linus@example.com' });
    const service = await expecting(201, admin.post('/service-principals', { name: 'deploy' }));
    await expecting(202, anyone.post('/auth/register', { email: 'mary@example.com', password: PASSWORD }));
    const forgetful = await invited(fleet, admin, 'forgetful');
    await expecting(202, anyone.post('/auth/password/forgot', { email: forgetful.email }));
    return {
      access: grace.accessToken,
      refresh: grace.refreshToken,
      invite: (await expecting(201, invitation)).inviteToken as string,
      reset: await fleet.mailedTo(forgetful.email, /rv_rst_\w{43}_\w{6}/),
      verify: await fleet.mailedTo('mary@example.com', /rv_vfy_\w{43}_\w{6}/),
      device: await approvedDevice(grace),
      'user key': await keyOf(grace),
      'service key': (await expecting(201, admin.post(`/service-principals/${service.id}/keys`, {})))
        .key as string,
    };
  }

  const keyOf = async ({ http }: Person) =>
    (await expecting(201, http.post('/auth/api-keys', {}))).key as string;

  async function approvedDevice({ http }: Person): Promise<string> {
    const { deviceCode, userCode } = await expecting(200, anyone.post('/auth/pair/start', {}));
    await expecting(200, http.post('/auth/pair/confirm', { userCode }));
    return deviceCode as string;
  }

  /** Right in form, wrong in fact. */
  function forgeries(): Record<string, string> {
    const minted = TOKEN_KINDS.map((kind) => [
      `a well-formed ${kind}`,
      tokenFromBytes(kind, randomBytes(32)),
    ]);
    const real = tokens === undefined ? [] : Object.entries(tokens);
    const altered = real.flatMap(([kind, token]) => [
      [`${kind} with another letter`, withOtherLetter(token)],
      [`${kind} cut short`, token.slice(0, -1)],
      [`${kind} with more behind`, `${token}A`],
      [`${kind} in capitals`, token.toUpperCase()],
      [`${kind} twice`, `${token},${token}`],
    ]);
    return {
      ...Object.fromEntries([...minted, ...altered]),
      word: 'null',
      sql: "' OR 1=1--",
      'JWT without signature': jwt({ alg: 'none', typ: 'at+jwt' }, ''),
      'JWT signed with a word': jwt({ alg: 'HS256', typ: 'at+jwt' }, 'secret'),
      'JWT of another type': jwt({ alg: 'HS256', typ: 'JWT' }, 'secret'),
      'JWT with an unknown key': jwt({ alg: 'ES256', typ: 'at+jwt', kid: 'unknown' }, 'secret'),
      'half a JWT': 'eyJhbGciOiJFUzI1NiJ9.',
      'very long': 'A'.repeat(7_000),
    };
  }

  function isRefusal(
    kind: string,
    { status, headers, body }: Answer<AnyBody>,
    statuses: readonly number[],
  ): boolean {
    const isProblem = headers.get('content-type')?.startsWith('application/problem+json') === true;
    if (statuses.includes(status) && isProblem) return true;
    throw new Error(`${kind}: expected ${statuses.join(' or ')}, got ${status} ${JSON.stringify(body)}`);
  }
});

function withOtherLetter(token: string): string {
  const at = token.length - 12;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

function jwt(header: object, secret: string): string {
  const now = Math.floor(Date.now() / 1000);
  const id = '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11';
  const claims = { iss: 'reeve', aud: 'reeve', sub: id, sid: id, tid: id, iat: now, exp: now + 900, jti: id };
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${secret === '' ? '' : createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
