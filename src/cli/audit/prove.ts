import { Command } from 'commander';
import { DEFAULT_TENANT_ID } from '../../kernel/operation/tenant.js';
import { isUuid } from '../../kernel/runtime/ids.js';
import { tenantId, treeSize } from '../arguments.js';

interface ProveOptions {
  readonly tenant: string;
  readonly treeSize?: number;
}

export function proveCommand(): Command {
  return new Command('prove')
    .description('Print the proof that an entry is in the log')
    .argument('<entry>', 'id of the entry, or its seq')
    .option('--tenant <id>', 'tenant of the log', tenantId, DEFAULT_TENANT_ID)
    .option('--tree-size <n>', 'prove it in the tree of this size instead of the newest', treeSize)
    .action(async (entry: string, { tenant, treeSize: size }: ProveOptions) => {
      const { EntryPlaces, ProofsService, UsageError } = await import('../../modules/audit/index.js');
      const { withApplication } = await import('../application.js');
      if (!isUuid(entry) && !/^\d{1,15}$/.test(entry))
        throw new UsageError(`${entry} is neither an id nor a seq.`);
      const proof = await withApplication(async (app) => {
        const id = isUuid(entry) ? entry : await app.get(EntryPlaces).entryAt(tenant, Number(entry));
        if (id === null)
          throw new UsageError(
            `The database has no entry ${entry}. What retention took out is in its segment.`,
          );
        return app.get(ProofsService).inclusion({ tenantId: tenant }, id, size);
      });
      process.stdout.write(`${JSON.stringify(proof, null, 2)}\n`);
    });
}
