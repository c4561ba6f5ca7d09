import { Injectable } from '@nestjs/common';
import { Policy } from '../../../kernel/access/index.js';
import type { Reason } from '../decision/index.js';
import { storedCaller } from '../judgement/caller.js';
import { Judge } from '../judgement/judge.js';
import type { Judgement } from '../judgement/judgement.js';
import { DigestMismatch } from '../terminal.errors.js';
import { terminalPermissions } from '../terminal.permissions.js';
import type { CommandRequest } from './command-request.entity.js';
import { RefusedNow } from './refused-now.js';
import { storedAsk } from './stored-ask.js';

const RUN = terminalPermissions['terminal.run'];
const RIGHT_IS_GONE: Reason = { code: 'forbidden', message: `The permission ${RUN.name} is missing.` };

/** Looks once more at what waited, before somebody agrees to it and right before it is run. */
@Injectable()
export class Claims {
  constructor(
    private readonly judge: Judge,
    private readonly policy: Policy,
  ) {}

  /**
   * What is decided about the command by the rules and rights of now, or why they refuse it. What a person agreed to
   * stays agreed to, but nobody can agree to what is refused. By what the transaction at hand sees.
   */
  async judgedNow(command: CommandRequest): Promise<Judgement | RefusedNow> {
    const ask = storedAsk(command);
    if (ask === null) return new RefusedNow([]);
    if (!(await this.mayRunCommands(command))) return new RefusedNow([RIGHT_IS_GONE]);
    const judgement = await this.judge.judgeNow(ask, storedCaller(command));
    const { verdict, reasons } = judgement;
    return verdict === 'deny' || verdict === 'reject' ? new RefusedNow(reasons) : judgement;
  }

  /** Whether the right to ask for commands is still there. An agent has what the person has whom it acts for. */
  private async mayRunCommands(command: CommandRequest): Promise<boolean> {
    const { principalKind, principalId, delegatorId, tenantId } = command;
    const kind = principalKind === 'service' ? 'service' : 'user';
    const id = principalKind === 'agent' ? (delegatorId ?? principalId) : principalId;
    const { permissions } = await this.policy.rightsNow({ kind, id, tenantId });
    return permissions.has(RUN);
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
