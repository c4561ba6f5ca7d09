import { Injectable } from '@nestjs/common';
import {
  permissionCatalogue,
  PermissionsByScope,
  PermissionSet,
  Policy,
} from '../../../kernel/access/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import type { User } from './user.entity.js';
import { UsersRepository } from './users.repository.js';

/** What somebody may do, in as far as it counts when two are compared. */
export interface Rank {
  readonly permissions: PermissionsByScope;
  readonly isTerminalAuthorized: boolean;
  readonly isServerTerminalAuthorized: boolean;
}

const NO_FLAGS = { isTerminalAuthorized: false, isServerTerminalAuthorized: false };

/** Whether somebody may do what the other may not. What every member may does not count: see `isBeyondMember`. */
export function outranks(target: Rank, caller: Rank): boolean {
  return (
    (target.isTerminalAuthorized && !caller.isTerminalAuthorized) ||
    (target.isServerTerminalAuthorized && !caller.isServerTerminalAuthorized) ||
    exceeds(target.permissions, caller.permissions)
  );
}

/** The same for permissions alone, in whichever place. */
export function exceeds(permissions: PermissionsByScope, callers: PermissionsByScope): boolean {
  return !permissions.beyond(callers).minus(rightsOfMembers()).isEmpty();
}

/** What a caller holds: with the rights of the credential, which may be fewer than those of its owner. */
export function heldBy({ permissions, permissionsByScope }: Principal): PermissionsByScope {
  return permissionsByScope ?? PermissionsByScope.alike(permissions);
}

/** Whether the caller may do everything that the target may; what every member may counts, for a deny can take it away. */
export function isWithin(target: Rank, caller: Rank): boolean {
  return target.permissions.beyond(caller.permissions).isEmpty() && !outranks(target, caller);
}

/** Whether acting as them opens more than the account of a plain member, which who manages users can make anyway. */
export function isBeyondMember(rank: Rank): boolean {
  return outranks(rank, { permissions: PermissionsByScope.alike(PermissionSet.none), ...NO_FLAGS });
}

/** Where people stand, as the transaction at hand sees it. */
@Injectable()
export class Ranks {
  constructor(
    private readonly users: UsersRepository,
    private readonly policy: Policy,
  ) {}

  async of(user: User): Promise<Rank> {
    const { id, tenantId, isTerminalAuthorized, isServerTerminalAuthorized } = user;
    const { permissionsByScope } = await this.policy.rightsNow({ kind: 'user', id, tenantId });
    return { permissions: permissionsByScope, isTerminalAuthorized, isServerTerminalAuthorized };
  }

  async ofCaller(caller: Principal): Promise<Rank> {
    const permissions = heldBy(caller);
    if (caller.kind === 'system')
      return { permissions, isTerminalAuthorized: true, isServerTerminalAuthorized: true };
    const user = caller.kind === 'user' ? await this.users.byId(caller.id, caller) : null;
    const { isTerminalAuthorized, isServerTerminalAuthorized } = user ?? NO_FLAGS;
    return { permissions, isTerminalAuthorized, isServerTerminalAuthorized };
  }
}

function rightsOfMembers(): PermissionSet {
  const permissions = [...permissionCatalogue.values()].filter((permission) => permission.isHeldBy('member'));
  return PermissionSet.of(permissions.map(({ name }) => name));
}
