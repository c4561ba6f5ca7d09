import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { HttpClient } from '../support/http-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Fleet } from '../support/processes.js';
import { deadAddress, Machine, type RunningCommand } from './reeve.js';

/** The service and the command as two processes, as they are on two machines. */
describe('reeve login', () => {
  let database: TestDatabase;
  let fleet: Fleet;
  let admin: HttpClient;
  let machine: Machine;
  let server: string;
  /** Both wait for the same five seconds. */
  let confirmed: RunningCommand;
  let denied: RunningCommand;
  let stranger: Machine;

  beforeAll(async () => {
    database = await createTestDatabase();
    fleet = await Fleet.start({ database, size: 1 });
    admin = await fleet.admin();
    server = fleet.all[0].url;
    machine = new Machine();
    stranger = new Machine();
    confirmed = machine.start(['login', '--server', `${server}/`, '--name', 'ada-laptop']);
    denied = stranger.start(['login', '--server', server]);
    await admin.post('/auth/pair/deny', { userCode: await codeFrom(denied) });
  });
  afterAll(async () => {
    await machine?.remove();
    await stranger?.remove();
    await fleet?.stop();
    await database?.drop();
  });

  const codeFrom = (login: RunningCommand) => login.said(/[B-Z]{4}-[B-Z]{4}/);

  it('shows a code, waits for it to be confirmed, and keeps the key where only its owner reads it', async () => {
    const userCode = await codeFrom(confirmed);
    expect(await confirmed.said(/http\S+/)).toBe(`${server}/pair`);
    expect((await admin.post('/auth/pair/confirm', { userCode })).body).toMatchObject({
      deviceName: 'ada-laptop',
      userAgent: 'reeve-cli',
      status: 'approved',
    });

    const { code, stderr } = await confirmed.ended;

    expect(code).toBe(0);
    expect(statSync(machine.loginFile).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(machine.loginFile)).mode & 0o777).toBe(0o700);
    const stored = JSON.parse(readFileSync(machine.loginFile, 'utf8'));
    expect(stored).toMatchObject({ server, name: 'ada-laptop', key: expect.stringMatching(/^rv_usr_/) });
    expect(stderr).not.toContain(stored.key);
    const { stdout } = await machine.run(['whoami']);
    expect(stdout).toBe(`ada (user ${(await admin.get('/auth/me')).body.principal.id}) at ${server}\n`);
  });

  it('shows the key to no other server, and not at all when others may read it', async () => {
    const elsewhere = await machine.run(['whoami'], { env: { REEVE_SERVER: 'http://127.0.0.1:1' } });
    expect([elsewhere.code, elsewhere.stderr]).toEqual([1, expect.stringContaining('reeve login --server')]);

    chmodSync(machine.loginFile, 0o644);
    const open = await machine.run(['whoami']);
    expect([open.code, open.stderr]).toEqual([1, expect.stringContaining('chmod 600')]);
    chmodSync(machine.loginFile, 0o600);
  });

  it('gives way to a token in the environment', async () => {
    const env = { REEVE_SERVER: server, REEVE_TOKEN: await fleet.adminToken() };
    expect((await stranger.run(['whoami'], { env })).stdout).toContain(`at ${server}`);
    const wrong = await machine.run(['whoami'], { env: { REEVE_TOKEN: 'rv_usr_wrong' } });
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('run reeve login')]);
  });

  it('ends when the code is denied, and leaves no login behind', async () => {
    const { code, stderr } = await denied.ended;

    expect([code, stderr]).toEqual([1, expect.stringContaining('denied')]);
    expect(existsSync(stranger.loginFile)).toBe(false);
  });

  it('says in words what is wrong with a server', async () => {
    for (const [url, words] of [
      [await deadAddress(), 'cannot be asked: ECONNREFUSED'],
      ['nonsense', 'is no address'],
      ['ftp://example.org', 'is no address of a server'],
    ]) {
      const { code, stderr } = await machine.run(['login', '--server', url]);
      expect([code, stderr]).toEqual([1, expect.stringContaining(words)]);
    }
  });

  it('is undone by logout, which says how to end the key itself', async () => {
    const { keyId } = JSON.parse(readFileSync(machine.loginFile, 'utf8'));
    const { code, stderr } = await machine.run(['logout']);

    expect([code, stderr]).toEqual([0, expect.stringContaining(`/auth/api-keys/${keyId}`)]);
    expect(existsSync(machine.loginFile)).toBe(false);
    const after = await machine.run(['whoami']);
    expect([after.code, after.stderr]).toEqual([1, expect.stringContaining('run reeve login')]);
  });
});
