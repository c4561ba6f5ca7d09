import { ApiProperty } from '@nestjs/swagger';
import { ConvertNumber, Optional, WholeNumber } from '../../../kernel/http/index.js';

export class StatsQuery {
  /** How many days to look back. */
  @ApiProperty({ required: false, description: 'How many days to look back.', default: 7 })
  @Optional()
  @ConvertNumber()
  @WholeNumber({ min: 1, max: 30, example: 7 })
  sinceDays?: number;
}

/** A rule that would have spared people's time. */
export class SuggestedRuleView {
  /** The first words of the commands. */
  @ApiProperty({ example: 'npm publish' })
  pattern: string;

  /** How often people were asked about such commands, and agreed each time. */
  @ApiProperty({ type: 'integer', example: 12 })
  prompts: number;

  /** How many different principals asked. */
  @ApiProperty({ type: 'integer', example: 2 })
  principals: number;
}

export class TerminalStatsView {
  /** From when on. */
  @ApiProperty({ example: '2026-01-01T00:00:00.000Z' })
  since: Date;

  /** Commands that were asked for. */
  @ApiProperty({ type: 'integer', example: 240 })
  commands: number;

  /** How many of them got which verdict. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { allow: 200, confirm: 40 },
  })
  verdicts: Record<string, number>;

  /** How many of them a person was asked about. */
  @ApiProperty({ type: 'integer', example: 40 })
  prompts: number;

  /** Prompts for each hour in which a principal asked for something; null when nobody did. */
  @ApiProperty({ type: Number, nullable: true, example: 1.6 })
  promptsPerAgentHour: number | null;

  /** Share of the decided prompts that were agreed to, from 0 to 1; null when none was decided. */
  @ApiProperty({ type: Number, nullable: true, example: 0.95 })
  approveRate: number | null;

  /** Half of the prompts were decided faster; null when none was decided. */
  @ApiProperty({ type: Number, nullable: true, example: 14.2 })
  medianSecondsToDecision: number | null;

  /** Narrow rules for what was always agreed to. */
  @ApiProperty({ type: [SuggestedRuleView] })
  suggestedRules: SuggestedRuleView[];
}
