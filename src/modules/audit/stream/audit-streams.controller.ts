import { Controller, Get, Header, Headers, HttpCode, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type AccessRequest, Authenticated, CurrentPrincipal } from '../../../kernel/access/index.js';
import { Problems } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { TooManyStreams, ValidationFailed } from '../../../kernel/problem/index.js';
import { auditPermissions } from '../audit.permissions.js';
import { AuditStreamQuery } from './audit-stream.dto.js';
import { LogIsShorter } from './audit-stream.errors.js';
import { AuditStreams } from './audit-streams.service.js';

const EVENT_STREAM = 'text/event-stream';

@ApiTags('Audit')
@Controller('audit/stream')
export class AuditStreamsController {
  constructor(private readonly streams: AuditStreams) {}

  @Get()
  @HttpCode(200)
  @Authenticated({ permission: auditPermissions['audit.read'] })
  // Proxies that collect answers before they pass them on would pass on nothing.
  @Header('X-Accel-Buffering', 'no')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Follow the audit log',
    description:
      'Server-sent events: each entry once it is sealed, in the order of the log. The `id` of an event is its place `seq`; with Last-Event-ID the stream goes on behind it, without a gap and without repeating. It ends when the credential does, when the permission is lost, and when the process ends; come back with Last-Event-ID. One principal may have 5 open at each process.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: '`id` of the last event that was received.',
    schema: { type: 'string', pattern: '^[0-9]{1,15}$', example: '4711' },
  })
  @ApiOkResponse({
    description: 'Events, until one side ends.',
    content: {
      [EVENT_STREAM]: {
        schema: { type: 'string' },
        example: 'id: 4711\ndata: {"seq":4711,"action":"user.invite"}\n\n',
      },
    },
  })
  @Problems(TooManyStreams, LogIsShorter, ValidationFailed)
  async follow(
    @Query() query: AuditStreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Req() request: AccessRequest,
  ): Promise<StreamableFile> {
    const stream = await this.streams.follow(query, lastEventId, principal, request);
    return new StreamableFile(stream, { type: EVENT_STREAM });
  }
}
