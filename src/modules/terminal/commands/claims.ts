import { Injectable } from '@nestjs/common';
import { storedCaller } from '../judgement/caller.js';
import { Judge } from '../judgement/judge.js';
import { DigestMismatch } from '../terminal.errors.js';
import type { CommandRequest } from './command-request.entity.js';
import { storedAsk } from './stored-ask.js';

/** Looks once more, right before something that waited is run. */
@Injectable()
export class Claims {
  constructor(private readonly judge: Judge) {}

  /**
   * Whether rules and rights still let the command go on: what a person agreed to stays agreed to, but nobody can agree to
   * what is refused. By what the transaction at hand sees.
   */
  async isRefusedNow(command: CommandRequest): Promise<boolean> {
    const ask = storedAsk(command);
    if (ask === null) return true;
    const { verdict } = await this.judge.judgeNow(ask, storedCaller(command));
    return verdict === 'deny' || verdict === 'reject';
  }

  /** @throws DigestMismatch when the row does not say any more what was agreed to */
  requireUnchanged(command: CommandRequest): void {
    const ask = storedAsk(command);
    const { digest, policyVersion } = command;
    if (ask === null || this.judge.digestOf(ask, storedCaller(command), policyVersion) !== digest)
      throw new DigestMismatch('The command is not the one that was agreed to; it is not run.');
  }
}
