import type { Command } from 'commander';

/** Faults of usage are thrown, so that each side of the command ends with exit codes of its own. */
export function throwInsteadOfExiting(command: Command): void {
  command.exitOverride().showHelpAfterError('(--help explains)');
  command.commands.forEach(throwInsteadOfExiting);
}
