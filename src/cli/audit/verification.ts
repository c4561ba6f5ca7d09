import { readFile } from 'node:fs/promises';
import {
  type Evidence,
  OutsideCheckpoints,
  trustedKeyIds,
  UsageError,
  verifyDatabase,
  type VerificationReport,
  verifyExport,
} from '../../modules/audit/index.js';
import { connectedToDatabase } from '../database.js';

export { textOf } from '../../modules/audit/index.js';

export interface VerifyOptions {
  readonly export?: string;
  readonly trustedKey?: string;
  readonly checkpoint?: string;
  readonly tenant?: string;
  readonly json?: boolean;
}

export async function verify(options: VerifyOptions): Promise<VerificationReport> {
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
