import { Injectable } from '@nestjs/common';
import { Clock, firstIdAt } from '../../../kernel/runtime/index.js';
import type { TerminalStatsView } from './stats.dto.js';
import { StatsRepository } from './stats.repository.js';
import { suggestedRules } from './suggested-rules.js';

const DAY_MS = 24 * 3600 * 1000;
const MOST_PROMPTS = 2_000;

/** How much is asked of people, and what of it could be spared. */
@Injectable()
export class StatsService {
  constructor(
    private readonly stats: StatsRepository,
    private readonly clock: Clock,
  ) {}

  async of(tenantId: string, sinceDays: number): Promise<TerminalStatsView> {
    const nowMs = this.clock.nowMs();
    const since = new Date(nowMs - sinceDays * DAY_MS);
    const sinceId = firstIdAt(since.getTime());
    const { commands, prompts, agentHours, agreed, refused, medianSeconds, verdicts } =
      await this.stats.figures(tenantId, sinceId);
    const decided = await this.stats.decidedPrompts(tenantId, sinceId, MOST_PROMPTS);
    return {
      since,
      commands,
      verdicts,
      prompts,
      promptsPerAgentHour: shareOf(prompts, agentHours),
      approveRate: shareOf(agreed, agreed + refused),
      medianSecondsToDecision: medianSeconds === null ? null : rounded(medianSeconds),
      suggestedRules: await suggestedRules(decided, nowMs),
    };
  }
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : rounded(part / whole);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
