import { randomBytes } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, readFile, realpath, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { run } from './command.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { codeOf, exists, readIfPresent } from './file-system.js';
import type { ServerAccount } from './server-account.js';

export interface ServerBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
  /** `18`: only this major version can open the files it wrote. */
  readonly majorVersion: string;
}

const require = createRequire(import.meta.url);

/**
 * The programs of the installed platform package, ready to be run by the account.
 * @param home where a copy may be put when the package cannot be used in place; the account can enter it.
 */
export async function findServerBinaries(account: ServerAccount, home: string): Promise<ServerBinaries> {
  const installed = await installedPackage();
  await linkLibraries(installed.native);
  const inPlace = await tryBinaries(installed.native, account);
  if (typeof inPlace !== 'string') return inPlace;

  // Seen: node_modules below root's 0700 home, and installed by another user without the library links.
  const copy = join(home, `postgresql-${installed.version}-${process.platform}-${process.arch}`);
  await copyOnce(installed.native, copy);
  const copied = await tryBinaries(join(copy, 'native'), account);
  if (typeof copied !== 'string') return copied;
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL does not run on this machine: ${copied} Set DATABASE_URL to a PostgreSQL 15 or later.`,
  );
}

async function installedPackage(): Promise<{ native: string; version: string }> {
  const system = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform as string];
  const name = `@embedded-postgres/${system ?? process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for this installation: the package ${name} is missing. ` +
        'Set DATABASE_URL to a PostgreSQL 15 or later, or install the dependencies again with the optional ones.',
    );
  }
  const root = resolve(dirname(await realpath(entry)), '..');
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return { native: join(root, 'native'), version };
}

/** npm packages cannot hold symbolic links; the list of those the server needs comes along and is made real here. */
async function linkLibraries(native: string): Promise<void> {
  for (const link of await libraryLinks(native)) {
    try {
      await symlink(link.to, link.path);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') continue;
      // Not ours to write: the copy will have them.
      if (['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '')) return;
      throw error;
    }
  }
}

async function libraryLinks(native: string): Promise<{ path: string; to: string }[]> {
  const list = await readIfPresent(join(native, 'pg-symlinks.json'));
  if (list === null) return [];
  const links = JSON.parse(list) as { source: string; target: string }[];
  // Both paths begin with `native/` and share their directory.
  return links.map(({ source, target }) => ({
    path: resolve(native, '..', target),
    to: basename(source),
  }));
}

/** The programs, or the reason why the account cannot run them. */
async function tryBinaries(native: string, account: ServerAccount): Promise<ServerBinaries | string> {
  for (const link of await libraryLinks(native)) {
    const present = await lstat(link.path).catch(() => null);
    if (present === null) return `The library link ${link.path} is missing.`;
  }
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const [postgres, initdb, pgCtl] = ['postgres', 'initdb', 'pg_ctl'].map((name) =>
    join(native, 'bin', name + suffix),
  );
  const probes = await Promise.all([postgres, initdb].map((program) => run(program, ['--version'], account)));
  const failure = probes.find(({ code }) => code !== 0);
  const majorVersion = / (\d+)/.exec(probes[0].stdout)?.[1];
  if (failure || !majorVersion) return `${failure?.stderr.trim() ?? 'it gives no version'}.`;
  return { postgres, initdb, pgCtl, majorVersion };
}

async function copyOnce(native: string, copy: string): Promise<void> {
  if (await exists(copy)) return;
  const draft = `${copy}.${randomBytes(6).toString('hex')}`;
  await mkdir(draft, { mode: 0o755 });
  try {
    // `native/` is part of every path in the list of links.
    await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    await linkLibraries(join(draft, 'native'));
    await makeReadable(draft);
    await rename(draft, copy);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(copy))) throw error;
  }
}

/** A strict umask at installation leaves files that only their owner can read. */
async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else if (entry.isFile()) await chmod(path, (await lstat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}
