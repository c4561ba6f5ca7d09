import { Injectable } from '@nestjs/common';
import { Claims } from '../commands/claims.js';
import type { CommandRequest } from '../commands/command-request.entity.js';
import { RefusedNow } from '../commands/refused-now.js';
import { standingTags } from '../judgement/standings.js';
import { storedCaller } from '../judgement/caller.js';

/** Whether what runs may go on running: who asked for it may leave, lose the right to, or meet a new block rule. */
@Injectable()
export class StandingRuns {
  constructor(private readonly claims: Claims) {}

  dependsOn(command: CommandRequest, tag: string): boolean {
    return standingTags(storedCaller(command)).includes(tag) || tag === `policy:${command.tenantId}`;
  }

  /** A rule that was only taken away ends nothing: it was there when the command began. */
  async mayGoOn(command: CommandRequest): Promise<boolean> {
    return !((await this.claims.judgedNow(command)) instanceof RefusedNow);
  }
}
