import type { Principal } from '../../../kernel/operation/index.js';
import { terminalPermissions } from '../terminal.permissions.js';

/** Whether somebody sees the approvals of everybody; others see those that they asked for. */
export function seesAll({ permissions }: Principal): boolean {
  return permissions.has(terminalPermissions['terminal.approve']);
}
