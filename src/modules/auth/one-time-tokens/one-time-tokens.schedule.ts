import { Injectable } from '@nestjs/common';
import { Scheduled } from '../../../kernel/jobs/index.js';
import { OneTimeTokens } from './one-time-tokens.js';

/** Housekeeping only: whether a token has expired is judged when it is used. */
@Injectable()
export class OneTimeTokensSchedule {
  constructor(private readonly tokens: OneTimeTokens) {}

  @Scheduled({
    name: 'auth.sweep-one-time-tokens',
    everySeconds: 900,
    description: 'Removes one-time tokens that have expired.',
  })
  async sweep(): Promise<void> {
    await this.tokens.sweep();
  }
}
