import { Body, Controller, Get, HttpStatus, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Authenticated, CurrentPrincipal } from '../../../kernel/access/index.js';
import { Ok, OrAccepted, type Page, PageOf, PathId, Problems } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, TooManyStreams, ValidationFailed } from '../../../kernel/problem/index.js';
import { WaitQuery } from '../commands/command.dto.js';
import {
  AlreadyResolved,
  AlreadyVoted,
  ApprovalExpired,
  DigestMismatch,
  NotRequester,
  OwnRequest,
  PolicyChanged,
  VoterNotEligible,
} from '../terminal.errors.js';
import { terminalPermissions } from '../terminal.permissions.js';
import { ClientGone } from '../waiting/client-gone.js';
import { ApprovalDirectory } from './approval-directory.js';
import { ApprovalsQuery, ApprovalView, ApproveBody, RejectBody, VoteCountView } from './approval.dto.js';
import { seesAll } from './approval-readers.js';
import { Voting } from './voting.js';

const DECIDES = {
  permission: terminalPermissions['terminal.approve'],
  sensitive: true,
  credentials: ['session'],
} as const;

@ApiTags('Terminal approvals')
@Controller('terminal/approvals')
@Authenticated()
export class ApprovalsController {
  constructor(
    private readonly directory: ApprovalDirectory,
    private readonly voting: Voting,
  ) {}

  /** Lists what waits or waited for a person, newest first: one's own, for approvers everybody's. */
  @Get()
  @Ok(PageOf(ApprovalView))
  list(@Query() query: ApprovalsQuery, @CurrentPrincipal() reader: Principal): Promise<Page<ApprovalView>> {
    return this.directory.page(query, reader);
  }

  /** Shows an approval. With `waitSeconds` the answer comes when it is decided, or when that time is over. */
  @Get(':id')
  @Ok(ApprovalView)
  @Problems(NotFound, TooManyStreams, ValidationFailed)
  get(
    @PathId() id: string,
    @Query() { waitSeconds = 0 }: WaitQuery,
    @CurrentPrincipal() reader: Principal,
    @ClientGone() gone: AbortSignal,
  ): Promise<ApprovalView> {
    if (waitSeconds === 0) return this.directory.view(id, reader);
    return this.directory.decided(id, reader, waitSeconds * 1000, gone);
  }

  /**
   * Agrees to exactly what was shown. 200 when that decides it, 202 while more people have to agree. Nobody decides about
   * their own command.
   */
  @Post(':id/approve')
  @Authenticated(DECIDES)
  @Ok(ApprovalView)
  @OrAccepted(VoteCountView, 'The vote counts; more people have to agree.')
  @Problems(
    NotFound,
    OwnRequest,
    VoterNotEligible,
    DigestMismatch,
    PolicyChanged,
    AlreadyVoted,
    AlreadyResolved,
    ApprovalExpired,
  )
  async approve(
    @PathId() id: string,
    @Body() { digest, note }: ApproveBody,
    @CurrentPrincipal() voter: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApprovalView | VoteCountView> {
    const { isResolved, votes, needed } = await this.voting.approve(id, digest, note ?? null, voter);
    if (isResolved) return this.directory.view(id, voter);
    reply.code(HttpStatus.ACCEPTED);
    return { votes, needed };
  }

  /** Refuses. One refusal ends it, however many have agreed. */
  @Post(':id/reject')
  @Authenticated(DECIDES)
  @Ok(ApprovalView)
  @Problems(NotFound, OwnRequest, VoterNotEligible, AlreadyVoted, AlreadyResolved, ApprovalExpired)
  async reject(
    @PathId() id: string,
    @Body() { note }: RejectBody,
    @CurrentPrincipal() voter: Principal,
  ): Promise<ApprovalView> {
    await this.voting.reject(id, note, voter);
    return this.directory.view(id, voter);
  }

  /** Withdraws one's own request before anybody has decided. */
  @Post(':id/cancel')
  @Ok(ApprovalView)
  @Problems(NotFound, NotRequester, AlreadyResolved, ApprovalExpired)
  async cancel(@PathId() id: string, @CurrentPrincipal() caller: Principal): Promise<ApprovalView> {
    await this.voting.cancel(id, caller, seesAll(caller));
    return this.directory.view(id, caller);
  }
}
