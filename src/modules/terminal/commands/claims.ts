import { Injectable } from '@nestjs/common';
import { Policy } from '../../../kernel/access/index.js';
import { storedCaller } from '../judgement/caller.js';
import { Judge } from '../judgement/judge.js';
import type { Judgement } from '../judgement/judgement.js';
import { DigestMismatch } from '../terminal.errors.js';
import { terminalPermissions } from '../terminal.permissions.js';
import type { CommandRequest } from './command-request.entity.js';
import { storedAsk } from './stored-ask.js';

/** Looks once more at what waited, before somebody agrees to it and right before it is run. */
@Injectable()
export class Claims {
  constructor(
    private readonly judge: Judge,
    private readonly policy: Policy,
  ) {}

  /**
   * What is decided about the command by the rules and rights of now; null when they refuse it. What a person agreed to
   * stays agreed to, but nobody can agree to what is refused. By what the transaction at hand sees.
   */
  async judgedNow(command: CommandRequest): Promise<Judgement | null> {
    const ask = storedAsk(command);
    if (ask === null || !(await this.mayRunCommands(command))) return null;
    const judgement = await this.judge.judgeNow(ask, storedCaller(command));
    return judgement.verdict === 'deny' || judgement.verdict === 'reject' ? null : judgement;
  }

  /** Whether the right to ask for commands is still there. An agent has what the person has whom it acts for. */
  private async mayRunCommands(command: CommandRequest): Promise<boolean> {
    const { principalKind, principalId, delegatorId, tenantId } = command;
    const kind = principalKind === 'service' ? 'service' : 'user';
    const id = principalKind === 'agent' ? (delegatorId ?? principalId) : principalId;
    const { permissions } = await this.policy.rightsNow({ kind, id, tenantId });
    return permissions.has(terminalPermissions['terminal.run']);
  }

  /** @throws DigestMismatch when the row does not say any more what was agreed to */
  requireUnchanged(command: CommandRequest): void {
    if (!this.isUnchanged(command))
      throw new DigestMismatch('The command is not the one that was agreed to; it is not run.');
  }

  /** Whether everything that decides what happens is as it was when the digest was made. */
  isUnchanged(command: CommandRequest): boolean {
    const ask = storedAsk(command);
    const { digest, policyVersion } = command;
    return ask !== null && this.judge.digestOf(ask, storedCaller(command), policyVersion) === digest;
  }
}
