import { Command, Option } from 'commander';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { DEFAULT_TENANT_ID } from '../../kernel/operation/tenant.js';
import { seq, tenantId } from '../arguments.js';

const FORMATS = ['ndjson', 'json', 'csv'] as const;

interface ExportOptions {
  readonly tenant: string;
  readonly format: (typeof FORMATS)[number];
  readonly fromSeq?: number;
  readonly toSeq?: number;
  readonly to?: string;
}

export function exportCommand(): Command {
  return new Command('export')
    .description('Write the audit log to a file or to standard output')
    .addOption(new Option('--format <format>', 'ndjson can be verified').choices(FORMATS).default('ndjson'))
    .option('--tenant <id>', 'tenant of the log', tenantId, DEFAULT_TENANT_ID)
    .option('--from-seq <n>', 'from this place in the log on', seq)
    .option('--to-seq <n>', 'up to this place; ndjson goes on to the next checkpoint', seq)
    .option('--to <file>', 'a new file; standard output when left out')
    .action(async ({ tenant, format, fromSeq, toSeq, to }: ExportOptions) => {
      const { AuditExports } = await import('../../modules/audit/index.js');
      const { withApplication } = await import('../application.js');
      const output = to === undefined ? process.stdout : (await newFile(to)).createWriteStream();
      await withApplication(async (app) => {
        const { content } = await app
          .get(AuditExports)
          .begin({ format, fromSeq, toSeq }, { tenantId: tenant });
        await pipeline(content, output, { end: to !== undefined });
      });
    });
}

/** Neither is a file overwritten, nor is it for others to read. */
async function newFile(path: string): Promise<FileHandle> {
  const { UsageError } = await import('../../modules/audit/index.js');
  try {
    return await open(path, 'wx', 0o600);
  } catch (fault) {
    const reason =
      (fault as NodeJS.ErrnoException).code === 'EEXIST' ? 'it exists already' : (fault as Error).message;
    throw new UsageError(`The file ${path} cannot be written: ${reason}.`);
  }
}
