import { setTimeout as sleep } from 'node:timers/promises';
import { type HttpClient, ifMatch } from '../support/http-client.js';
import type { Fleet } from '../support/processes.js';
import type { Relay } from '../support/relay.js';
import type { Inspector } from './inspector.js';
import { expecting, invited, PASSWORD, type Person, signIn } from './people.js';
import { RelayedPair } from './relayed-pair.js';

/** What the specification promises: refused everywhere this long after the revocation was answered. */
const EFFECTIVE_WITHIN_MS = 1_000;
/** How long a process may use what it remembers without having read the changes. */
const TRUSTED_FOR_MS = 900;
const LISTENERS = `pg_stat_activity WHERE application_name = 'reeve changes' AND datname = current_database()`;

/** A credential that process B knows and likes, and how it is revoked at process A. */
interface Case {
  readonly credential: string;
  readonly path: string;
  readonly refusal: number;
  readonly revoke: () => Promise<unknown>;
}

describe('What is revoked at one process', () => {
  let pair: RelayedPair;
  let fleet: Fleet;
  let relay: Relay;
  let inspector: Inspector;
  let admin: HttpClient;
  let people = 0;

  beforeAll(async () => {
    pair = await RelayedPair.start();
    // A talks to the database directly, B through the relay.
    ({ fleet, relay, inspector } = pair);
    admin = await fleet.admin();
  });
  afterAll(() => pair?.stop());

  const CASES: Record<string, () => Promise<Case>> = {
    'a session that its owner ends': async () => {
      const { person, second } = await somebodyOnTwoDevices();
      return session(second.accessToken, () =>
        expecting(204, person.http.delete(`/auth/sessions/${second.sessionId}`)),
      );
    },
    'a session that logs out': async () => {
      const { second } = await somebodyOnTwoDevices();
      return session(second.accessToken, () => expecting(204, fleet.http().as(second).post('/auth/logout')));
    },
    'sessions that an administrator ends': async () => {
      const { person, second } = await somebodyOnTwoDevices();
      return session(second.accessToken, () => expecting(204, admin.delete(`/users/${person.id}/sessions`)));
    },
    'a session when the password changes': async () => {
      const { person, second } = await somebodyOnTwoDevices();
      const passwords = { currentPassword: PASSWORD, newPassword: 'a lantern under the bridge' };
      return session(second.accessToken, () =>
        expecting(204, person.http.post('/auth/password/change', passwords)),
      );
    },
    'the session of a user who is disabled': async () => {
      const person = await somebody();
      return session(person.accessToken, () => disable(person));
    },
    'the API key of a user who is disabled': async () => {
      const person = await somebody();
      return session((await apiKeyOf(person)).key, () => disable(person));
    },
    'an API key': async () => {
      const person = await somebody();
      const { id, key } = await apiKeyOf(person);
      return session(key, () => expecting(204, person.http.delete(`/auth/api-keys/${id}`)));
    },
    'a role': async () => {
      const person = await somebody(['admin']);
      return {
        credential: person.accessToken,
        path: '/users',
        refusal: 403,
        revoke: () => unbind(person),
      };
    },
    'an impersonation whose session logs out': async () => {
      const { actor, accessToken } = await impersonation();
      return session(accessToken, () => expecting(204, actor.http.post('/auth/logout')));
    },
    'an impersonation by somebody who is disabled': async () => {
      const { actor, accessToken } = await impersonation();
      return session(accessToken, () => disable(actor));
    },
    'an impersonation by somebody who loses the right to it': async () => {
      const { actor, accessToken } = await impersonation();
      return session(accessToken, () => unbind(actor));
    },
    'a right under impersonation that the user loses': async () => {
      const { user, accessToken } = await impersonation(['support']);
      return { credential: accessToken, path: '/users', refusal: 403, revoke: () => unbind(user) };
    },
    'the key of a service': async () => {
      const { id } = await expecting(201, admin.post('/service-principals', { name: nextName() }));
      const made = await expecting(201, admin.post(`/service-principals/${id}/keys`, { name: 'deploy' }));
      return session(made.key as string, () =>
        expecting(204, admin.delete(`/service-principals/${id}/keys/${made.id}`)),
      );
    },
  };

  describe.each(Object.keys(CASES))('%s', (name) => {
    it('is refused at the other within a second', async () => {
      await expectRevocationInTime(await CASES[name]());
    });

    it('is refused there within a second although the connection that listens is cut again and again', async () => {
      const subject = await CASES[name]();
      const cutting = cutListeners();
      try {
        await sleep(200);
        await expectRevocationInTime(subject);
      } finally {
        expect(await cutting.stop()).toBeGreaterThan(0);
      }
    });
  });

  describe('is not accepted by a process that cannot read the changes', () => {
    it('when they alone are out of reach: it then asks the database about everything', async () => {
      const person = await somebody(['admin']);
      const key = await apiKeyOf(person);
      const clients = [person.accessToken, key.key].map((credential) => fleet.all[1].http.as(credential));
      for (const client of clients) await warm(client, '/users');
      await inspector.rows('REVOKE SELECT ON access_changes FROM PUBLIC, reeve_app');
      try {
        await sleep(TRUSTED_FOR_MS + 100);
        for (const client of clients) expect((await client.get('/users')).status).toBe(200);

        // Behind everybody's back: no change is announced, so only the tables themselves can tell.
        await inspector.rows('DELETE FROM role_bindings WHERE subject_id = $1', [person.id]);
        for (const client of clients) expect((await client.get('/users')).status).toBe(403);
        await inspector.rows('UPDATE auth_sessions SET revoked = true WHERE user_id = $1', [person.id]);
        await inspector.rows('UPDATE api_keys SET revoked_at = now() WHERE owner_id = $1', [person.id]);
        for (const client of clients) expect((await client.get('/auth/me')).status).toBe(401);
      } finally {
        await inspector.rows('GRANT SELECT ON access_changes TO reeve_app');
      }
    });

    it('when the whole database is out of reach, and is refused as soon as it is back', async () => {
      const subject = await CASES['a session that its owner ends']();
      const client = fleet.all[1].http.as(subject.credential);
      await warm(client, subject.path);
      relay.stall();
      try {
        await subject.revoke();
        await sleep(TRUSTED_FOR_MS);

        const answers = await Promise.all(
          [0, 100, 500].map(async (delay) => {
            await sleep(delay);
            return Promise.race([
              client.get(subject.path).then(({ status }) => status),
              sleep(1_500, 'no answer'),
            ]);
          }),
        );

        expect(answers).not.toContain(200);
      } finally {
        relay.resume();
      }
      await fleet.all[1].ready();
      expect((await client.get(subject.path)).status).toBe(401);
    });
  });

  async function expectRevocationInTime({ credential, path, refusal, revoke }: Case): Promise<void> {
    const atB = fleet.all[1].http.as(credential);
    await warm(atB, path);
    await revoke();
    const revokedAtMs = performance.now();
    const statuses = new Set<number>();
    for (let status = 0; status !== refusal;) {
      const askedAfterMs = performance.now() - revokedAtMs;
      ({ status } = await atB.get(path));
      statuses.add(status);
      if (askedAfterMs > EFFECTIVE_WITHIN_MS) break;
      if (status !== refusal) await sleep(5);
    }
    expect(statuses).toContain(refusal);
    // In between it was either still good or no more: nothing else.
    statuses.delete(200);
    expect([...statuses]).toEqual([refusal]);
  }

  /** Until the process has everything in memory. */
  async function warm(client: HttpClient, path: string): Promise<void> {
    for (let time = 0; time < 3; time += 1) await expecting(200, client.get(path));
  }

  function cutListeners(): { stop(): Promise<number> } {
    let cut = 0;
    let going = true;
    const running = (async () => {
      while (going) {
        cut += await inspector.value<number>(
          `SELECT count(pg_terminate_backend(pid))::integer FROM ${LISTENERS}`,
        );
        await sleep(50);
      }
    })();
    return {
      stop: async () => {
        going = false;
        await running;
        return cut;
      },
    };
  }

  const session = (credential: string, revoke: () => Promise<unknown>): Case => ({
    credential,
    path: '/auth/me',
    refusal: 401,
    revoke,
  });

  const nextName = () => `person-${(people += 1)}`;
  const somebody = (roles: string[] = []) => invited(fleet, admin, nextName(), roles);

  async function somebodyOnTwoDevices() {
    const person = await somebody();
    return { person, second: await signIn(fleet.http(), person.username) };
  }

  async function apiKeyOf(person: Person): Promise<{ id: string; key: string }> {
    return (await expecting(201, person.http.post('/auth/api-keys', { name: 'build' }))) as {
      id: string;
      key: string;
    };
  }

  async function impersonation(roles: string[] = []) {
    const [actor, user] = [await somebody(['support']), await somebody(roles)];
    const body = { userId: user.id, reason: 'Looking at what they see' };
    const { accessToken } = await expecting(201, actor.http.post('/admin/impersonations', body));
    return { actor, user, accessToken: accessToken as string };
  }

  async function unbind({ id }: Person): Promise<void> {
    const { version } = await expecting(200, admin.get(`/users/${id}`));
    await expecting(200, admin.patch(`/users/${id}`, { roles: [] }, ifMatch(version as number)));
  }

  async function disable({ id }: Person): Promise<void> {
    const { version } = await expecting(200, admin.get(`/users/${id}`));
    await expecting(200, admin.patch(`/users/${id}`, { isActive: false }, ifMatch(version as number)));
  }
});
