import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, type Problem } from '../../../kernel/problem/index.js';
import { Agreements } from '../approvals/agreements.js';
import {
  ApprovalExpired,
  CommandNotPending,
  DigestMismatch,
  NotRequester,
  PolicyChanged,
} from '../terminal.errors.js';
import { Claims } from './claims.js';
import { CommandView, type ReportResult } from './command.dto.js';
import { CommandCancelled, CommandConfirmed, CommandReported } from './command.events.js';
import type { CommandRequest, CommandStatus } from './command-request.entity.js';
import { readsAllCommands } from './command-readers.js';
import { CommandsRepository } from './commands.repository.js';
import { RefusedNow } from './refused-now.js';

type Outcome = { readonly command: CommandRequest } | { readonly problem: Problem };

/** What the clients tell that run commands themselves: that their user agreed, and how it ended. */
@Injectable()
export class LocalRuns {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly agreements: Agreements,
    private readonly claims: Claims,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
  ) {}

  /**
   * The user agreed or not; for a command that approvers agreed to: it is being run now, which can be said once.
   *
   * @throws NotFound, NotRequester, CommandNotPending, DigestMismatch, PolicyChanged, ApprovalExpired
   */
  async confirm(id: string, confirmed: boolean, caller: Principal): Promise<CommandView> {
    const outcome = confirmed ? await this.takeUp(id, caller) : await this.putDown(id, caller);
    if ('problem' in outcome) throw outcome.problem;
    return CommandView.of(outcome.command);
  }

  @Transactional()
  async takeUp(id: string, caller: Principal): Promise<Outcome> {
    const command = await this.held(id, caller);
    this.claims.requireUnchanged(command);
    const judgement = await this.claims.judgedNow(command);
    if (judgement instanceof RefusedNow) return this.refused(command, judgement);
    switch (await this.agreements.faultOf(command, judgement.policyVersion)) {
      case 'changed':
        throw new DigestMismatch('The command or the rules have changed since it was approved; ask again.');
      case 'outdated':
        throw new ApprovalExpired();
      case null:
        return { command: await this.confirmed(command, 'running', true) };
    }
  }

  @Transactional()
  async putDown(id: string, caller: Principal): Promise<Outcome> {
    return { command: await this.confirmed(await this.held(id, caller), 'rejected', false) };
  }

  /** @throws NotFound, NotRequester, CommandNotPending when it was not being run, or has been reported */
  @Transactional()
  async report(id: string, result: ReportResult, caller: Principal): Promise<CommandView> {
    const command = await this.own(id, caller);
    const { exitCode, signal = null, outputSha256 = null, outputBytes = 0 } = result;
    const status = exitCode === 0 ? 'succeeded' : 'failed';
    const { tenantId } = command;
    const finished = await this.commands.finish({
      ...{ tenantId, id, status, exitCode, signal, outputSha256, outputBytes },
    });
    if (finished === null)
      throw new CommandNotPending(`The command is ${command.status}; it was not being run.`, command.status);
    await this.events.record(
      new CommandReported({
        ...about(finished),
        outcome: exitCode === 0 ? 'success' : 'failure',
        detail: { status, exitCode, signal, outputSha256 },
      }),
    );
    await this.changes.announce('command', id);
    return CommandView.of(finished);
  }

  private async held(id: string, caller: Principal): Promise<CommandRequest> {
    await this.own(id, caller);
    const command = await this.commands.lock(caller, id);
    if (command === null) throw new NotFound();
    // Cancelled with a decision: the rules took it back while nobody looked.
    if (command.status === 'cancelled' && command.decision === 'rejected') throw new PolicyChanged();
    const isWaiting = command.status === 'awaiting_confirmation' || command.status === 'queued';
    if (command.mode !== 'local' || !isWaiting)
      throw new CommandNotPending(
        `The command is ${command.status}; there is nothing to confirm.`,
        command.status,
      );
    return command;
  }

  private async own(id: string, caller: Principal): Promise<CommandRequest> {
    const command = await this.commands.byId(caller, id);
    if (command === null) throw new NotFound();
    if (command.principalId === caller.id) return command;
    throw readsAllCommands(caller) ? new NotRequester() : new NotFound();
  }

  private async refused(command: CommandRequest, { reasons }: RefusedNow): Promise<Outcome> {
    await this.commands.move(command, command.id, [command.status], 'cancelled', 'rejected', reasons);
    await this.events.record(
      new CommandCancelled({
        ...about(command),
        outcome: 'denied',
        detail: { because: 'policy', decision: 'rejected' },
      }),
    );
    await this.changes.announce('command', command.id);
    return { problem: new PolicyChanged() };
  }

  private async confirmed(
    command: CommandRequest,
    status: CommandStatus,
    confirmed: boolean,
  ): Promise<CommandRequest> {
    const decision = confirmed ? 'confirmed' : 'rejected';
    const moved = await this.commands.move(command, command.id, [command.status], status, decision);
    if (moved === null) throw new CommandNotPending('Somebody else was first.', command.status);
    const detail = { confirmed, status, digest: command.digest };
    await this.events.record(
      new CommandConfirmed({ ...about(command), outcome: confirmed ? 'success' : 'denied', detail }),
    );
    await this.changes.announce('command', command.id);
    return moved;
  }
}

function about({ id, approvalId }: CommandRequest) {
  return { resourceId: id, commandId: id, approvalId: approvalId ?? undefined };
}
