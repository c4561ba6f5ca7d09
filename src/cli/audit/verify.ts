import { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import {
  type Evidence,
  OutsideCheckpoints,
  textOf,
  trustedKeyIds,
  UsageError,
  verifyDatabase,
  type VerificationReport,
  verifyExport,
} from '../../modules/audit/index.js';
import { connectedToDatabase } from '../database.js';
import { tenantId } from '../arguments.js';

interface VerifyOptions {
  readonly export?: string;
  readonly trustedKey?: string;
  readonly checkpoint?: string;
  readonly tenant?: string;
  readonly json?: boolean;
}

export function verifyCommand(): Command {
  return new Command('verify')
    .description('Check that the audit log is whole and unchanged')
    .option('--export <file>', 'check this export instead of the database; nothing but the file is asked')
    .option('--trusted-key <file>', 'accept signatures by these keys and their endorsed successors only')
    .option(
      '--checkpoint <file>',
      'the log has to agree with the checkpoints in this file, such as an anchor',
    )
    .option('--tenant <id>', 'check the log of this tenant only', tenantId)
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing found, 1 could not be checked, 2 content mismatch, 3 gap or reorder, 4 truncated,\n5 bad or unknown signature, 6 fork, 64 wrong usage. The first finding decides; docs/audit-format.md has the order.',
    )
    .action(async (options: VerifyOptions) => {
      const report = await verify(options);
      process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : textOf(report));
      process.exitCode = report.exitCode;
    });
}

async function verify(options: VerifyOptions): Promise<VerificationReport> {
  const evidence = await evidenceOf(options);
  if (options.export === undefined)
    return connectedToDatabase((client) => verifyDatabase(client, evidence, options.tenant ?? null));
  if (options.tenant !== undefined)
    throw new UsageError('--tenant is for the database; an export is of one tenant.');
  return verifyExport(options.export, evidence);
}

async function evidenceOf({ trustedKey, checkpoint }: VerifyOptions): Promise<Evidence> {
  return {
    trustedKeys: trustedKey === undefined ? null : trustedKeyIds(await textIn(trustedKey)),
    checkpoints:
      checkpoint === undefined ? OutsideCheckpoints.none : OutsideCheckpoints.in(await textIn(checkpoint)),
  };
}

async function textIn(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}
