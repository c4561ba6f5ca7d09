import { Command } from 'commander';
import { DEFAULT_TENANT_ID } from '../../kernel/operation/tenant.js';
import { tenantId, treeSize } from '../arguments.js';

export function consistencyCommand(): Command {
  return new Command('consistency')
    .description('Print the proof that the log has only grown from one size to another')
    .argument('<from>', 'the earlier tree size', treeSize)
    .argument('[to]', 'the later tree size; the newest when left out', treeSize)
    .option('--tenant <id>', 'tenant of the log', tenantId, DEFAULT_TENANT_ID)
    .action(async (from: number, to: number | undefined, { tenant }: { tenant: string }) => {
      const { ProofsService, UsageError } = await import('../../modules/audit/index.js');
      if (to !== undefined && to < from)
        throw new UsageError(`The later size, ${to}, is smaller than ${from}.`);
      const { withApplication } = await import('../application.js');
      const proof = await withApplication((app) =>
        app.get(ProofsService).consistency({ tenantId: tenant }, from, to),
      );
      process.stdout.write(`${JSON.stringify(proof, null, 2)}\n`);
    });
}
