import { ApiProperty } from '@nestjs/swagger';
import type { DecidedSegment, Reason, Verdict } from '../decision/index.js';

const VERDICTS = ['allow', 'confirm', 'approve', 'reject', 'deny'] as const;

/** Why a verdict is what it is. */
export class ReasonView implements Reason {
  /** Stable, for programs. */
  @ApiProperty({ example: 'no_rule' })
  code: string;

  /** For people. */
  @ApiProperty({ example: 'No rule allows this.' })
  message: string;

  /** Position in `segments` of the part it is about. */
  @ApiProperty({ type: 'integer', required: false, example: 0 })
  segment?: number;
}

/** One command out of those that a text consists of. */
export class SegmentView {
  /** Its words. */
  @ApiProperty({ type: [String], example: ['git', 'push', 'origin', 'main'] })
  argv: string[];

  /** The rule that decided about it. */
  @ApiProperty({ required: false, example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3d01' })
  rule?: string;

  /** The argument guard that decided about it. */
  @ApiProperty({ required: false, example: 'git' })
  guard?: string;

  /** What was decided about it. */
  @ApiProperty({ enum: [...VERDICTS], example: 'allow' })
  verdict: Verdict;
}

/** What is decided about a command. */
export class JudgementView {
  /** allow: runs at once; confirm: the caller's client asks its user; approve: another person has to agree; reject: a block rule refuses it; deny: it is never run as it is. */
  @ApiProperty({ enum: [...VERDICTS], example: 'allow' })
  verdict: Verdict;

  /** Why. */
  @ApiProperty({ type: [ReasonView] })
  reasons: Reason[];

  /** The parts it was seen to consist of. */
  @ApiProperty({ type: [SegmentView] })
  segments: DecidedSegment[];

  /** SHA-256 of everything that would be run, hexadecimal. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$', example: '5c'.repeat(32) })
  digest: string;

  /** Which safety list and block rules it was judged by. */
  @ApiProperty({ example: 'a3'.repeat(32) })
  policyVersion: string;
}
