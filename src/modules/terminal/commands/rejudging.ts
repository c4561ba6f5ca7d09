import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { storedCaller } from '../judgement/caller.js';
import { Judge } from '../judgement/judge.js';
import { CommandsRepository } from './commands.repository.js';
import { storedAsk } from './stored-ask.js';

/** What is decided about a command that waits, by the rules and rights of now. */
export interface Rejudged {
  readonly isRefused: boolean;
  readonly policyVersion: string;
}

/** Judges once more what was judged before, by what the transaction at hand sees. */
@Injectable()
export class Rejudging {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly judge: Judge,
  ) {}

  async of(scope: TenantScope, commandId: string): Promise<Rejudged> {
    const command = await this.commands.byId(scope, commandId);
    const ask = command === null ? null : storedAsk(command);
    if (command === null || ask === null) return { isRefused: true, policyVersion: '' };
    const { verdict, policyVersion } = await this.judge.judgeNow(ask, storedCaller(command));
    return { isRefused: verdict === 'deny' || verdict === 'reject', policyVersion };
  }
}
