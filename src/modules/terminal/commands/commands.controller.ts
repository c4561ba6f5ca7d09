import { Body, Controller, Get, HttpStatus, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Authenticated, CurrentPrincipal } from '../../../kernel/access/index.js';
import { Created, Ok, OrAccepted, type Page, PageOf, PathId, Problems } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Forbidden, NotFound, TooManyStreams, ValidationFailed } from '../../../kernel/problem/index.js';
import {
  ApprovalExpired,
  CommandNotPending,
  DigestMismatch,
  NotRequester,
  PolicyChanged,
} from '../terminal.errors.js';
import { terminalPermissions } from '../terminal.permissions.js';
import { ClientGone } from '../waiting/client-gone.js';
import { Cancelling } from './cancelling.js';
import {
  CommandsQuery,
  CommandView,
  ConfirmCommand,
  ReportResult,
  RequestCommand,
  requestCommandExamples,
} from './command.dto.js';
import { CommandDirectory } from './command-directory.js';
import { CommandRequests } from './command-requests.js';
import { LocalRuns } from './local-runs.js';

@ApiTags('Terminal')
@Controller('terminal/commands')
@Authenticated()
export class CommandsController {
  constructor(
    private readonly requests: CommandRequests,
    private readonly directory: CommandDirectory,
    private readonly localRuns: LocalRuns,
    private readonly cancelling: Cancelling,
  ) {}

  /**
   * Asks for a command to be run. The verdict is the answer: in local mode the caller's client acts on it, in server mode
   * the server does. 202 when a person has to agree first. A refusal is an answer too and is no error. Nobody asks in
   * somebody else's name: they could agree to it in their own.
   */
  @Post()
  @Authenticated({ permission: terminalPermissions['terminal.run'], impersonation: false })
  @ApiBody({ type: RequestCommand, examples: requestCommandExamples })
  @Created(CommandView, '/api/v1/terminal/commands/:id')
  @OrAccepted(CommandView, 'The command waits for a person; `approvalId` names the approval.')
  @Problems(TooManyStreams, ValidationFailed)
  async request(
    @Body() body: RequestCommand,
    @CurrentPrincipal() principal: Principal,
    @ClientGone() gone: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandView> {
    const command = await this.requests.request(body, principal, gone);
    if (command.status === 'awaiting_approval') reply.code(HttpStatus.ACCEPTED);
    return command;
  }

  /** Lists commands, newest first: one's own, with `terminal.read` everybody's. */
  @Get()
  @Ok(PageOf(CommandView))
  @Problems(Forbidden)
  list(@Query() query: CommandsQuery, @CurrentPrincipal() reader: Principal): Promise<Page<CommandView>> {
    return this.directory.page(query, reader);
  }

  /** Shows a command and what became of it. */
  @Get(':id')
  @Ok(CommandView)
  @Problems(NotFound)
  get(@PathId() id: string, @CurrentPrincipal() reader: Principal): Promise<CommandView> {
    return this.directory.view(id, reader);
  }

  /** Tells what the user of a client said, or that the client runs now what approvers agreed to: once. */
  @Post(':id/confirmation')
  @Authenticated({ permission: terminalPermissions['terminal.run'], impersonation: false })
  @Ok(CommandView)
  @Problems(NotFound, NotRequester, CommandNotPending, DigestMismatch, PolicyChanged, ApprovalExpired)
  confirm(
    @PathId() id: string,
    @Body() { confirmed }: ConfirmCommand,
    @CurrentPrincipal() caller: Principal,
  ): Promise<CommandView> {
    return this.localRuns.confirm(id, confirmed, caller);
  }

  /** Tells how a command ended that the client ran itself. */
  @Post(':id/result')
  @Ok(CommandView)
  @Problems(NotFound, NotRequester, CommandNotPending)
  report(
    @PathId() id: string,
    @Body() body: ReportResult,
    @CurrentPrincipal() caller: Principal,
  ): Promise<CommandView> {
    return this.localRuns.report(id, body, caller);
  }

  /**
   * Withdraws a command of one's own that has not begun, and what waits for a person with it. One that the server runs is
   * ended, with everything it started; the answer comes when it has, or after ten seconds.
   */
  @Post(':id/cancel')
  @Ok(CommandView)
  @Problems(NotFound, NotRequester, CommandNotPending)
  cancel(
    @PathId() id: string,
    @CurrentPrincipal() caller: Principal,
    @ClientGone() gone: AbortSignal,
  ): Promise<CommandView> {
    return this.cancelling.cancel(id, caller, gone);
  }
}
