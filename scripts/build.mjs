/**
 * Compiles into `dist`, whole or not at all: the compiler writes to a directory beside it that takes its place at the
 * end. A build that is killed changes nothing, and processes that run from `dist` never see half of one.
 *
 *   node scripts/build.mjs
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { bundle } from './bundle.mjs';

const root = resolve(import.meta.dirname, '..');
const entry = join(root, 'dist/src/main.js');
const sources = [
  'src',
  'migrations',
  'package.json',
  'package-lock.json',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build.mjs',
  'scripts/bundle.mjs',
];

export const builtEntry = entry;

/** Whether there is a build that is not older than any source. */
export function isBuilt() {
  const built = statSync(entry, { throwIfNoEntry: false });
  return built !== undefined && sources.every((source) => newestIn(join(root, source)) <= built.mtimeMs);
}

export function hasBuild() {
  return statSync(entry, { throwIfNoEntry: false }) !== undefined;
}

/** Whether the compiler is installed; `npm ci --omit=dev` leaves it out. */
export function canBuild() {
  return nestCommand() !== null;
}

/** @returns {Promise<string | null>} null, or what the compiler had to say against it */
export async function build() {
  removeAbandoned();
  const started = new Date();
  const target = join(root, `dist-build-${process.pid}`);
  const configuration = join(root, `dist-config-${process.pid}`);
  try {
    // Nest takes the output directory from the TypeScript configuration, and empties it before it begins.
    mkdirSync(configuration);
    writeFileSync(
      join(configuration, 'tsconfig.json'),
      JSON.stringify({ extends: '../tsconfig.build.json', compilerOptions: { outDir: target } }),
    );
    const args = [nestCommand(), 'build', '--path', relative(root, join(configuration, 'tsconfig.json'))];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    if (status !== 0) return `${stdout}${stderr}`.trim() || 'The compiler was killed.';
    await bundle(target).catch(({ message }) => {
      rmSync(join(target, 'bundle'), { recursive: true, force: true });
      console.warn(`There is no bundle, so every start takes some seconds longer: ${message}`);
    });
    // What was changed while the compiler ran is newer than this build.
    utimesSync(join(target, 'src/main.js'), started, started);
    // The compiler's files cannot be run by their name.
    chmodSync(join(target, 'src/cli.js'), 0o755);
    putInPlace(target);
    return null;
  } finally {
    rmSync(configuration, { recursive: true, force: true });
    rmSync(target, { recursive: true, force: true });
  }
}

function putInPlace(target) {
  const former = join(root, `dist-former-${process.pid}`);
  try {
    renameSync(join(root, 'dist'), former);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  try {
    renameSync(target, join(root, 'dist'));
  } catch (error) {
    // Two builds at once: the other one's is as good.
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code) || !hasBuild()) throw error;
  }
  rmSync(former, { recursive: true, force: true });
}

/**
 * What builds that were killed left behind. Their compiler may not have ended with them and still write: what cannot be
 * removed now is removed by a later build.
 */
function removeAbandoned() {
  for (const name of readdirSync(root)) {
    const pid = /^dist-(?:build|config|former)-(\d+)$/.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    try {
      rmSync(join(root, name), { recursive: true, force: true });
    } catch (error) {
      if (error.code !== 'ENOTEMPTY') throw error;
    }
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The newest change in a file or a tree, in ms; directories count, since theirs is when a file was removed. */
function newestIn(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return readdirSync(path).reduce(
    (newest, name) => Math.max(newest, newestIn(join(path, name))),
    found.mtimeMs,
  );
}

function nestCommand() {
  try {
    return createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');
  } catch {
    return null;
  }
}

if (process.argv[1] === import.meta.filename) {
  const complaint = canBuild() ? await build() : 'The compiler is not installed: run npm ci.';
  if (complaint !== null) {
    console.error(complaint);
    process.exitCode = 1;
  }
}
