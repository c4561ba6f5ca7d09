import { ApiProperty } from '@nestjs/swagger';
import { RuleView } from './rule.dto.js';

export class PackPatternView {
  /** The first words of the commands. */
  @ApiProperty({ example: 'git status' })
  pattern: string;

  /** Why it is in the pack. */
  @ApiProperty({ example: 'Shows the state of the working tree' })
  reason: string;
}

export class PackView {
  /** What it is called in the address. */
  @ApiProperty({ example: 'git-read' })
  name: string;

  /** What it is for. */
  @ApiProperty({ example: 'Looking at a git repository' })
  title: string;

  /** The rules in it. */
  @ApiProperty({ type: [PackPatternView] })
  patterns: PackPatternView[];
}

export class AddedPackView {
  /** The rules that were added; empty when all were there. */
  @ApiProperty({ type: [RuleView] })
  added: RuleView[];

  /** How many of the pack were there already. */
  @ApiProperty({ type: 'integer', example: 0 })
  present: number;
}
