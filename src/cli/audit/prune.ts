import { Command } from 'commander';
import { resolve } from 'node:path';
import { days } from '../arguments.js';

interface PruneOptions {
  readonly keepDays?: number;
  readonly to?: string;
  readonly personal: boolean;
}

export function pruneCommand(): Command {
  return new Command('prune')
    .description('Export old audit entries to files, verify the files, and delete the entries')
    .option('--keep-days <n>', 'keep what is younger; REEVE_AUDIT_RETENTION_DAYS when left out', days)
    .option('--to <directory>', 'where the files go; REEVE_AUDIT_SEGMENTS when left out')
    .option('--no-personal', 'leave names and addresses out of the files')
    .addHelpText('after', '\nNeeds the role that owns the tables: REEVE_MIGRATION_DATABASE_URL.')
    .action(async ({ keepDays, to, personal }: PruneOptions) => {
      const { loadConfiguration } = await import('../../kernel/runtime/index.js');
      const { Retention, UsageError } = await import('../../modules/audit/index.js');
      const { withApplication } = await import('../application.js');
      const { auditRetentionDays, auditSegments } = loadConfiguration();
      const kept = keepDays ?? auditRetentionDays;
      if (kept === undefined) throw new UsageError('Give --keep-days, or set REEVE_AUDIT_RETENTION_DAYS.');
      const directory = to === undefined ? auditSegments : resolve(to);
      const pruned = await withApplication((app) =>
        app.get(Retention).prune({ keepDays: kept, directory, withPersonal: personal }),
      );
      for (const { path } of pruned) process.stdout.write(`${path}\n`);
      if (pruned.length === 0) process.stderr.write('Nothing is that old.\n');
    });
}
