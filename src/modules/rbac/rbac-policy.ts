import { Injectable } from '@nestjs/common';
import {
  type Permission,
  type PermissionScope,
  Policy,
  type Rights,
  type Subject,
} from '../../kernel/access/index.js';
import { RoleAssignment } from './bindings/role-assignment.js';
import { LastAdminGuard } from './bindings/last-admin-guard.js';
import { RoleBindingsRepository } from './bindings/role-bindings.repository.js';
import { Clock } from '../../kernel/runtime/index.js';
import { KnownRights } from './resolution/known-rights.js';

/** Answers who may do what from roles and bindings. */
@Injectable()
export class RbacPolicy extends Policy {
  constructor(
    private readonly known: KnownRights,
    private readonly bindings: RoleBindingsRepository,
    private readonly assignment: RoleAssignment,
    private readonly lastAdmin: LastAdminGuard,
    private readonly clock: Clock,
  ) {
    super();
  }

  override peekRights(subject: Subject): Rights | undefined {
    return this.known.peek(subject)?.rights;
  }

  override async rightsOf(subject: Subject): Promise<Rights> {
    return (await this.known.of(subject)).rights;
  }

  override async rightsNow(subject: Subject): Promise<Rights> {
    return (await this.known.now(subject)).rights;
  }

  override async allows(
    subject: Subject,
    permission: Permission,
    scope: PermissionScope | null = null,
  ): Promise<boolean> {
    const { permissionsByScope } = this.peekRights(subject) ?? (await this.rightsOf(subject));
    return permissionsByScope.at(scope).has(permission);
  }

  override assignRoles(userId: string, roleNames: readonly string[]): Promise<void> {
    return this.assignment.assign(userId, roleNames);
  }

  override async rolesOf(userIds: readonly string[]): Promise<Map<string, string[]>> {
    const bound = await this.bindings.globalRolesOf(userIds, this.clock.now());
    return new Map(
      [...bound].map(([id, roles]) => [id, [...roles.filter((role) => role !== 'member'), 'member']]),
    );
  }

  override guardLastAdmin(tenantId: string, leavingUserId: string): Promise<void> {
    return this.lastAdmin.guard(tenantId, leavingUserId);
  }
}
