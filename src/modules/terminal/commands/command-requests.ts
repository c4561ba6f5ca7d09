import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional, UnitOfWork } from '../../../kernel/database/index.js';
import { EventLog, type Fact } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Clock, Ids } from '../../../kernel/runtime/index.js';
import { NewApprovals } from '../approvals/new-approvals.js';
import { askFrom } from '../evaluations/evaluations.service.js';
import { type Caller, callerOf } from '../judgement/caller.js';
import { Judge } from '../judgement/judge.js';
import type { Ask, Judgement } from '../judgement/judgement.js';
import { TrustUse } from '../trust/trust-use.js';
import { ChangesAwaited } from '../waiting/changes-awaited.js';
import { WaitingClients } from '../waiting/waiting-clients.js';
import { CommandView, type RequestCommand } from './command.dto.js';
import { CommandRequested } from './command.events.js';
import {
  type CommandRequest,
  type CommandStatus,
  type Decision,
  USUAL_RUN_SECONDS,
} from './command-request.entity.js';
import { CommandsRepository } from './commands.repository.js';
import { displayOf, isKept } from './display.js';

/** Takes commands in: judges them, keeps what was asked and decided, and asks a person where one is needed. */
@Injectable()
export class CommandRequests {
  constructor(
    private readonly judge: Judge,
    private readonly commands: CommandsRepository,
    private readonly approvals: NewApprovals,
    private readonly trust: TrustUse,
    private readonly awaited: ChangesAwaited,
    private readonly clients: WaitingClients,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * A refusal is an answer, too.
   *
   * @throws ValidationFailed for a command in two forms or in none
   * @throws TooManyStreams before the command is taken in, so that no client loses sight of what it asked for
   */
  async request(body: RequestCommand, principal: Principal, gone: AbortSignal): Promise<CommandView> {
    const longestMs = (body.waitSeconds ?? 0) * 1000;
    // Inside a transaction nobody else could see the command yet, let alone decide about it.
    if (longestMs === 0 || this.unitOfWork.isActive())
      return CommandView.of(await this.take(body, principal));
    const outcome = await this.clients.during(principal, async () =>
      this.outcome(await this.take(body, principal), longestMs, gone),
    );
    return CommandView.of(outcome);
  }

  private async take(body: RequestCommand, principal: Principal): Promise<CommandRequest> {
    const caller = callerOf(principal);
    const ask = askFrom(body, '');
    return this.place(body, ask, caller, await this.judge.judge(ask, caller));
  }

  private outcome(command: CommandRequest, longestMs: number, gone: AbortSignal): Promise<CommandRequest> {
    return this.awaited.until({
      tag: `command:${command.id}`,
      load: async () => (await this.commands.byId(command, command.id)) ?? command,
      isOver,
      longestMs,
      gone,
    });
  }

  @Transactional()
  async place(body: RequestCommand, ask: Ask, caller: Caller, first: Judgement): Promise<CommandRequest> {
    const facts: Fact[] = [];
    let judgement = first;
    // A window that somebody else has used up meanwhile is no reason any more.
    while (judgement.trustWindowId !== null) {
      const used = await this.trust.use(judgement.trustWindowId, caller);
      if (used !== null) {
        facts.push(used);
        break;
      }
      judgement = await this.judge.judgeNow(ask, caller);
    }
    const command = this.rowOf(body, ask, caller, judgement);
    if (judgement.verdict === 'approve') command.approvalId = this.ids.next();
    await this.commands.add(command);
    if (command.approvalId !== null) {
      facts.push(await this.approvals.open(command.approvalId, command));
      await this.changes.announce('approval', command.approvalId);
    }
    // Whoever runs commands looks for what is to be run.
    if (command.status === 'queued') await this.changes.announce('command', command.id);
    await this.events.record(requested(command), ...facts);
    return command;
  }

  private rowOf(body: RequestCommand, ask: Ask, caller: Caller, judgement: Judgement): CommandRequest {
    const now = this.clock.now();
    const { command: form, mode } = ask;
    const { status, decision } = STATE_AFTER[judgement.verdict](mode);
    const keeps = isKept(form);
    return {
      id: this.ids.next(),
      tenantId: caller.tenantId,
      principalKind: caller.kind,
      principalId: caller.id,
      principalName: caller.name,
      delegatorId: caller.delegatorId,
      delegationId: null,
      sessionId: body.sessionId,
      mode,
      gatewayId: ask.gatewayId ?? null,
      command: keeps ? (form.text ?? null) : null,
      argv: keeps && form.argv !== undefined ? [...form.argv] : null,
      display: displayOf(form),
      segments: keeps ? [...judgement.segments] : [],
      cwd: ask.cwd ?? null,
      env: { ...ask.env },
      interactive: ask.interactive ?? null,
      reason: body.reason ?? null,
      digest: judgement.digest,
      policyVersion: judgement.policyVersion,
      verdict: judgement.verdict,
      reasons: [...judgement.reasons],
      status,
      decision,
      decidedAt: decision === null ? null : now,
      approvalId: null,
      trustWindowId: judgement.trustWindowId,
      timeoutSeconds: body.timeoutSeconds ?? USUAL_RUN_SECONDS,
      executorId: null,
      leaseUntil: null,
      stopBecause: null,
      exitCode: null,
      signal: null,
      outputSha256: null,
      outputBytes: '0',
      startedAt: null,
      finishedAt: null,
      createdAt: now,
    };
  }
}

interface State {
  readonly status: CommandStatus;
  readonly decision: Decision | null;
}

const STATE_AFTER: Record<Judgement['verdict'], (mode: Ask['mode']) => State> = {
  // The client runs it by itself; what the server is to run waits for its turn, and is not said to have run before.
  allow: (mode) =>
    mode === 'local' ? { status: 'evaluated', decision: 'executed' } : { status: 'queued', decision: null },
  confirm: () => ({ status: 'awaiting_confirmation', decision: null }),
  approve: () => ({ status: 'awaiting_approval', decision: null }),
  reject: () => ({ status: 'rejected', decision: 'rejected' }),
  deny: () => ({ status: 'denied', decision: 'denied' }),
};

/** Whether the caller has something to act on: a client that runs it itself need not wait for the run. */
function isOver({ mode, status }: CommandRequest): boolean {
  if (status === 'awaiting_approval') return false;
  return mode === 'local' || (status !== 'queued' && status !== 'running');
}

function requested(command: CommandRequest): CommandRequested {
  const { id, mode, verdict, status, reasons, digest, policyVersion, sessionId } = command;
  return new CommandRequested({
    resourceId: id,
    commandId: id,
    approvalId: command.approvalId ?? undefined,
    gatewayId: command.gatewayId ?? undefined,
    outcome: verdict === 'deny' || verdict === 'reject' ? 'denied' : 'success',
    detail: {
      mode,
      verdict,
      status,
      reasons: reasons.map(({ code }) => code).slice(0, 20),
      digest,
      policyVersion,
      sessionId,
    },
  });
}
