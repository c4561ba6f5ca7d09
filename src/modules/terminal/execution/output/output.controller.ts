import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated, bearerToken, CurrentPrincipal } from '../../../../kernel/access/index.js';
import { EventStream, PathId, Problems } from '../../../../kernel/http/index.js';
import type { Principal } from '../../../../kernel/operation/index.js';
import { NotFound, TooManyStreams, ValidationFailed } from '../../../../kernel/problem/index.js';
import { CommandDirectory } from '../../commands/command-directory.js';
import { OutputEndView, OutputPieceView } from './output.dto.js';
import { OutputStreams } from './output-streams.js';

@ApiTags('Terminal')
@Controller('terminal/commands')
@Authenticated()
export class CommandOutputController {
  constructor(
    private readonly directory: CommandDirectory,
    private readonly streams: OutputStreams,
  ) {}

  /**
   * Streams what a command of the server writes: events `output`, whose data has the bytes in base64, then one event `end`
   * with how it ended. The `id` of an event is how many bytes have been sent with it; a client that comes back with
   * `Last-Event-ID` goes on behind them, at whichever replica. A command that has not begun is waited for. The first
   * 1 MiB is kept, for seven days. Ends without `end` when the credential does, or the right to see the command.
   */
  @Get(':id/output')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last event that was received.',
    schema: { type: 'string', pattern: '^[0-9]{1,9}$', example: '4096' },
  })
  @EventStream(
    [OutputPieceView, OutputEndView],
    'Server-sent events: `output` with a piece of the output, at last `end`.',
  )
  @Problems(NotFound, TooManyStreams, ValidationFailed)
  async follow(
    @PathId() id: string,
    @CurrentPrincipal() reader: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { id: commandId } = await this.directory.view(id, reader);
    const token = bearerToken(request.raw.rawHeaders) ?? '';
    const position = positionAfter(request.headers['last-event-id']);
    await this.streams.serve({ commandId, reader, token, position }, reply);
  }
}

/** @throws ValidationFailed */
function positionAfter(lastEventId: string | string[] | undefined): number {
  if (lastEventId === undefined || lastEventId === '') return 0;
  if (typeof lastEventId === 'string' && /^\d{1,9}$/.test(lastEventId)) return Number(lastEventId);
  throw new ValidationFailed([
    {
      in: 'header',
      pointer: '/last-event-id',
      code: 'integer',
      message: 'Last-Event-ID must be the id of an event.',
    },
  ]);
}
