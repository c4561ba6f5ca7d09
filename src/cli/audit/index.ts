import { Command } from 'commander';
import { consistencyCommand } from './consistency.js';
import { eraseCommand } from './erase.js';
import { exportCommand } from './export.js';
import { proveCommand } from './prove.js';
import { pruneCommand } from './prune.js';
import { verifyCommand } from './verify.js';

export function auditCommands(): Command {
  return new Command('audit')
    .description('Verify, prove, export and prune the audit log')
    .addCommand(verifyCommand())
    .addCommand(proveCommand())
    .addCommand(consistencyCommand())
    .addCommand(exportCommand())
    .addCommand(pruneCommand())
    .addCommand(eraseCommand());
}
