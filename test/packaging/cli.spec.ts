import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { exported, Files, linesOf } from '../audit/exported-log.js';
import { SealedLog } from '../audit/sealed-log.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { SHARED_SECRET_KEY } from '../support/processes.js';

const CLI = resolve(import.meta.dirname, '../..', process.env.REEVE_DIST ?? 'dist', 'src/cli.js');
const files = new Files();
let directory: string;
let database: TestDatabase;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'reeve-cli-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database?.drop();
  rmSync(directory, { recursive: true });
  files.remove();
});

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command as somebody types it, with the settings of the service in its environment. */
async function reeve(args: string, stdin = '', environment: Record<string, string> = {}): Promise<Run> {
  const child = spawn(process.execPath, [CLI, ...args.split(' ')], {
    cwd: directory,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      DATABASE_URL: database.runtimeUrl,
      REEVE_MIGRATION_DATABASE_URL: database.ownerUrl,
      REEVE_SECRET_KEY: SHARED_SECRET_KEY,
      REEVE_DATA_DIR: directory,
      ...environment,
    },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.end(stdin);
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

it('explains itself', async () => {
  const [help, group, version, fromFiles] = await Promise.all([
    reeve('--help'),
    reeve('help audit'),
    reeve('--version'),
    // Then the compiled files run, and not the bundle.
    reeve('--version', '', { NODE_OPTIONS: '--enable-source-maps' }),
  ]);
  expect(help).toMatchObject({ code: 0, err: '' });
  for (const command of ['migrate', 'admin', 'keys', 'audit'])
    expect(help.out).toMatch(new RegExp(`^ +${command}`, 'm'));
  for (const command of ['verify', 'prove', 'consistency'])
    expect(group.out).toMatch(new RegExp(`^ +${command}`, 'm'));
  expect(version.out).toMatch(/^\d+\.\d+\.\d+$/m);
  expect(fromFiles).toEqual(version);
});

it.each([
  'nonsense',
  'audit verify --nonsense',
  'audit verify --export /nonexistent',
  'audit verify --trusted-key /nonexistent',
  'audit verify --tenant 7',
  'audit consistency 0',
  'audit consistency 2 1',
  'admin create',
])('answers wrong usage (%s) with 64', async (args) => {
  const { code, out, err } = await reeve(args);
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(err).not.toBe('');
});

it('exports to a new file, and neither over another one nor to where none can be', async () => {
  const file = join(directory, 'log.ndjson');
  expect(await reeve(`audit export --to ${file}`)).toMatchObject({ code: 0, out: '', err: '' });
  const first = readFileSync(file, 'utf8');
  expect(first).toContain('"format":"reeve-audit/1"');
  const [again, nowhere] = await Promise.all([
    reeve(`audit export --to ${file}`),
    reeve('audit export --to /nonexistent/log.ndjson'),
  ]);
  expect(again).toEqual({
    code: 64,
    out: '',
    err: `reeve: The file ${file} cannot be written: it exists already.\n`,
  });
  expect(nowhere).toMatchObject({ code: 64, err: expect.stringMatching(/^reeve: The file .+\n$/) as string });
  expect(readFileSync(file, 'utf8')).toBe(first);
});

it('says what is wrong with the settings', async () => {
  const { code, err } = await reeve('migrate', '', { REEVE_ROLE: 'boss' });
  expect(code).toBe(1);
  expect(err).toContain('REEVE_ROLE');
});

it('brings the schema up to date', async () => {
  expect(await reeve('migrate')).toMatchObject({ code: 0, out: 'The schema is up to date.\n' });
});

it('creates administrators, whose passwords come by standard input and follow the rules', async () => {
  const weak = await reeve('admin create --email ada@example.com', 'password1234\n');
  expect(weak).toMatchObject({ code: 1, out: '' });
  expect(weak.err).not.toContain('password1234');
  const [first, second] = [
    await reeve('admin create --email ada@example.com', 'copper kettle sings at dawn\n'),
    await reeve('admin create --email ada@example.com --username grace', 'seven quiet herons wading\n'),
  ];
  expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/^[0-9a-f-]{36}\n$/) as string });
  expect(second).toMatchObject({ code: 1, out: '' });
  expect(second.err).toMatch(/^reeve: Another user has this mail address.+\.\n$/);
  const mistyped = await reeve('admin create --email ada@example', 'copper kettle sings at dawn\n');
  expect(mistyped).toEqual({
    code: 1,
    out: '',
    err: expect.stringMatching(/^reeve: email must be an email address\.[^.]*\.\n$/) as string,
  });
});

it('rotates keys, proves, verifies', async () => {
  const log = await SealedLog.open(database);
  await log.append(5);
  await log.close();
  const rotated = await reeve('keys rotate');
  expect(rotated).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^tokens: \S+\naudit: [0-9a-f]{64}\n$/) as string,
  });
  const sealed = await SealedLog.open(database, SHARED_SECRET_KEY);
  await sealed.seal();
  await sealed.close();
  const client = new pg.Client(database.ownerUrl);
  await client.connect();
  const whole = await exported(client, DEFAULT_TENANT_ID);
  await client.end();
  const file = files.write(linesOf(whole));
  const keys = files.write(`${whole.keys[0].vkey}\n`);
  const checkpoint = files.write(whole.checkpoints[0].note);

  const [online, offline, proof, consistency] = await Promise.all([
    reeve(`audit verify --trusted-key ${keys} --checkpoint ${checkpoint} --json`),
    reeve(`audit verify --export ${file}`, '', { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' }),
    reeve('audit prove 1'),
    reeve('audit consistency 1'),
  ]);
  expect({ ...online, out: JSON.parse(online.out) as unknown }).toMatchObject({
    code: 0,
    out: { exitCode: 0, keysPinned: true, logs: [{ entries: whole.entries.length }] },
  });
  expect(offline.code).toBe(0);
  expect(offline.out).toContain('keys not pinned');
  expect(JSON.parse(proof.out)).toMatchObject({ seq: 1, entryId: whole.entries[1].id });
  expect(JSON.parse(consistency.out)).toMatchObject({ from: 1, to: whole.entries.length });

  const [first, second, ...rest] = whole.entries;
  const damaged = files.write(
    linesOf({ ...whole, entries: [first, { ...second, outcome: 'denied' }, ...rest] }),
  );
  const found = await reeve(`audit verify --export ${damaged}`);
  expect(found.code).toBe(2);
  expect(found.out).toContain('content mismatch, first bad seq 1');
});
