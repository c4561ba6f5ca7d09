import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from '../support/postgres.js';
import { ADMIN, Fleet } from '../support/processes.js';
import { createEmptyDatabase, Inspector } from './inspector.js';
import { expecting, expectReasons, inParallel, PASSWORD } from './people.js';

const PROCESSES = 4;
const AT_ONCE = 100;
/** The first start is killed this many milliseconds into it, one after the other on the same database. */
const TORN_AFTER_MS = [300, 600, 900, 1_300];

/** The first start on an empty database, which must happen once however often it is begun. */
describe('On an empty database', () => {
  let database: TestDatabase;
  let inspector: Inspector;
  let fleet: Fleet | null = null;

  beforeEach(async () => {
    database = await createEmptyDatabase();
    inspector = await Inspector.of(database);
  });

  afterEach(async () => {
    await fleet?.stop();
    await inspector.close();
    await database.drop();
  });

  it(`${PROCESSES} processes that start at once migrate it once, agree on one administrator, and all serve`, async () => {
    fleet = await Fleet.start({ database, size: PROCESSES });

    const migrators = fleet.all.filter(({ output }) => /Migration \w+ applied/.test(output));
    expect(migrators).toHaveLength(1);
    for (const { http } of fleet.all) {
      const { accessToken } = await expecting(
        200,
        http.post('/auth/login', { login: ADMIN.email, password: ADMIN.password }),
      );
      // Each accepts what any of them has issued.
      for (const other of fleet.all)
        expect((await other.http.as(accessToken as string).get('/users')).status).toBe(200);
    }
    await expectOneFirstAdmin();
    expect(await inspector.count('signing_keys WHERE verifies_until IS NULL')).toBe(1);
    expect(fleet.all.flatMap((one) => one.crashes)).toEqual([]);
  });

  it('a first start that is killed again and again is finished by the next one', async () => {
    fleet = await Fleet.prepare({ database, size: 1 });
    const [only] = fleet.all;
    for (const milliseconds of TORN_AFTER_MS) {
      only.launch();
      await sleep(milliseconds);
      await only.kill();
    }

    await only.start();

    expect((await (await fleet.admin()).get('/users')).status).toBe(200);
    await expectOneFirstAdmin();
  });

  it('processes without a configured administrator print one and the same set-up token, which makes one', async () => {
    fleet = await Fleet.start({ database, withoutAdmin: true });

    const tokens = fleet.all.map(({ setupToken }) => setupToken);

    expect(tokens[0]).toMatch(/^rv_stp_/);
    expect(new Set(tokens).size).toBe(1);
    expect(await inspector.count('users')).toBe(0);
    await expectOneSetup(fleet, tokens[0]!);
  });

  /** However many use the token at once, at two processes. */
  async function expectOneSetup(two: Fleet, token: string): Promise<void> {
    const answers = await inParallel(AT_ONCE, (index) =>
      two.http(index).post('/auth/setup', {
        token,
        username: `admin-${index}`,
        email: `admin-${index}@example.com`,
        password: `${PASSWORD} ${index}`,
      }),
    );

    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    expectReasons(
      answers.filter(({ status }) => status >= 300),
      ['setup_done', 'invalid_token'],
    );
    expect(await inspector.count('users')).toBe(1);
    expect(await inspector.count(`audit_entries WHERE action = 'user.setup'`)).toBe(1);
    expect(await inspector.count('auth_sessions')).toBe(1);
  }

  async function expectOneFirstAdmin(): Promise<void> {
    expect(await inspector.count('users')).toBe(1);
    expect(await inspector.count(`audit_entries WHERE action = 'user.setup'`)).toBe(1);
    const roles = `role_bindings b JOIN roles r ON r.id = b.role_id WHERE r.name = 'admin'`;
    expect(await inspector.count(roles)).toBe(1);
  }
});
