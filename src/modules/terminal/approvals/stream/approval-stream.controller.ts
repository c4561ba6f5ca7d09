import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated, bearerToken, CurrentPrincipal } from '../../../../kernel/access/index.js';
import { EventStream, Problems } from '../../../../kernel/http/index.js';
import type { Principal } from '../../../../kernel/operation/index.js';
import { TooManyStreams } from '../../../../kernel/problem/index.js';
import { ApprovalView } from '../approval.dto.js';
import { resumedFrom } from './approval-event.js';
import { ApprovalStreams } from './approval-streams.js';

@ApiTags('Terminal approvals')
@Controller('terminal/approvals/stream')
@Authenticated()
export class ApprovalStreamController {
  constructor(private readonly streams: ApprovalStreams) {}

  /**
   * Streams the queue: what waits now, then each approval whenever something about it changes, as the event `approval`
   * whose data is the approval. One that comes back with `Last-Event-ID` is told what it missed; an event may come twice,
   * with the same `version`. Ends with the credential.
   */
  @Get()
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last event that was received.',
    schema: { type: 'string', example: '1767604320000-01936f5e-7b5c-7c3a-9d61-6f1d6f6f3d03' },
  })
  @EventStream([ApprovalView], 'Server-sent events: each `approval` has the approval as its data.')
  @Problems(TooManyStreams)
  follow(
    @CurrentPrincipal() reader: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const lastEventId = request.headers['last-event-id'];
    const listener = {
      reader,
      token: bearerToken(request.raw.rawHeaders) ?? '',
      since: resumedFrom(typeof lastEventId === 'string' ? lastEventId : undefined),
    };
    return this.streams.serve(listener, reply);
  }
}
