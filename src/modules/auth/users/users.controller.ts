import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type AccessScope, Authenticated, CurrentPrincipal, Scope } from '../../../kernel/access/index.js';
import {
  Created,
  IfMatch,
  NoContent,
  Ok,
  type Page,
  PageOf,
  PathId,
  Problems,
  RequireIfMatch,
} from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, StepUpRequired, VersionMismatch } from '../../../kernel/problem/index.js';
import { InviteAlreadyAccepted } from '../invites/invite.errors.js';
import { InvitesService } from '../invites/invites.service.js';
import { UserChanges } from './user-changes.js';
import { UserDirectory } from './user-directory.js';
import { UserRemoval } from './user-removal.js';
import { ChangeUser, InviteUser, UsersQuery } from './user.dto.js';
import {
  EmailTaken,
  OwnAccount,
  TargetOutranksCaller,
  UsernameTaken,
  UserNotDeleted,
} from './user.errors.js';
import { InvitedUserView, UserView } from './user.view.js';

@ApiTags('Users')
@Controller('users')
@Authenticated({ permission: 'user.write', impersonation: false })
export class UsersController {
  constructor(
    private readonly directory: UserDirectory,
    private readonly changes: UserChanges,
    private readonly removal: UserRemoval,
    private readonly invites: InvitesService,
  ) {}

  /** Lists users, newest first. */
  @Get()
  @Authenticated({ permission: 'user.read' })
  @Ok(PageOf(UserView))
  list(@Query() query: UsersQuery, @Scope() scope: AccessScope): Promise<Page<UserView>> {
    return this.directory.page(query, scope);
  }

  /** Invites a user: creates the account and mails them a token with which they choose a password. */
  @Post()
  @Created(InvitedUserView)
  @Problems(UsernameTaken, EmailTaken, StepUpRequired)
  invite(@Body() body: InviteUser, @CurrentPrincipal() principal: Principal): Promise<InvitedUserView> {
    return this.invites.invite(body, principal);
  }

  /** Shows a user. */
  @Get(':id')
  @Authenticated({ permission: 'user.read' })
  @Ok(UserView)
  @Problems(NotFound)
  get(@PathId() id: string, @Scope() scope: AccessScope): Promise<UserView> {
    return this.directory.view(id, scope);
  }

  /** Changes a user. Changing roles, mail address or terminal flags needs step-up. */
  @Patch(':id')
  @RequireIfMatch()
  @Ok(UserView)
  @Problems(
    NotFound,
    VersionMismatch,
    UsernameTaken,
    EmailTaken,
    OwnAccount,
    TargetOutranksCaller,
    StepUpRequired,
  )
  async change(
    @PathId() id: string,
    @Body() body: ChangeUser,
    @IfMatch() version: number | null,
    @CurrentPrincipal() principal: Principal,
  ): Promise<UserView> {
    return this.directory.viewOf(await this.changes.apply(id, body, version, principal));
  }

  /** Deletes a user: sessions and keys end at once, the name is free again. */
  @Delete(':id')
  @RequireIfMatch()
  @NoContent()
  @Problems(NotFound, VersionMismatch, OwnAccount)
  delete(
    @PathId() id: string,
    @IfMatch() version: number | null,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    return this.removal.delete(id, version, principal);
  }

  /** Brings a deleted user back, without sessions, keys and roles. */
  @Post(':id/undelete')
  @Ok(UserView)
  @Problems(NotFound, UserNotDeleted, UsernameTaken, EmailTaken)
  async undelete(@PathId() id: string, @CurrentPrincipal() principal: Principal): Promise<UserView> {
    return this.directory.viewOf(await this.removal.undelete(id, principal));
  }

  /** Invites a user again who has not accepted yet; the older invitation stops working. Needs step-up when the user is more than a member. */
  @Post(':id/invite')
  @Ok(InvitedUserView)
  @Problems(NotFound, InviteAlreadyAccepted, TargetOutranksCaller, StepUpRequired)
  reissueInvite(@PathId() id: string, @CurrentPrincipal() principal: Principal): Promise<InvitedUserView> {
    return this.invites.reissue(id, principal);
  }
}
