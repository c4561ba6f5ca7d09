import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { ChangeFeed, Transactional, UnitOfWork } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { ApprovalsRepository } from '../approvals/approvals.repository.js';
import { type Because, Resolutions } from '../approvals/resolutions.js';
import type { Reason } from '../decision/index.js';
import { RunsRepository } from '../execution/runs.repository.js';
import { CommandNotPending, NotRequester } from '../terminal.errors.js';
import { ChangesAwaited } from '../waiting/changes-awaited.js';
import { CommandView } from './command.dto.js';
import { CommandCancelled, CommandStopped } from './command.events.js';
import { readsAllCommands } from './command-readers.js';
import type { CommandRequest, CommandStatus } from './command-request.entity.js';
import { CommandsRepository } from './commands.repository.js';

const NOT_BEGUN: readonly CommandStatus[] = ['awaiting_confirmation', 'queued'];

/** How long whoever stops a running command waits to see it end. */
const LONGEST_STOP_MS = 10_000;

/** Ends commands that have not begun, and asks for the end of those that the server runs. Whoever needs the approval and the command takes the approval first. */
@Injectable()
export class Cancelling {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly approvals: ApprovalsRepository,
    private readonly resolutions: Resolutions,
    private readonly runs: RunsRepository,
    private readonly awaited: ChangesAwaited,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
  ) {}

  /** @throws NotFound, NotRequester, CommandNotPending when a client runs it or it is over */
  async cancel(id: string, caller: Principal, gone: AbortSignal): Promise<CommandView> {
    const command = await this.withdraw(id, caller);
    // Inside a transaction whoever runs it could not know yet.
    if (command.status !== 'running' || this.unitOfWork.isActive()) return CommandView.of(command);
    const ended = await this.awaited.until({
      tag: `command:${id}`,
      load: async () => (await this.commands.byId(caller, id)) ?? command,
      isOver: ({ status }) => status !== 'running',
      longestMs: LONGEST_STOP_MS,
      gone,
    });
    return CommandView.of(ended);
  }

  @Transactional()
  async withdraw(id: string, caller: Principal): Promise<CommandRequest> {
    const command = await this.commands.byId(caller, id);
    if (command === null) throw new NotFound();
    if (command.principalId !== caller.id)
      throw readsAllCommands(caller) ? new NotRequester() : new NotFound();
    const isEnded = (await this.end(command, 'requester')) || (await this.stop(command));
    const now = (await this.commands.byId(caller, id)) ?? command;
    if (!isEnded)
      throw new CommandNotPending(`The command is ${now.status}; it cannot be withdrawn.`, now.status);
    return now;
  }

  /**
   * Inside the caller's transaction. Whether it was still to be ended.
   *
   * @param reasons that the command is to say from then on, beside its own
   */
  async end(command: CommandRequest, because: Because, reasons: readonly Reason[] = []): Promise<boolean> {
    const { approvalId } = command;
    if (approvalId !== null) {
      const approval = await this.approvals.lock(command, approvalId);
      if (approval !== null && (await this.resolutions.cancel(approval, because, reasons))) return true;
    }
    return this.endCommand(command, because, reasons);
  }

  /** Whether it is run by the server, which will end it now. */
  private async stop({ id, tenantId }: CommandRequest): Promise<boolean> {
    if (!(await this.runs.requestStop(id))) return false;
    const detail = { because: 'requester' } as const;
    await this.events.record(new CommandStopped({ resourceId: id, commandId: id, tenantId, detail }));
    await this.changes.announce('command', id);
    return true;
  }

  private async endCommand(
    command: TenantScope & { id: string },
    because: Because,
    reasons: readonly Reason[],
  ): Promise<boolean> {
    const decision = because === 'policy' ? 'rejected' : null;
    const moved = await this.commands.move(command, command.id, NOT_BEGUN, 'cancelled', decision, reasons);
    if (moved === null) return false;
    const { id, tenantId } = moved;
    await this.events.record(
      new CommandCancelled({ resourceId: id, commandId: id, tenantId, detail: { because, decision } }),
    );
    await this.changes.announce('command', id);
    return true;
  }
}
