import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../kernel/operation/index.js';
import { Clock, LAST_ID } from '../../../kernel/runtime/index.js';
import { CommandsRepository } from '../commands/commands.repository.js';
import type { CommandRequest } from '../commands/command-request.entity.js';
import { storedAsk } from '../commands/stored-ask.js';
import { type Caller, storedCaller } from '../judgement/caller.js';
import { inTurns } from '../judgement/in-turns.js';
import { Judge } from '../judgement/judge.js';
import type { Standing } from '../judgement/standing.js';
import { keyOf, Standings } from '../judgement/standings.js';
import { compiled } from '../rules/compiled.js';
import { requireExamplesHold } from '../rules/rule-examples.js';
import { RuleOwners } from '../rules/rule-owner.js';
import { RulesService } from '../rules/rules.service.js';
import type { TerminalRule } from '../rules/terminal-rule.entity.js';
import type { ChangedDecisionView, ReplayedRule, ReplayPolicy, ReplayView } from './replay.dto.js';

const DAY_MS = 24 * 3600 * 1000;
const MOST_EXAMINED = 5_000;
/** Commands may be slow to judge, and two judgements each would hold a client, and this process, for minutes. */
const LONGEST_MS = 5_000;
const AT_ONCE = 250;
const MOST_SHOWN = 100;

/** What is known about a caller today, and what it would be with the rule. */
interface Standpoints {
  readonly before: Standing;
  readonly after: Standing;
}

/** Tries a rule on what people really asked for, before it is written. */
@Injectable()
export class ReplayService {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly standings: Standings,
    private readonly judge: Judge,
    private readonly rules: RulesService,
    private readonly owners: RuleOwners,
    private readonly clock: Clock,
  ) {}

  /** @throws ValidationFailed for a rule that could not be saved */
  async replay({ rule: wish, sinceDays }: ReplayPolicy, caller: Principal): Promise<ReplayView> {
    const rule = await this.ruleFrom(wish, caller);
    const since = new Date(this.clock.nowMs() - sinceDays * DAY_MS);
    const standpoints = new Map<string, Standpoints>();
    const items: ChangedDecisionView[] = [];
    let [examined, changed, before] = [0, 0, LAST_ID];
    let [examinedSince, isLast] = [new Date(this.clock.nowMs()), false];
    const endMs = this.clock.monotonicMs() + LONGEST_MS;
    const isOver = () => this.clock.monotonicMs() >= endMs;
    while (!isLast && examined < MOST_EXAMINED && !isOver()) {
      const recorded = await this.commands.recorded(caller.tenantId, before, since, AT_ONCE);
      const tried = await inTurns(
        recorded,
        (command) => this.differenceFor(command, rule, standpoints),
        isOver,
      );
      const found = tried.filter((difference) => difference !== null);
      const last = recorded.at(tried.length - 1);
      if (tried.length > 0 && last !== undefined) [before, examinedSince] = [last.id, last.createdAt];
      isLast = recorded.length < AT_ONCE && tried.length === recorded.length;
      examined += tried.length;
      changed += found.length;
      items.push(...found.slice(0, MOST_SHOWN - items.length));
    }
    return {
      since,
      examined,
      isCapped: !isLast,
      examinedSince: isLast ? since : examinedSince,
      changed,
      items,
    };
  }

  private async ruleFrom(wish: ReplayedRule, caller: Principal): Promise<TerminalRule> {
    const { ownerScope: scope = 'global', ownerId } = wish;
    const place = { in: 'body', pointer: '/rule/ownerId' } as const;
    const owner = await this.owners.existing({ scope, ownerId }, caller, 'everybody', place);
    const rule = this.rules.ruleFrom(wish, wish.effect, owner, caller);
    requireExamplesHold(rule, '/rule');
    return rule;
  }

  private async differenceFor(
    command: CommandRequest,
    rule: TerminalRule,
    standpoints: Map<string, Standpoints>,
  ): Promise<ChangedDecisionView | null> {
    const ask = storedAsk(command);
    const caller = storedCaller(command);
    if (ask === null || !reaches(rule, caller, command.gatewayId)) return null;
    const { before, after } = await this.standpointsOf(caller, command.gatewayId, rule, standpoints);
    const asked = { ...ask, interactive: command.interactive ?? undefined };
    const { verdict: today } = await this.judge.judgeBy(asked, caller, before);
    const { verdict: then } = await this.judge.judgeBy(asked, caller, after);
    if (today === then) return null;
    return {
      commandId: command.id,
      principal: { kind: caller.kind, id: caller.id, name: caller.name },
      display: command.display,
      recorded: command.verdict,
      before: today,
      after: then,
    };
  }

  private async standpointsOf(
    caller: Caller,
    gatewayId: string | null,
    rule: TerminalRule,
    known: Map<string, Standpoints>,
  ): Promise<Standpoints> {
    const key = keyOf(caller, gatewayId);
    const there = known.get(key);
    if (there !== undefined) return there;
    // Trust ends within the hour; what a rule is worth is to be seen without.
    const before = { ...(await this.standings.get(caller, gatewayId)), windows: [] };
    const sources = [...before.sources, rule];
    const standpoints = { before, after: { ...before, sources, policy: compiled(sources) } };
    known.set(key, standpoints);
    return standpoints;
  }
}

function reaches(
  { ownerScope, ownerId, effect }: TerminalRule,
  caller: Caller,
  gatewayId: string | null,
): boolean {
  if (ownerScope === 'global') return true;
  if (ownerScope === 'gateway') return ownerId === gatewayId;
  if (ownerScope === 'department') return false;
  return ownerId === caller.id || (effect === 'block' && ownerId === caller.delegatorId);
}
