import type { Principal } from '../../../kernel/operation/index.js';
import { terminalPermissions } from '../terminal.permissions.js';

/** Whether somebody sees the commands of everybody; others see their own. */
export function readsAllCommands({ permissions }: Principal): boolean {
  return permissions.has(terminalPermissions['terminal.read']);
}

/** One's own, and those of the agents that act for one; with `terminal.read` all. */
export function maySeeCommand(
  { principalId, delegatorId }: { readonly principalId: string; readonly delegatorId: string | null },
  reader: Principal,
): boolean {
  return readsAllCommands(reader) || principalId === reader.id || delegatorId === reader.id;
}
