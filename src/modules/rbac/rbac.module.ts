import { Global, Module } from '@nestjs/common';
import { Policy } from '../../kernel/access/index.js';
import { DatabaseModule } from '../../kernel/database/index.js';
import { AuthzController } from './authz/authz.controller.js';
import { AuthzService } from './authz/authz.service.js';
import { InspectedPrincipals } from './authz/inspected.js';
import { AdminsRepository } from './bindings/admins.repository.js';
import { BindingChanges } from './bindings/binding-changes.js';
import { EndedBindingsSchedule } from './bindings/ended-bindings.schedule.js';
import { LastAdminGuard } from './bindings/last-admin-guard.js';
import { LeavingScopes } from './bindings/leaving-scopes.js';
import { LeavingSubjects } from './bindings/leaving-subjects.js';
import { RoleAssignment } from './bindings/role-assignment.js';
import { RoleBinding } from './bindings/role-binding.entity.js';
import { RoleBindingsController } from './bindings/role-bindings.controller.js';
import { RoleBindingsRepository } from './bindings/role-bindings.repository.js';
import { RoleBindingsService } from './bindings/role-bindings.service.js';
import { SubjectsRepository } from './bindings/subjects.repository.js';
import { Consequences } from './grants/consequences.js';
import { GrantRules } from './grants/grant-rules.js';
import { OwnRights } from './grants/own-rights.js';
import { GroupChanges } from './groups/group-changes.js';
import { GroupMember } from './groups/group-member.entity.js';
import { GroupMembersRepository } from './groups/group-members.repository.js';
import { GroupMemberships } from './groups/group-memberships.js';
import { Group } from './groups/group.entity.js';
import { GroupsController } from './groups/groups.controller.js';
import { GroupsRepository } from './groups/groups.repository.js';
import { GroupsService } from './groups/groups.service.js';
import { PermissionsController } from './permissions/permissions.controller.js';
import { RbacPolicy } from './rbac-policy.js';
import './reserved.permissions.js';
import { KnownRights } from './resolution/known-rights.js';
import { ReachRepository } from './resolution/reach.repository.js';
import { BuiltInRoles } from './roles/built-in-roles.js';
import { RoleChanges } from './roles/role-changes.js';
import { Role } from './roles/role.entity.js';
import { RolesController } from './roles/roles.controller.js';
import { RolesRepository } from './roles/roles.repository.js';
import { RolesService } from './roles/roles.service.js';

const roles = [RolesRepository, RolesService, RoleChanges, BuiltInRoles];
const groups = [GroupsRepository, GroupMembersRepository, GroupsService, GroupChanges, GroupMemberships];
const bindings = [
  RoleBindingsRepository,
  SubjectsRepository,
  AdminsRepository,
  RoleBindingsService,
  BindingChanges,
  RoleAssignment,
  LastAdminGuard,
  LeavingSubjects,
  LeavingScopes,
  EndedBindingsSchedule,
];
const rules = [GrantRules, OwnRights, Consequences];
const answers = [ReachRepository, KnownRights, InspectedPrincipals, AuthzService];

/** Global, because it is what stands behind the kernel's Policy for every module. */
@Global()
@Module({
  imports: [DatabaseModule.entities([Role, RoleBinding, Group, GroupMember])],
  controllers: [
    PermissionsController,
    RolesController,
    GroupsController,
    RoleBindingsController,
    AuthzController,
  ],
  providers: [
    ...roles,
    ...groups,
    ...bindings,
    ...rules,
    ...answers,
    RbacPolicy,
    { provide: Policy, useExisting: RbacPolicy },
  ],
  exports: [Policy],
})
export class RbacModule {}
