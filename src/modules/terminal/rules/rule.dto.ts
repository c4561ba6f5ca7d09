import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import {
  Identifier,
  Instant,
  ListOf,
  Matching,
  OneOf,
  Optional,
  PageQuery,
  Satisfies,
  Text,
  View,
} from '../../../kernel/http/index.js';
import type { ExecutablePin, GuardOptions } from '../decision/index.js';
import { OWNER_SCOPES, type OwnerScope, TerminalRule } from './terminal-rule.entity.js';

const MOST_EXAMPLES = 20;
const LONGEST_EXAMPLE = 1_000;
const MOST_PINS = 10;
const MOST_OPTIONS = 50;

/** The file that the first word of a pattern stands for. */
export class PinBody implements ExecutablePin {
  /** Absolute path. */
  @Matching(/^\/[^\u0000-\u001f\u007f]*$/, 'an absolute path', { max: 1024, example: '/usr/bin/git' })
  path: string;

  /** SHA-256 of the file, hexadecimal. */
  @Matching(/^[0-9a-f]{64}$/, '64 hexadecimal digits in lower case', { max: 64, example: '5c'.repeat(32) })
  sha256: string;
}

/** What a rule lets pass besides what the guard of its program lets pass. */
export class RuleOptions implements GuardOptions {
  @ApiProperty({
    description: 'Subcommands that are covered besides those that the pattern names.',
    example: ['logs'],
  })
  @Optional()
  @ListOf({ max: MOST_OPTIONS })
  @Text({ max: 200, each: true })
  subcommands?: string[];

  @ApiProperty({
    description: 'Arguments that are accepted exactly as they are written here.',
    example: ['--tail=100'],
  })
  @Optional()
  @ListOf({ max: MOST_OPTIONS })
  @Text({ max: 200, each: true })
  arguments?: string[];
}

export class CreateRule {
  @ApiProperty({
    description:
      'The first words of the commands, as they would be typed. Words are compared whole: `git push` means `git push origin`, but not `git pushx`.',
  })
  @Text({ max: 512, example: 'git push' })
  pattern: string;

  @ApiProperty({ description: 'Why it is there.' })
  @Optional()
  @Text({ max: 512, example: 'Needed by the release script.' })
  reason?: string;

  @ApiProperty({
    description: 'Commands that the rule is meant for. The rule is refused unless it holds for each.',
    example: ['git push origin main'],
  })
  @Optional()
  @ListOf({ max: MOST_EXAMPLES })
  @Text({ max: LONGEST_EXAMPLE, multiline: true, each: true })
  match?: string[];

  @ApiProperty({
    description: 'Commands that the rule is not meant for. The rule is refused when it holds for one.',
    example: ['git pushx'],
  })
  @Optional()
  @ListOf({ max: MOST_EXAMPLES })
  @Text({ max: LONGEST_EXAMPLE, multiline: true, each: true })
  notMatch?: string[];

  @ApiProperty({
    type: RuleOptions,
    example: { subcommands: ['logs'] },
    description: 'What the argument guard of the program may let pass because of this rule.',
  })
  @Optional()
  @Satisfies('object', 'must be an object', isObject)
  @ValidateNested()
  @Type(() => RuleOptions)
  options?: RuleOptions;

  @ApiProperty({
    type: [PinBody],
    description:
      'The files that the first word may stand for: the first of them when it is said as it is here, each of them when its path is said.',
  })
  @Optional()
  @ListOf({ max: MOST_PINS })
  // A list inside the list would be taken for several of them.
  @Satisfies('object', 'must be objects', isObject, { each: true })
  @ValidateNested({ each: true })
  @Type(() => PinBody)
  pins?: PinBody[];

  @ApiProperty({ description: 'When the rule ends; never when left out.' })
  @Optional()
  @Instant()
  expiresAt?: string;
}

/** Whose rules: one's own when nothing is said; others need `terminal.policy`. */
export class OwnerQuery {
  /** Whose rules: of one principal, a department, a gateway, or of everybody. */
  @Optional()
  @OneOf(OWNER_SCOPES)
  scope?: OwnerScope;

  /** Which principal, department or gateway. */
  @Optional()
  @Identifier()
  ownerId?: string;
}

export class RulesQuery extends PageQuery {
  /** Whose rules: of one principal, a department, a gateway, or of everybody. */
  @Optional()
  @OneOf(OWNER_SCOPES)
  scope?: OwnerScope;

  /** Which principal, department or gateway. */
  @Optional()
  @Identifier()
  ownerId?: string;
}

export class RuleView extends View(TerminalRule, [
  'id',
  'effect',
  'ownerScope',
  'ownerId',
  'pattern',
  'options',
  'reason',
  'match',
  'notMatch',
  'pack',
  'createdBy',
  'createdAt',
  'expiresAt',
  'version',
]) {
  /** The files that the first word may stand for. */
  @ApiProperty({ type: [PinBody] })
  pins: ExecutablePin[];

  static of(rule: TerminalRule): RuleView {
    return { ...RuleView.from(rule), pins: rule.pins };
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
