import { Command } from 'commander';
import { consistencyCommand } from './consistency.js';
import { proveCommand } from './prove.js';
import { verifyCommand } from './verify.js';

export function auditCommands(): Command {
  return new Command('audit')
    .description('Verify the audit log and prove what is in it')
    .addCommand(verifyCommand())
    .addCommand(proveCommand())
    .addCommand(consistencyCommand());
}
