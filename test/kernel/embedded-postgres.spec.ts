import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type LaunchedDatabase, LauncherCopy } from '../support/embedded-launcher.js';

const NOBODY = { uid: 65534, gid: 65534 };
const isRoot = process.getuid?.() === 0;
const withContainers =
  spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0 ? describe : describe.skip;
const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('The embedded PostgreSQL', () => {
  let home: string;
  let launcher: LauncherCopy;
  let dataDir: string;
  const launched: LaunchedDatabase[] = [];

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'reeve-embedded-'));
    await chmod(home, 0o755);
    launcher = new LauncherCopy(join(home, 'launcher'));
    launcher.installPackage();
    dataDir = join(home, 'data');
    const first = start();
    await first.running();
    await first.stop();
  });

  afterEach(async () => {
    await Promise.all(launched.splice(0).map((database) => database.kill()));
  });

  afterAll(async () => {
    await eventually(async () => !(await isServed(dataDir)));
    await rm(home, { recursive: true, force: true });
  });

  function start(directory = dataDir, user?: typeof NOBODY): LaunchedDatabase {
    const database = launcher.start(directory, user);
    launched.push(database);
    return database;
  }

  it('keeps its data', async () => {
    const first = start();
    const { ownerUrl } = await first.running();
    await query(ownerUrl, 'CREATE TABLE kept (value text)');
    await query(ownerUrl, "INSERT INTO kept VALUES ('still here')");
    await first.stop();

    const second = start();

    expect(await query((await second.running()).ownerUrl, 'SELECT value FROM kept')).toEqual([
      { value: 'still here' },
    ]);
  });

  it('gives the application a role that cannot change the schema', async () => {
    const { runtimeUrl } = await start().running();

    expect(
      await query(runtimeUrl, 'SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user'),
    ).toEqual([{ rolname: 'reeve_app', rolsuper: false }]);
    await expect(query(runtimeUrl, 'CREATE TABLE mine (id integer)')).rejects.toThrow('permission denied');
  });

  it('asks for a password, listens on the loopback address alone and syncs to disk', async () => {
    const { ownerUrl } = await start().running();

    await expect(query(ownerUrl.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password');
    const settings = ['fsync', 'listen_addresses', 'TimeZone', 'synchronous_commit', 'password_encryption'];
    const shown = await Promise.all(settings.map((name) => query(ownerUrl, `SHOW ${name}`)));
    expect(Object.assign({}, ...shown.flat())).toEqual({
      fsync: 'on',
      listen_addresses: '127.0.0.1',
      TimeZone: 'UTC',
      synchronous_commit: 'on',
      password_encryption: 'scram-sha-256',
    });
  });

  it('tells its addresses to other processes of the user, only while it runs', async () => {
    const database = start();
    const { runtimeUrl, ownerUrl } = await database.running();
    const files = ['database.url', 'database.owner.url'].map((name) => join(dataDir, name));

    expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual([
      `${runtimeUrl}\n`,
      `${ownerUrl}\n`,
    ]);
    for (const file of [...files, join(dataDir, 'postgres.passwords.json')]) {
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    }
    await database.stop();
    expect(files.map((file) => existsSync(file))).toEqual([false, false]);
  });

  it('refuses a second start on the same directory and says how to join', async () => {
    const first = start();
    await first.running();

    const failure = await start().failure();

    expect(failure).toContain(`Process ${first.pid} already runs the database`);
    expect(failure).toContain('DATABASE_URL');
    expect(failure).toContain(join(dataDir, 'database.url'));
  });

  it('leaves no server behind when its process is killed', async () => {
    const database = start();
    await database.running();

    await database.kill();

    await eventually(async () => !(await isServed(dataDir)));
  });

  it('starts at once after a kill, with everything that was acknowledged', async () => {
    const killed = start();
    const { ownerUrl } = await killed.running();
    await query(ownerUrl, 'CREATE TABLE acknowledged AS SELECT 1 AS value');
    await killed.kill();

    const next = await start().running();

    expect(await query(next.ownerUrl, 'SELECT value FROM acknowledged')).toEqual([{ value: 1 }]);
  });

  it('waits for the server of a killed process to end', async () => {
    const killed = start();
    await killed.running();
    const server = await serverOf(dataDir);
    process.kill(server, 'SIGSTOP');
    await killed.kill();

    const next = start();
    await eventually(async () => next.logged.length > 0);
    process.kill(server, 'SIGCONT');

    await next.running();
    expect(next.logged[0]).toContain(`process ${server}`);
  });

  it('starts although another process has the number of its former server', async () => {
    const database = start();
    await database.running();
    const text = await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8');
    await database.stop();
    await writeFile(join(dataDir, 'postgres/postmaster.pid'), text.replace(/^\d+/, String(process.pid)));

    await expect(start().running()).resolves.toBeDefined();
  });

  it('comes back on the same address when the server dies', async () => {
    const database = start();
    const { runtimeUrl } = await database.running();

    process.kill(await serverOf(dataDir), 'SIGKILL');

    await eventually(async () => (await query(runtimeUrl, 'SELECT 1 AS one')).length === 1);
    expect(database.logged[0]).toContain('ended unexpectedly (signal SIGKILL)');
    await database.stop();
    expect(await isServed(dataDir)).toBe(false);
  });

  it('does not hear a Ctrl-C that is meant for the application', async () => {
    const database = start();
    const { runtimeUrl } = await database.running();

    database.interruptGroup();
    await sleep(200);

    expect(await query(runtimeUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('sets new passwords when theirs are lost', async () => {
    await rm(join(dataDir, 'postgres.passwords.json'));

    const { ownerUrl } = await start().running();

    expect(await query(ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses the files of another major version', async () => {
    const version = join(dataDir, 'postgres/PG_VERSION');
    const original = await readFile(version);
    await writeFile(version, '14\n');

    expect(await start().failure()).toContain('was made by PostgreSQL 14');
    await writeFile(version, original);
  });

  it('points to DATABASE_URL where there is no server for the platform', async () => {
    const bare = new LauncherCopy(join(home, 'bare'));

    expect(await bare.start(join(home, 'bare-data')).failure()).toContain('Set DATABASE_URL');
  });

  withContainers('shared by two containers', () => {
    it('is run by one of them, and the other one says why it does not start', async () => {
      const inside = launcher.startInContainer(dataDir);
      launched.push(inside);
      const { ownerUrl } = await inside.running();
      await query(ownerUrl, 'CREATE TABLE shared AS SELECT 1 AS value');

      const another = launcher.startInContainer(dataDir);
      launched.push(another);
      expect(await another.failure()).toContain('probably in another container');

      expect(await query(ownerUrl, 'SELECT value FROM shared')).toEqual([{ value: 1 }]);
      // The one outside waits a moment for servers that are ending, and does not wait in vain.
      const outside = start();
      await sleep(500);
      await inside.kill();
      const { ownerUrl: after } = await outside.running();
      expect(await query(after, 'SELECT value FROM shared')).toEqual([{ value: 1 }]);
    }, 60_000);
  });

  (isRoot ? describe : describe.skip)('started by root', () => {
    it('runs as an unprivileged user', async () => {
      await start().running();

      expect((await stat(`/proc/${await serverOf(dataDir)}`)).uid).toBe(NOBODY.uid);
    });

    it('lives elsewhere when that user cannot reach the directory, whose permissions stay', async () => {
      const closed = join(home, 'closed');
      await mkdir(closed, { mode: 0o700 });

      const database = start(closed);
      const { ownerUrl } = await database.running();
      const cluster = (await readFile(join(closed, 'postgres.path'), 'utf8')).trim();
      try {
        expect(cluster).toMatch(/^\/var\/lib\/reeve\/[0-9a-f]{64}$/);
        expect((await stat(closed)).mode & 0o777).toBe(0o700);
        await query(ownerUrl, 'CREATE TABLE elsewhere AS SELECT 1 AS value');
        await database.stop();
        const again = start(closed);
        expect(await query((await again.running()).ownerUrl, 'SELECT value FROM elsewhere')).toHaveLength(1);
        await again.stop();
      } finally {
        await Promise.all(
          ['', '.log', '.lock', '.flock'].map((end) => rm(cluster + end, { recursive: true, force: true })),
        );
      }
    });

    it('runs for a normal user from packages that the user cannot write', async () => {
      const own = join(home, 'own');
      await mkdir(own);
      await chown(own, NOBODY.uid, NOBODY.gid);
      const fresh = new LauncherCopy(join(home, 'fresh'));
      fresh.installPackage();
      const database = fresh.start(join(own, 'data'), NOBODY);
      launched.push(database);

      const { runtimeUrl } = await database.running();

      expect(await query(runtimeUrl, 'SELECT current_user')).toEqual([{ current_user: 'reeve_app' }]);
      await database.stop();
    });
  });
});

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function serverOf(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function isServed(dataDir: string): Promise<boolean> {
  const pid = await serverOf(dataDir).catch(() => null);
  try {
    return pid !== null && process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await condition().catch(() => false)) return;
    await sleep(50);
  }
  throw new Error('It did not happen within 10 seconds.');
}
