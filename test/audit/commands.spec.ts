import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EventLog } from '../../src/kernel/events/index.js';
import { asPrincipal, principalLike } from '../support/kernel-app.js';
import { SHARED_SECRET_KEY } from '../support/processes.js';
import { KiteFlown, SealedLog } from './sealed-log.js';

const CLI = resolve(import.meta.dirname, '../..', process.env.REEVE_DIST ?? 'dist', 'src/cli.js');
const grace = randomUUID();
let log: SealedLog;
let directory: string;

beforeAll(async () => {
  log = await SealedLog.open();
  directory = mkdtempSync(join(tmpdir(), 'reeve-commands-'));
  await asPrincipal(principalLike({ id: grace, name: 'grace' }), () =>
    log.kernel.app.get(EventLog).append(new KiteFlown({ resourceId: 'one', detail: { height: 1 } })),
  );
  await log.grow(10);
  await log.tamper(`UPDATE audit_checkpoints SET created_at = created_at - interval '2 days'`);
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await log?.close();
});

function reeve(...args: string[]): Promise<{ code: number; output: string; complaint: string }> {
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: log.kernel.database.runtimeUrl,
    REEVE_MIGRATION_DATABASE_URL: log.kernel.database.ownerUrl,
    REEVE_SECRET_KEY: SHARED_SECRET_KEY,
    REEVE_DATA_DIR: directory,
  };
  return new Promise((done) => {
    execFile(process.execPath, [CLI, ...args], { cwd: directory, env }, (error, output, complaint) =>
      done({ code: Number(error?.code ?? 0), output, complaint }),
    );
  });
}

it('reeve audit export writes a file that reeve audit verify accepts, and overwrites none', async () => {
  const file = join(directory, 'export.ndjson');
  expect(await reeve('audit', 'export', '--to', file)).toMatchObject({ code: 0, complaint: '' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await reeve('audit', 'verify', '--export', file)).toMatchObject({ code: 0 });
  expect(await reeve('audit', 'export', '--to', file)).toMatchObject({ code: 64 });
  const csv = await reeve('audit', 'export', '--format', 'csv');
  expect(csv.output.split('\r\n').length).toBeGreaterThan(10);
});

it('reeve audit erase takes a person out, and needs to be told whom', async () => {
  expect(await reeve('audit', 'erase', '--user', grace)).toMatchObject({
    code: 0,
    output: 'Erased the personal part of 1 entries.\n',
  });
  expect(await reeve('audit', 'erase')).toMatchObject({ code: 64 });
  expect(await reeve('audit', 'erase', '--user', 'grace')).toMatchObject({ code: 64 });
});

it('reeve audit prune moves what is old into files, when it is told how old', async () => {
  expect(await reeve('audit', 'prune')).toMatchObject({ code: 64 });
  const pruned = await reeve('audit', 'prune', '--keep-days', '1', '--to', join(directory, 'kept'));
  expect(pruned).toMatchObject({ code: 0, complaint: '' });
  const path = pruned.output.trim();
  expect(existsSync(path)).toBe(true);
  expect(readFileSync(path, 'utf8')).toContain('"personal":null');
  await log.seal();
  expect(await reeve('audit', 'verify')).toMatchObject({ code: 0 });
});
