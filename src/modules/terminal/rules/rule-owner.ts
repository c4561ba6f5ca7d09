import { Injectable } from '@nestjs/common';
import { type Permission } from '../../../kernel/access/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { type FieldError, Forbidden, ValidationFailed } from '../../../kernel/problem/index.js';
import { CallersRepository } from '../judgement/callers.repository.js';
import { terminalPermissions } from '../terminal.permissions.js';
import type { RuleOwner } from './rules.repository.js';
import type { OwnerScope, TerminalRule } from './terminal-rule.entity.js';

interface Wish {
  readonly scope?: OwnerScope;
  readonly ownerId?: string;
}

/** Whose rules, when nothing is said. */
type Default = 'own' | 'everybody';

const POLICY: Permission = terminalPermissions['terminal.policy'];

type Place = Pick<FieldError, 'in' | 'pointer'>;
const IN_QUERY: Place = { in: 'query', pointer: '/ownerId' };

/** Whose rules are meant, where one is to be written: a rule for somebody who does not exist would never count. */
@Injectable()
export class RuleOwners {
  constructor(private readonly callers: CallersRepository) {}

  /**
   * @param place where in the request the owner is named
   * @throws Forbidden, ValidationFailed as `ownerOf` does, and for a principal whom the tenant does not have
   */
  async existing(
    wish: Wish,
    principal: Principal,
    byDefault: Default,
    place: Place = IN_QUERY,
  ): Promise<RuleOwner> {
    const owner = ownerOf(wish, principal, byDefault, place);
    const { tenantId, ownerScope, ownerId } = owner;
    const isNamed = ownerScope === 'user' && ownerId !== null && ownerId !== principal.id;
    if (isNamed && (await this.callers.kindOf(tenantId, ownerId)) === null) {
      const message = 'There is no user or service with this identifier.';
      throw new ValidationFailed([{ ...place, code: 'unknown_principal', message }]);
    }
    return owner;
  }
}

/**
 * Whose rules are meant: those of the caller unless said otherwise.
 *
 * @throws Forbidden for others' without `terminal.policy`
 * @throws ValidationFailed when an owner is missing, or named where there is none
 */
export function ownerOf(
  { scope, ownerId }: Wish,
  principal: Principal,
  byDefault: Default,
  place: Place = IN_QUERY,
): RuleOwner {
  const { tenantId } = principal;
  const ownerScope = scope ?? (byDefault === 'own' ? 'user' : 'global');
  if (ownerScope === 'user' && (ownerId ?? principal.id) === principal.id && byDefault === 'own')
    return { tenantId, ownerScope, ownerId: principal.id };
  if (!principal.permissions.has(POLICY)) throw new Forbidden(`The permission ${POLICY.name} is missing.`);
  if (ownerScope === 'global') {
    if (ownerId !== undefined)
      throw new ValidationFailed([
        { ...place, code: 'no_owner', message: 'Rules for everybody belong to nobody.' },
      ]);
    return { tenantId, ownerScope, ownerId: null };
  }
  if (ownerId === undefined)
    throw new ValidationFailed([
      { ...place, code: 'required', message: `Say which ${ownerScope} is meant.` },
    ]);
  return { tenantId, ownerScope, ownerId };
}

/** Whether the principal may see and delete the rule; what somebody may not see does not exist for them. */
export function mayHandle(rule: TerminalRule, principal: Principal): boolean {
  const isOwn = rule.effect === 'allow' && rule.ownerScope === 'user' && rule.ownerId === principal.id;
  return isOwn || principal.permissions.has(POLICY);
}
