import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal } from '../../../kernel/access/index.js';
import { Ok, Problems } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { ValidationFailed } from '../../../kernel/problem/index.js';
import { terminalPermissions } from '../terminal.permissions.js';
import { ReplayPolicy, ReplayView } from './replay.dto.js';
import { ReplayService } from './replay.service.js';

@ApiTags('Terminal rules')
@Controller('terminal/policy')
@Authenticated({ permission: terminalPermissions['terminal.policy'] })
export class TerminalPolicyController {
  constructor(private readonly replays: ReplayService) {}

  /** Tries a rule on recorded commands and tells which would be decided otherwise. Nothing is changed. */
  @Post('replay')
  @Ok(ReplayView)
  @Problems(ValidationFailed)
  replay(@Body() body: ReplayPolicy, @CurrentPrincipal() caller: Principal): Promise<ReplayView> {
    return this.replays.replay(body, caller);
  }
}
