import { type Permission } from '../../../kernel/access/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { type FieldError, Forbidden, ValidationFailed } from '../../../kernel/problem/index.js';
import { terminalPermissions } from '../terminal.permissions.js';
import type { RuleOwner } from './rules.repository.js';
import type { OwnerScope, TerminalRule } from './terminal-rule.entity.js';

interface Wish {
  readonly scope?: OwnerScope;
  readonly ownerId?: string;
}

const POLICY: Permission = terminalPermissions['terminal.policy'];

/**
 * Whose rules are meant: those of the caller unless said otherwise.
 *
 * @throws Forbidden for others' without `terminal.policy`
 * @throws ValidationFailed when an owner is missing, or named where there is none
 */
export function ownerOf(
  { scope, ownerId }: Wish,
  principal: Principal,
  byDefault: 'own' | 'everybody',
): RuleOwner {
  const { tenantId } = principal;
  const ownerScope = scope ?? (byDefault === 'own' ? 'user' : 'global');
  if (ownerScope === 'user' && (ownerId ?? principal.id) === principal.id && byDefault === 'own')
    return { tenantId, ownerScope, ownerId: principal.id };
  if (!principal.permissions.has(POLICY)) throw new Forbidden(`The permission ${POLICY.name} is missing.`);
  if (ownerScope === 'global') {
    if (ownerId !== undefined)
      throw new ValidationFailed([inQuery('no_owner', 'Rules for everybody belong to nobody.')]);
    return { tenantId, ownerScope, ownerId: null };
  }
  if (ownerId === undefined)
    throw new ValidationFailed([inQuery('required', `Say which ${ownerScope} is meant.`)]);
  return { tenantId, ownerScope, ownerId };
}

/** Whether the principal may see and delete the rule; what somebody may not see does not exist for them. */
export function mayHandle(rule: TerminalRule, principal: Principal): boolean {
  const isOwn = rule.effect === 'allow' && rule.ownerScope === 'user' && rule.ownerId === principal.id;
  return isOwn || principal.permissions.has(POLICY);
}

function inQuery(code: string, message: string): FieldError {
  return { in: 'query', pointer: '/ownerId', code, message };
}
