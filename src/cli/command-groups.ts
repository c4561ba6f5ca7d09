import type { Command } from 'commander';
import { adminCommands } from './admin.js';
import { auditCommands } from './audit/index.js';
import { keysCommands } from './keys.js';
import { migrateCommand } from './migrate.js';

/** What `reeve` can do: one line per group. */
export const commandGroups: readonly (() => Command)[] = [
  migrateCommand,
  adminCommands,
  keysCommands,
  auditCommands,
];
