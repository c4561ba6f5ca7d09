import { setTimeout as sleep } from 'node:timers/promises';
import { type HttpClient, ifMatch } from '../support/http-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Fleet } from '../support/processes.js';
import { expecting, invited, type Person } from './people.js';

/** What the specification promises: the right is gone everywhere this long after the change was answered. */
const EFFECTIVE_WITHIN_MS = 1_000;
const ROUNDS = 100;
const PATH = '/roles';

describe('Rights that change in the middle of a session', () => {
  let database: TestDatabase;
  let fleet: Fleet;
  let admin: HttpClient;
  let roles: Record<string, string>;
  let names = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    fleet = await Fleet.start({ database });
    admin = await fleet.admin();
    const { items } = await expecting(200, admin.get('/roles'));
    roles = Object.fromEntries((items as { name: string; id: string }[]).map(({ name, id }) => [name, id]));
  });
  afterAll(async () => {
    await fleet?.stop();
    await database?.drop();
  });

  const somebody = (...given: string[]) => invited(fleet, admin, `person-${(names += 1)}`, given);
  const bind = (subjectKind: string, subjectId: string, roleId: string, effect = 'allow') =>
    expecting(201, admin.post('/role-bindings', { subjectKind, subjectId, roleId, effect }));

  async function inGroupWith(roleId: string): Promise<{ person: Person; groupId: string }> {
    const person = await somebody();
    const { id: groupId } = await expecting(201, admin.post('/groups', { name: `group-${(names += 1)}` }));
    await bind('group', groupId as string, roleId);
    await expecting(204, admin.post(`/groups/${groupId}/members`, { kind: 'user', id: person.id }));
    return { person, groupId: groupId as string };
  }

  async function ownRole(): Promise<string> {
    const wish = { name: `reader-${(names += 1)}`, permissions: ['role.read'] };
    return (await expecting(201, admin.post('/roles', wish))).id as string;
  }

  /** Who has the right, and how it is taken. */
  const CASES: Record<string, () => Promise<[Person, () => Promise<unknown>]>> = {
    'a binding is ended': async () => {
      const person = await somebody();
      const { id } = await bind('user', person.id, roles.auditor);
      return [person, () => expecting(204, admin.delete(`/role-bindings/${id}`))];
    },
    'it is denied': async () => {
      const person = await somebody('auditor');
      return [person, () => bind('user', person.id, roles.auditor, 'deny')];
    },
    'somebody is taken out of a group': async () => {
      const { person, groupId } = await inGroupWith(roles.auditor);
      return [person, () => expecting(204, admin.delete(`/groups/${groupId}/members/user/${person.id}`))];
    },
    'the group loses the role': async () => {
      const { person, groupId } = await inGroupWith(roles.auditor);
      const { items } = await expecting(200, admin.get(`/role-bindings?subject=group:${groupId}`));
      return [person, () => expecting(204, admin.delete(`/role-bindings/${items[0].id}`))];
    },
    'the group is deleted': async () => {
      const { person, groupId } = await inGroupWith(roles.auditor);
      return [person, () => expecting(204, admin.delete(`/groups/${groupId}`))];
    },
    'the role is edited': async () => {
      const roleId = await ownRole();
      const person = await somebody();
      await bind('user', person.id, roleId);
      return [person, () => expecting(200, admin.patch(`/roles/${roleId}`, { permissions: [] }, ifMatch(1)))];
    },
    'the role is edited that a group has': async () => {
      const roleId = await ownRole();
      const { person } = await inGroupWith(roleId);
      return [person, () => expecting(200, admin.patch(`/roles/${roleId}`, { permissions: [] }, ifMatch(1)))];
    },
  };

  it.each(Object.keys(CASES))('are refused by both processes within a second when %s', async (name) => {
    const [person, take] = await CASES[name]();
    const clients = fleet.all.map(({ http }) => http.as(person));
    for (const client of clients)
      for (let time = 0; time < 3; time += 1) await expecting(200, client.get(PATH));
    await take();
    const takenAtMs = performance.now();
    await Promise.all(clients.map((client) => untilRefused(client, takenAtMs)));
  });

  async function untilRefused(client: HttpClient, takenAtMs: number): Promise<void> {
    for (;;) {
      const askedAfterMs = performance.now() - takenAtMs;
      const { status } = await client.get(PATH);
      if (status === 403) return;
      expect([status, askedAfterMs <= EFFECTIVE_WITHIN_MS]).toEqual([200, true]);
      await sleep(5);
    }
  }
});

describe('Two admins who take the role from each other at the same moment', () => {
  let database: TestDatabase;
  let fleet: Fleet;

  beforeAll(async () => {
    database = await createTestDatabase();
    fleet = await Fleet.start({ database });
  });
  afterAll(async () => {
    await fleet?.stop();
    await database?.drop();
  });

  it(`leave one, at two processes, ${ROUNDS} times`, async () => {
    const http = await fleet.admin();
    const me = await expecting(200, http.get('/auth/me'));
    const first = { id: me.principal.id as string, http };
    const second = await invited(fleet, http, 'second', ['admin']);
    const pair = [first, { id: second.id, http: second.http.at(fleet.all[1].url) }] as const;
    const { items } = await expecting(200, http.get('/roles'));
    const adminRole = (items as { name: string; id: string }[]).find(({ name }) => name === 'admin')!.id;
    const bindingOf = async (by: HttpClient, { id }: { id: string }) =>
      (
        (await expecting(200, by.get(`/role-bindings?subject=user:${id}&role=admin`))).items as {
          id: string;
        }[]
      )[0]?.id;

    for (let round = 0; round < ROUNDS; round += 1) {
      const [a, b] = pair;
      const [ofA, ofB] = [await bindingOf(a.http, a), await bindingOf(a.http, b)];
      const { version } = await expecting(200, a.http.get(`/users/${b.id}`));

      // Half of the time the one way meets the other.
      const takeB =
        round % 2 === 0
          ? a.http.delete(`/role-bindings/${ofB}`)
          : a.http.patch(`/users/${b.id}`, { roles: [] }, ifMatch(version as number));
      const statuses = (await Promise.all([takeB, b.http.delete(`/role-bindings/${ofA}`)])).map(
        ({ status }) => status,
      );

      const [winner, loser] = statuses[0] < 300 ? [a, b] : [b, a];
      expect(statuses.filter((status) => status < 300)).toHaveLength(1);
      expect([403, 409]).toContain(Math.max(...statuses));
      expect(await bindingOf(winner.http, winner)).toBeDefined();
      expect(await bindingOf(winner.http, loser)).toBeUndefined();

      const again = { subjectKind: 'user', subjectId: loser.id, roleId: adminRole };
      await expecting(201, winner.http.post('/role-bindings', again));
      for (const { http: at } of pair)
        while ((await at.get('/role-bindings?limit=1')).status !== 200) await sleep(5);
    }
  });
});
