import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { Identifier, OneOf, Optional, Satisfies, WholeNumber } from '../../../kernel/http/index.js';
import { PrincipalView } from '../commands/principal.view.js';
import type { Verdict } from '../decision/index.js';
import { CreateRule } from '../rules/rule.dto.js';
import {
  OWNER_SCOPES,
  type OwnerScope,
  RULE_EFFECTS,
  type RuleEffect,
} from '../rules/terminal-rule.entity.js';

const VERDICTS = ['allow', 'confirm', 'approve', 'reject', 'deny'] as const;

/** A rule that is not there yet. */
export class ReplayedRule extends CreateRule {
  @ApiProperty({ description: 'Whether it allows or blocks.' })
  @OneOf(RULE_EFFECTS, { example: 'block' })
  effect: RuleEffect;

  @ApiProperty({ description: 'Whom it would be about; everybody when left out.' })
  @Optional()
  @OneOf(OWNER_SCOPES, { example: 'global' })
  ownerScope?: OwnerScope;

  @ApiProperty({ description: 'Which principal, department or gateway.' })
  @Optional()
  @Identifier()
  ownerId?: string;
}

export class ReplayPolicy {
  @ApiProperty({
    type: ReplayedRule,
    description: 'The rule to try.',
    example: { effect: 'block', pattern: 'terraform destroy' },
  })
  @Satisfies('object', 'must be an object', (value) => typeof value === 'object' && !Array.isArray(value))
  @ValidateNested()
  @Type(() => ReplayedRule)
  rule: ReplayedRule;

  @ApiProperty({ description: 'How many days of recorded commands to try it on.' })
  @WholeNumber({ min: 1, max: 30, example: 7 })
  sinceDays: number;
}

export class ChangedDecisionView {
  /** The recorded command. */
  @ApiProperty({ format: 'uuid', example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3d02' })
  commandId: string;

  /** Who asked. */
  @ApiProperty({ type: PrincipalView })
  principal: PrincipalView;

  /** The command for the eyes of a person. */
  @ApiProperty({ example: 'terraform destroy' })
  display: string;

  /** What was decided then. */
  @ApiProperty({ enum: [...VERDICTS], example: 'approve' })
  recorded: Verdict;

  /** What would be decided today without the rule. */
  @ApiProperty({ enum: [...VERDICTS], example: 'approve' })
  before: Verdict;

  /** What would be decided today with it. */
  @ApiProperty({ enum: [...VERDICTS], example: 'reject' })
  after: Verdict;
}

export class ReplayView {
  /** From when on. */
  @ApiProperty({ example: '2026-01-01T00:00:00.000Z' })
  since: Date;

  /** How many commands were tried, the newest first. */
  @ApiProperty({ type: 'integer', example: 240 })
  examined: number;

  /** Whether there were more than are tried: 5,000, or as many as 5 seconds suffice for. */
  @ApiProperty({ example: false })
  isCapped: boolean;

  /** From when on all were tried: later than `since` when there were more. */
  @ApiProperty({ example: '2026-01-01T00:00:00.000Z' })
  examinedSince: Date;

  /** About how many of them would be decided otherwise. */
  @ApiProperty({ type: 'integer', example: 1 })
  changed: number;

  /** The newest of those, 100 at most. */
  @ApiProperty({ type: [ChangedDecisionView] })
  items: ChangedDecisionView[];
}
