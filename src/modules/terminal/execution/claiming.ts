import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Agreements } from '../approvals/agreements.js';
import { Claims } from '../commands/claims.js';
import { CommandRefused, CommandStarted } from '../commands/command.events.js';
import type { CommandRequest, CommandStatus, Decision } from '../commands/command-request.entity.js';
import { NOT_ALLOWED_NOW, RefusedNow } from '../commands/refused-now.js';
import type { Reason } from '../decision/index.js';
import type { Judgement } from '../judgement/judgement.js';
import { TrustRepository } from '../trust/trust.repository.js';
import type { RunForm } from './driver.js';
import { aboutRun } from './run-facts.js';
import { RunsRepository } from './runs.repository.js';

/** A command that is this process's to run, once. */
export interface Claimed {
  readonly command: CommandRequest;
  readonly form: RunForm;
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  /** What else the command is to say about it. */
  readonly more?: readonly Reason[];
  readonly status: CommandStatus;
  /** Null leaves the one there is: that time went by decides nothing. */
  readonly decision: Decision | null;
}

const CHANGED: Refusal = {
  code: 'digest_mismatch',
  message: 'The command is not the one that was agreed to; it is not run.',
  status: 'denied',
  decision: 'denied',
};
const OUTDATED: Refusal = {
  code: 'approval_expired',
  message: 'It was not run in time; what was agreed to or allowed then is asked for again.',
  status: 'expired',
  decision: null,
};
/** What is allowed or agreed to for another machine is not meant for this one. */
const ELSEWHERE: Refusal = {
  code: 'gateway_unreachable',
  message: 'It is meant for a gateway, and this server reaches none. It is not run on the server instead.',
  status: 'denied',
  decision: 'denied',
};
const TAKEN_BACK: Refusal = { ...NOT_ALLOWED_NOW, status: 'cancelled', decision: 'rejected' };

/**
 * Takes a command that waits to be run. Everything it rests on is looked at once more, in the transaction that takes it:
 * what is stored, what people agreed to, rules, rights and the time.
 */
@Injectable()
export class Claiming {
  constructor(
    private readonly runs: RunsRepository,
    private readonly agreements: Agreements,
    private readonly trust: TrustRepository,
    private readonly claims: Claims,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
  ) {}

  /** Null when there is nothing to run: somebody else was first, or it is refused now. */
  @Transactional()
  async claim(id: string, executorId: string): Promise<Claimed | null> {
    const command = await this.runs.lock(id);
    if (command === null) return null;
    const form = await this.formOf(command);
    if ('code' in form) {
      await this.refuse(command.id, executorId, form);
      return null;
    }
    const begun = await this.runs.begin(id, executorId);
    if (begun === null) return null;
    const { digest, timeoutSeconds } = begun;
    const detail = { form: form.kind, digest, timeoutSeconds };
    await this.events.record(new CommandStarted({ ...aboutRun(begun), detail }));
    await this.changes.announce('command', id);
    return { command: begun, form };
  }

  /** Nothing was started, or will be. */
  @Transactional()
  async refuse(id: string, executorId: string, refusal: Refusal): Promise<void> {
    const { code, message, more = [], status, decision } = refusal;
    const reasons = [{ code, message }, ...more];
    const refused = await this.runs.refuse(id, executorId, status, decision, reasons);
    if (refused === null) return;
    const detail = { because: code, status, decision };
    await this.events.record(
      new CommandRefused({ ...aboutRun(refused), outcome: 'denied' as const, detail }),
    );
    await this.changes.announce('command', id);
  }

  private async formOf(command: CommandRequest): Promise<RunForm | Refusal> {
    if (!this.claims.isUnchanged(command)) return CHANGED;
    if (command.gatewayId !== null) return ELSEWHERE;
    const judgement = await this.claims.judgedNow(command);
    if (judgement instanceof RefusedNow) return { ...TAKEN_BACK, more: judgement.refusedBy };
    const fault = await this.agreements.faultOf(command, judgement.policyVersion);
    if (fault !== null) return fault === 'changed' ? CHANGED : OUTDATED;
    return command.approvalId === null
      ? this.allowedForm(command, judgement)
      : agreedForm(command, judgement);
  }

  /** Nobody was asked, so a rule, or the trust that was spent on it, has to let it pass now as it did then. */
  private async allowedForm(command: CommandRequest, judgement: Judgement): Promise<RunForm | Refusal> {
    if (judgement.verdict === 'allow' && judgement.trustWindowId === null)
      return literalForm(command, judgement);
    if (command.trustWindowId === null)
      return { ...TAKEN_BACK, more: judgement.verdict === 'allow' ? [] : judgement.reasons };
    const window = await this.trust.byId(command, command.trustWindowId);
    if (window === null || window.revokedAt !== null || window.principalId !== command.principalId)
      return TAKEN_BACK;
    // Trust in an exact command is a person's word for it; trust in a pattern only widens what a rule would allow.
    if (window.pattern !== null) return literalForm(command, judgement);
    return window.digest === command.digest ? agreedForm(command, judgement) : CHANGED;
  }
}

function literalForm({ argv, command }: CommandRequest, { segments }: Judgement): RunForm {
  if (argv !== null) return { kind: 'program', argv, pin: segments[0]?.pin };
  return { kind: 'sequence', text: command ?? '', pins: segments.map(({ pin }) => pin) };
}

function agreedForm({ argv, command }: CommandRequest, { segments }: Judgement): RunForm {
  if (argv !== null) return { kind: 'program', argv, pin: segments[0]?.pin };
  return { kind: 'script', text: command ?? '' };
}
