import { Injectable } from '@nestjs/common';
import {
  type PermissionScope,
  PermissionsByScope,
  PermissionSet,
  StepUp,
} from '../../../kernel/access/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { GrantExceedsOwn } from '../rbac.errors.js';
import { rbacPermissions } from '../rbac.permissions.js';

/** Nobody grants what they do not hold, and nobody makes others who can grant without proving who they are. */
@Injectable()
export class GrantRules {
  constructor(private readonly stepUp: StepUp) {}

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
