import { Injectable } from '@nestjs/common';
import {
  type Permission,
  type PermissionScope,
  PermissionsByScope,
  PermissionSet,
  StepUp,
} from '../../../kernel/access/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Forbidden } from '../../../kernel/problem/index.js';
import { SubjectsRepository } from '../bindings/subjects.repository.js';
import { GrantExceedsOwn } from '../rbac.errors.js';
import { rbacPermissions } from '../rbac.permissions.js';
import { KnownRights } from '../resolution/known-rights.js';

/** Nobody grants what they do not hold, and nobody makes others who can grant without proving who they are. */
@Injectable()
export class GrantRules {
  constructor(
    private readonly known: KnownRights,
    private readonly subjects: SubjectsRepository,
    private readonly stepUp: StepUp,
  ) {}

  /**
   * The caller with what is left of their rights. To be asked once the tenant is locked: whoever was demoted or disabled
   * while the request waited for the lock must not make others of their kind any more.
   *
   * @throws Forbidden when what the route asks for is not among it
   */
  async asOfNow(caller: Principal, needed: Permission): Promise<Principal> {
    const { kind, id, tenantId } = caller;
    if (kind !== 'user' && kind !== 'service') return caller;
    const { rights } = await this.known.now({ kind, id, tenantId });
    const [state] = await this.subjects.states(tenantId, [id]);
    const held = heldBy(caller).intersect(rights.permissionsByScope);
    if (state?.isActive !== true || !held.everywhere.has(needed))
      throw new Forbidden(`The permission ${needed.name} is missing.`);
    return { ...caller, permissions: held.everywhere, permissionsByScope: held };
  }

  /**
   * A role is given to somebody there, directly or by letting them into a group. Whoever gives it everywhere gives it also
   * where they themselves hold less.
   *
   * @throws GrantExceedsOwn, StepUpRequired, CredentialNotAllowed
   */
  requireMayGive(
    actor: Principal,
    role: string,
    permissions: PermissionSet,
    scope: PermissionScope | null,
  ): void {
    this.requireHeld(actor, permissions, scope, `The role ${role} contains`);
    if (permissions.has(rbacPermissions['role.bind'])) this.requireStepUp(actor);
  }

  /** @throws GrantExceedsOwn */
  requireHeld(
    actor: Principal,
    permissions: PermissionSet,
    scope: PermissionScope | null,
    lead: string,
  ): void {
    if (actor.kind === 'system') return;
    const held = heldBy(actor);
    for (const place of scope === null ? [null, ...held.scopes()] : [scope]) {
      const missing = permissions.minus(held.at(place));
      if (!missing.isEmpty()) throw new GrantExceedsOwn(lead, missing.names(), place);
    }
  }

  requireStepUp(actor: Principal): void {
    if (actor.kind !== 'system') this.stepUp.require(actor);
  }
}

/** What the caller holds with this credential. */
export function heldBy({ permissions, permissionsByScope }: Principal): PermissionsByScope {
  return permissionsByScope ?? PermissionsByScope.alike(permissions);
}

/** Whether there is nothing that the caller could not grant. */
export function holdsEverything(actor: Principal): boolean {
  if (actor.kind === 'system') return true;
  const held = heldBy(actor);
  const all = PermissionSet.all();
  return [null, ...held.scopes()].every((scope) => held.at(scope).includesAll(all));
}
