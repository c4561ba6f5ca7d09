import { Injectable } from '@nestjs/common';
import { Clock, Configuration } from '../../../kernel/runtime/index.js';
import { SettingsStore } from '../../../kernel/settings/index.js';
import {
  decide,
  type Decision,
  type DecisionRequest,
  digestOf,
  type Reason,
  type Verdict,
} from '../decision/index.js';
import { nonInteractiveDefault } from '../terminal.settings.js';
import type { Caller } from './caller.js';
import { DecisionMemory } from './decision-memory.js';
import { type Ask, type Judgement, judgementFrom } from './judgement.js';
import { matchingWindow } from './matching-window.js';
import type { Standing } from './standing.js';
import { Standings } from './standings.js';

/** Puts what is known about a caller beside a command and has the two decided about; adds what only a running service knows. */
@Injectable()
export class Judge {
  private readonly decisions = new DecisionMemory();

  constructor(
    private readonly standings: Standings,
    private readonly settings: SettingsStore,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {}

  /** Without waiting when the caller is known, because asking is what agents do most. */
  judge(ask: Ask, caller: Caller): Judgement | Promise<Judgement> {
    const gatewayId = ask.gatewayId ?? null;
    const standing = this.standings.peek(caller, gatewayId);
    if (standing !== undefined) return this.judgeAgain(ask, caller, standing);
    return this.standings.get(caller, gatewayId).then((loaded) => this.judgeAgain(ask, caller, loaded));
  }

  /** By what the transaction at hand sees: for commands that have waited and are about to go on. */
  async judgeNow(ask: Ask, caller: Caller): Promise<Judgement> {
    return this.judgeBy(ask, caller, await this.standings.now(caller, ask.gatewayId ?? null));
  }

  /** The digest of the command as it is stored, under the policy it was judged by: another one means that it was changed. */
  digestOf(ask: Ask, { kind, id }: Caller, policyVersion: string): string {
    return digestOf({ ...ask, principal: { kind, id, ...NO_FLAGS }, at: 0 }, policyVersion);
  }

  /** By what is known about the caller already. */
  judgeBy(ask: Ask, caller: Caller, standing: Standing): Judgement | Promise<Judgement> {
    const request = this.requestFor(ask, caller, standing);
    return this.judgement(ask, caller, standing, request, decide(request, standing.policy));
  }

  /** The same for a standing that is kept: the question may have come before. */
  private judgeAgain(ask: Ask, caller: Caller, standing: Standing): Judgement | Promise<Judgement> {
    const request = this.requestFor(ask, caller, standing);
    return this.judgement(ask, caller, standing, request, this.decisions.decide(request, standing));
  }

  /** What is decided about a command, given what is decided about it anywhere. */
  private judgement(
    ask: Ask,
    caller: Caller,
    standing: Standing,
    request: DecisionRequest,
    decision: Decision,
  ): Judgement | Promise<Judgement> {
    const { mode, interactive } = ask;
    if (mode === 'server' && this.configuration.terminalRoot === undefined)
      return judgementFrom(decision, { verdict: 'deny', reasons: [SERVER_IS_OFF] });
    if (!needsPerson(decision.verdict)) return judgementFrom(decision);
    const trusted = matchingWindow(request, decision, standing);
    if (trusted !== null) return trusted;
    if (interactive !== false) return judgementFrom(decision);
    if (mode === 'server') return judgementFrom(decide({ ...request, interactive }, standing.policy));
    return this.withoutPerson(decision, caller.tenantId);
  }

  private withoutPerson(decision: Decision, tenantId: string): Judgement | Promise<Judgement> {
    const known = this.settings.peek(tenantId, nonInteractiveDefault);
    if (known !== undefined) return nobodyThere(decision, known);
    return this.settings
      .get(tenantId, nonInteractiveDefault)
      .then((setting) => nobodyThere(decision, setting));
  }

  private requestFor(ask: Ask, { kind, id }: Caller, { flags }: Standing): DecisionRequest {
    const { command, mode, cwd, env, gatewayId } = ask;
    return {
      command,
      mode,
      cwd,
      env,
      gatewayId,
      root: mode === 'server' ? this.configuration.terminalRoot : undefined,
      principal: { kind, id, ...flags },
      at: this.clock.nowMs(),
    };
  }
}

const NO_FLAGS = { isActive: false, isTerminalAuthorized: false, isServerTerminalAuthorized: false };

function needsPerson(verdict: Verdict): boolean {
  return verdict === 'confirm' || verdict === 'approve';
}

const SERVER_IS_OFF: Reason = {
  code: 'server_terminal_off',
  message:
    'This server runs no commands. Run it in local mode, or ask the operator to set REEVE_SERVER_TERMINAL and REEVE_TERMINAL_ROOT.',
};

const NOBODY_CONFIRMS: Reason = {
  code: 'not_interactive',
  message: 'Nobody is there to confirm it, and the tenant has such commands denied.',
};
const WAITS_FOR_APPROVER: Reason = {
  code: 'not_interactive',
  message: 'Nobody is there to confirm it, so an approver is asked.',
};

function nobodyThere(decision: Decision, verdict: 'approve' | 'deny'): Judgement {
  const reason = verdict === 'deny' ? NOBODY_CONFIRMS : WAITS_FOR_APPROVER;
  return judgementFrom(decision, { verdict, reasons: [...decision.reasons, reason] });
}
