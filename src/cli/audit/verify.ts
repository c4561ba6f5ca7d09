import { Command } from 'commander';
import { tenantId } from '../arguments.js';
import type { VerifyOptions } from './verification.js';

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
      const { textOf, verify } = await import('./verification.js');
      const report = await verify(options);
      process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : textOf(report));
      process.exitCode = report.exitCode;
    });
}
