import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { type AccessScope, Authenticated, CurrentPrincipal, Scope } from '../../../kernel/access/index.js';
import { Created, NoContent, Ok, type Page, PageOf, PathId, Problems } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import {
  CredentialNotAllowed,
  InvalidCursor,
  NotFound,
  StepUpRequired,
} from '../../../kernel/problem/index.js';
import {
  BindingExists,
  ExpiryWouldWiden,
  GrantExceedsOwn,
  LastAdmin,
  OwnRoles,
  UnknownRole,
  UnknownScope,
  UnknownSubject,
} from '../rbac.errors.js';
import { rbacPermissions } from '../rbac.permissions.js';
import { BindingChanges } from './binding-changes.js';
import {
  CreateBinding,
  createBindingExamples,
  RoleBindingsQuery,
  RoleBindingView,
} from './role-binding.dto.js';
import { RoleBindingsService } from './role-bindings.service.js';

@ApiTags('Role bindings')
@Controller('role-bindings')
@Authenticated({ permission: rbacPermissions['role.bind'] })
export class RoleBindingsController {
  constructor(
    private readonly bindings: RoleBindingsService,
    private readonly changes: BindingChanges,
  ) {}

  /** Lists bindings, newest first. */
  @Get()
  @Ok(PageOf(RoleBindingView))
  @Problems(InvalidCursor)
  list(@Query() query: RoleBindingsQuery, @Scope() scope: AccessScope): Promise<Page<RoleBindingView>> {
    return this.bindings.page(query, scope);
  }

  /**
   * Gives a role to a user, a service or a group, or denies it to them; everywhere, on one gateway or in one department.
   * The caller must hold everything that is given. Giving `admin`, or any role with `role.bind`, needs step-up.
   */
  @Post()
  @ApiBody({ type: CreateBinding, examples: createBindingExamples })
  @Created(RoleBindingView)
  @Problems(
    UnknownSubject,
    UnknownRole,
    UnknownScope,
    OwnRoles,
    GrantExceedsOwn,
    ExpiryWouldWiden,
    BindingExists,
    LastAdmin,
    StepUpRequired,
    CredentialNotAllowed,
  )
  create(@Body() body: CreateBinding, @CurrentPrincipal() principal: Principal): Promise<RoleBindingView> {
    return this.changes.create(body, principal);
  }

  /** Shows a binding. */
  @Get(':id')
  @Ok(RoleBindingView)
  @Problems(NotFound)
  get(@PathId() id: string, @Scope() scope: AccessScope): Promise<RoleBindingView> {
    return this.bindings.get(id, scope);
  }

  /** Ends a binding. What its end gives back to somebody, the caller must hold. */
  @Delete(':id')
  @NoContent()
  @Problems(NotFound, OwnRoles, GrantExceedsOwn, LastAdmin)
  delete(@PathId() id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    return this.changes.delete(id, principal);
  }
}
