import { Command } from 'commander';
import { DEFAULT_TENANT_ID } from '../../kernel/operation/tenant.js';
import { tenantId } from '../arguments.js';

export function eraseCommand(): Command {
  return new Command('erase')
    .description(
      'Erase names, addresses and programs from the entries by or about a person; the entries stay',
    )
    .requiredOption('--user <id>', 'the person', tenantId)
    .option('--tenant <id>', 'tenant of the log', tenantId, DEFAULT_TENANT_ID)
    .addHelpText(
      'after',
      '\nIt cannot be undone, may be repeated, and is an audit entry itself. Files are not reached: exports, segments, other systems.',
    )
    .action(async ({ user, tenant }: { user: string; tenant: string }) => {
      const { PersonalErasure } = await import('../../modules/audit/index.js');
      const { withApplication } = await import('../application.js');
      const erased = await withApplication((app) => app.get(PersonalErasure).erase(tenant, user));
      process.stdout.write(`Erased the personal part of ${erased} entries.\n`);
    });
}
