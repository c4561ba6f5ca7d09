import { Global, Module } from '@nestjs/common';
import { Policy } from '../../kernel/access/index.js';
import { DatabaseModule } from '../../kernel/database/index.js';
import { LastAdminGuard } from './bindings/last-admin-guard.js';
import { LeavingSubjects } from './bindings/leaving-subjects.js';
import { RoleAssignment } from './bindings/role-assignment.js';
import { RoleBinding } from './bindings/role-binding.entity.js';
import { RoleBindingsRepository } from './bindings/role-bindings.repository.js';
import { PermissionsController } from './permissions/permissions.controller.js';
import { RbacPolicy } from './rbac-policy.js';
import './reserved.permissions.js';
import { BuiltInRoles } from './roles/built-in-roles.js';
import { Role } from './roles/role.entity.js';
import { RolesController } from './roles/roles.controller.js';
import { RolesRepository } from './roles/roles.repository.js';
import { RolesService } from './roles/roles.service.js';

/** Global, because it is what stands behind the kernel's Policy for every module. */
@Global()
@Module({
  imports: [DatabaseModule.entities([Role, RoleBinding])],
  controllers: [PermissionsController, RolesController],
  providers: [
    RolesRepository,
    RoleBindingsRepository,
    BuiltInRoles,
    RolesService,
    RoleAssignment,
    LastAdminGuard,
    LeavingSubjects,
    RbacPolicy,
    { provide: Policy, useExisting: RbacPolicy },
  ],
  exports: [Policy],
})
export class RbacModule {}
