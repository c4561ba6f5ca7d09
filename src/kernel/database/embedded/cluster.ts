import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { overwrite } from './file-system.js';
import type { Passwords } from './passwords.js';
import { giveTo, type ServerAccount } from './server-account.js';
import type { ServerBinaries } from './server-binaries.js';

export const SUPERUSER = 'postgres';
export const OWNER_ROLE = 'reeve_owner';
export const APP_ROLE = 'reeve_app';
export const DATABASE_NAME = 'reeve';

/** Makes the files of a new database with its roles. It appears under its name only when it is complete. */
export async function createCluster(
  cluster: string,
  account: ServerAccount,
  binaries: ServerBinaries,
  passwords: Passwords,
): Promise<void> {
  const draft = `${cluster}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await giveTo(account, draft);
  const { code, stderr } = await run(
    binaries.initdb,
    [
      ...['-D', draft, '-U', SUPERUSER, '--encoding=UTF8', '--no-instructions'],
      // Unicode letters, code point order, and the same on every system whatever its locales.
      ...['--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      // Nobody may connect before the passwords are set and the rule below stands.
      '--auth=reject',
    ],
    account,
  );
  if (code !== 0)
    throw new EmbeddedPostgresError(`The embedded database could not be created: ${stderr.trim()}`);
  await overwrite(join(draft, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
  await singleUser(draft, account, binaries, [
    `CREATE ROLE ${OWNER_ROLE};`,
    `CREATE ROLE ${APP_ROLE};`,
    ...settingPasswords(passwords),
    `CREATE DATABASE ${DATABASE_NAME} OWNER ${OWNER_ROLE};`,
    `REVOKE ALL ON DATABASE ${DATABASE_NAME} FROM PUBLIC;`,
    `GRANT CONNECT ON DATABASE ${DATABASE_NAME} TO ${APP_ROLE};`,
  ]);
  await rename(draft, cluster);
}

/** For a cluster whose passwords were lost; the server must not be running. */
export async function resetPasswords(
  cluster: string,
  account: ServerAccount,
  binaries: ServerBinaries,
  passwords: Passwords,
): Promise<void> {
  await singleUser(cluster, account, binaries, settingPasswords(passwords));
}

function settingPasswords({ superuser, owner, app }: Passwords): string[] {
  const plain = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';
  return [
    `ALTER ROLE ${SUPERUSER} PASSWORD '${superuser}';`,
    `ALTER ROLE ${OWNER_ROLE} ${plain} PASSWORD '${owner}';`,
    `ALTER ROLE ${APP_ROLE} ${plain} PASSWORD '${app}';`,
  ];
}

/** @throws EmbeddedPostgresError when another major version of PostgreSQL wrote these files. */
export async function requireSameVersion(cluster: string, binaries: ServerBinaries): Promise<void> {
  const version = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  if (version === binaries.majorVersion) return;
  throw new EmbeddedPostgresError(
    `The database in ${cluster} was made by PostgreSQL ${version}, and the embedded server is ${binaries.majorVersion}. ` +
      `Run it with the version of Reeve that made it, or with PostgreSQL ${version} and DATABASE_URL, and move the data.`,
  );
}

/** SQL without a server: a statement per line, the first error ends it. */
async function singleUser(
  cluster: string,
  account: ServerAccount,
  binaries: ServerBinaries,
  statements: readonly string[],
): Promise<void> {
  // Our statements hold passwords: a failed one must not be repeated in the message.
  const options = ['exit_on_error=on', 'log_checkpoints=off', 'log_min_error_statement=panic'];
  const args = ['--single', '-D', cluster, ...options.flatMap((option) => ['-c', option]), 'postgres'];
  const { code, stderr } = await run(binaries.postgres, args, account, `${statements.join('\n')}\n`);
  if (code !== 0) {
    throw new EmbeddedPostgresError(`The roles of the embedded database could not be set: ${stderr.trim()}`);
  }
}
