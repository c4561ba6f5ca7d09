import { Injectable } from '@nestjs/common';
import type { Subject } from '../../../kernel/access/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Forbidden } from '../../../kernel/problem/index.js';
import { SubjectsRepository } from '../bindings/subjects.repository.js';
import { rbacPermissions } from '../rbac.permissions.js';
import type { PrincipalReference } from './authz.dto.js';

/** Somebody a question is about. */
export interface Inspected {
  readonly subject: Subject;
  /** With what the request was made, when the caller asks about themselves: it may open less than they may. */
  readonly self: Principal | null;
  /** Why nothing is allowed, whatever the bindings say; null for somebody who may sign in. */
  readonly obstacle: string | null;
}

/** Finds those whom questions are about, and whether the caller may ask about them. */
@Injectable()
export class InspectedPrincipals {
  constructor(private readonly subjects: SubjectsRepository) {}

  /**
   * In the order in which they were named. Costs no query when everybody is the caller.
   *
   * @throws Forbidden
   */
  async of(references: readonly (PrincipalReference | undefined)[], caller: Principal): Promise<Inspected[]> {
    const others = references.filter((reference) => reference !== undefined && !isCaller(reference, caller));
    if (others.length > 0) requireMayInspect(caller);
    const ids = [...new Set(others.flatMap((reference) => reference?.id ?? []))];
    const states = ids.length === 0 ? [] : await this.subjects.states(caller.tenantId, ids);
    return references.map((reference) => {
      if (reference === undefined || isCaller(reference, caller)) return callerAsInspected(caller);
      const { kind, id } = reference;
      const state = states.find((known) => known.kind === kind && known.id === id);
      const subject = { kind, id, tenantId: caller.tenantId };
      if (state === undefined)
        return {
          subject,
          self: null,
          obstacle: `There is no ${kind} with this identifier, so nothing is allowed.`,
        };
      return {
        subject,
        self: null,
        obstacle: state.isActive ? null : `The ${kind} ${state.name} is disabled, so nothing is allowed.`,
      };
    });
  }
}

function isCaller(reference: PrincipalReference, { kind, id }: Principal): boolean {
  return reference.kind === kind && reference.id === id;
}

function callerAsInspected(caller: Principal): Inspected {
  const { kind, id, tenantId } = caller;
  if (kind !== 'user' && kind !== 'service')
    throw new Forbidden(`Name the principal: a ${kind} has no roles.`);
  return { subject: { kind, id, tenantId }, self: caller, obstacle: null };
}

function requireMayInspect({ permissions }: Principal): void {
  const { 'authz.inspect': inspect } = rbacPermissions;
  if (!permissions.has(inspect)) throw new Forbidden(`The permission ${inspect.name} is missing.`);
}
