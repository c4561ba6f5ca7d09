import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Fleet } from '../support/processes.js';
import { Inspector } from './inspector.js';
import { counted, expecting, inParallel, invited, type Person } from './people.js';

/** More of both by `PAIRING_ROUNDS=10 npx jest test/faults/pairing-races.spec.ts`. */
const ROUNDS = Number(process.env.PAIRING_ROUNDS ?? 2);
const AT_ONCE = 100;
const KILLS = Math.ceil(ROUNDS / 2);

/** One device code in many hands at once, at two processes. */
describe('The key of a paired device', () => {
  let database: TestDatabase;
  let fleet: Fleet;
  let inspector: Inspector;
  let grace: Person;

  beforeAll(async () => {
    database = await createTestDatabase();
    fleet = await Fleet.start({ database });
    inspector = await Inspector.of(database);
    grace = await invited(fleet, await fleet.admin(), 'grace');
  });

  afterAll(async () => {
    await inspector?.close();
    await fleet?.stop();
    await database?.drop();
  });

  it(`is given once when ${AT_ONCE} questions come at once, ${ROUNDS} times over`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const deviceName = `laptop-${round}`;
      const deviceCode = await approved(deviceName);

      const answers = await inParallel(AT_ONCE, (index) => ask(deviceCode, index));

      const codes = answers.map(({ status, body }) => (status === 200 ? 'key' : (body.code as string)));
      expect(counted(codes)).toEqual({ key: 1, expired_token: AT_ONCE - 1 });
      expect(await keysCalled(deviceName)).toBe(1);
      const { key } = answers.find(({ status }) => status === 200)!.body as { key: string };
      for (const { http } of fleet.all) expect((await http.as(key).get('/auth/me')).status).toBe(200);
    }
  });

  it('is given once when the confirmation and the questions meet', async () => {
    const deviceName = 'impatient';
    const { deviceCode, userCode } = await started(deviceName);

    const [, ...answers] = await Promise.all([
      expecting(200, grace.http.post('/auth/pair/confirm', { userCode })),
      ...Array.from({ length: AT_ONCE }, (_, index) => ask(deviceCode, index)),
    ]);

    const given = answers.filter(({ status }) => status === 200).length;
    expect(answers.filter(({ status }) => status !== 200 && status !== 400)).toEqual([]);
    expect(given + ((await ask(deviceCode, 0)).status === 200 ? 1 : 0)).toBe(1);
    expect(await keysCalled(deviceName)).toBe(1);
  });

  it('exists once, and is never given twice, when the process that makes it is killed', async () => {
    for (let round = 0; round < KILLS; round += 1) {
      const deviceName = `survivor-${round}`;
      const deviceCode = await approved(deviceName);

      const asking = inParallel(20, (index) => ask(deviceCode, index).catch(() => null));
      // Each round a little later in the work of the process.
      await passed(round * 6);
      await fleet.all[1].kill();
      const answers = await asking;
      // Whether the killed process committed is known now; if it did not, the key is still to be had.
      const late = await ask(deviceCode, 0);

      const given = [...answers, late].filter((answer) => answer?.status === 200).length;
      expect(given).toBeLessThanOrEqual(1);
      expect(await keysCalled(deviceName)).toBe(1);
      expect(
        await inspector.count(`pairings WHERE device_name = $1 AND status = 'claimed'`, [deviceName]),
      ).toBe(1);
      await fleet.all[1].start();
    }
  });

  async function started(deviceName: string): Promise<{ deviceCode: string; userCode: string }> {
    return (await expecting(200, fleet.http().post('/auth/pair/start', { deviceName }))) as {
      deviceCode: string;
      userCode: string;
    };
  }

  async function approved(deviceName: string): Promise<string> {
    const { deviceCode, userCode } = await started(deviceName);
    await expecting(200, grace.http.post('/auth/pair/confirm', { userCode }));
    return deviceCode;
  }

  const ask = (deviceCode: string, turn: number) => fleet.http(turn).post('/auth/pair/token', { deviceCode });
  const keysCalled = (name: string) =>
    inspector.count('api_keys WHERE name = $1 AND owner_id = $2', [name, grace.id]);
});

const passed = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
