import type { Principal } from '../../../kernel/operation/index.js';
import { terminalPermissions } from '../terminal.permissions.js';

/** Whether somebody sees the commands of everybody; others see their own. */
export function readsAllCommands({ permissions }: Principal): boolean {
  return permissions.has(terminalPermissions['terminal.read']);
}
