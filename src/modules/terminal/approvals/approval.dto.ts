import { ApiProperty, PickType } from '@nestjs/swagger';
import { Matching, OneOf, Optional, PageQuery, Text, View } from '../../../kernel/http/index.js';
import { shown } from '../commands/display.js';
import { PrincipalView } from '../commands/principal.view.js';
import { APPROVAL_STATUSES, Approval, type ApprovalStatus } from './approval.entity.js';
import { ApprovalVote } from './approval-vote.entity.js';
import type { FullApproval } from './approvals.repository.js';

export class ApprovalsQuery extends PageQuery {
  /** What became of it. */
  @Optional()
  @OneOf(APPROVAL_STATUSES)
  status?: ApprovalStatus;
}

export class ApproveBody {
  @ApiProperty({ description: '`digest` of the approval as it was shown: what you agree to.' })
  @Matching(/^[0-9a-f]{64}$/, '64 hexadecimal digits in lower case', { max: 64, example: '5c'.repeat(32) })
  digest: string;

  @ApiProperty({ description: 'Why; kept with the vote.' })
  @Optional()
  @Text({ max: 512, multiline: true, example: 'Checked with the release list.' })
  note?: string;
}

export class RejectBody {
  @ApiProperty({ description: 'Why; the requester reads it.' })
  @Text({ max: 512, multiline: true, example: 'Not on a Friday.' })
  note: string;
}

/** What one person said. */
export class VoteView extends PickType(ApprovalVote, ['vote', 'note', 'createdAt']) {
  /** Who. */
  @ApiProperty({ type: PrincipalView })
  voter: PrincipalView;

  static of({ voterId, voterName, vote, note, createdAt }: ApprovalVote): VoteView {
    return { voter: { kind: 'user', id: voterId, name: voterName }, vote, note, createdAt };
  }
}

/** A vote was counted. */
export class VoteCountView {
  @ApiProperty({ type: 'integer', description: 'How many have agreed.', example: 1 })
  votes: number;

  @ApiProperty({ type: 'integer', description: 'How many have to.', example: 2 })
  needed: number;
}

/** Where a command will run, with nothing in it that a screen would hide. */
export class DisplayedPlace {
  @ApiProperty({ type: String, nullable: true, description: 'The directory.', example: '/srv/app' })
  cwd: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'The variables.',
    example: {},
  })
  env: Record<string, string>;

  static of({ cwd, env }: Pick<FullApproval, 'cwd' | 'env'>): DisplayedPlace {
    const variables = Object.entries(env).map(([name, value]) => [shown(name), shown(value)]);
    return {
      cwd: cwd === null ? null : shown(cwd),
      env: Object.fromEntries(variables) as Record<string, string>,
    };
  }
}

export class ApprovalView extends View(Approval, [
  'id',
  'digest',
  'reason',
  'status',
  'requiredApprovals',
  'requiredRoles',
  'expiresAt',
  'escalateAt',
  'escalatedAt',
  'createdAt',
  'resolvedAt',
  'resolvedBecause',
  'version',
]) {
  /** The command that waits. */
  @ApiProperty({ format: 'uuid', example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3d02' })
  commandId: string;

  /** Who wants to run it. */
  @ApiProperty({ type: PrincipalView })
  requester: PrincipalView;

  /** Exactly what will run: the text, or the arguments as JSON. */
  @ApiProperty({ example: 'git push origin main' })
  command: string;

  /** The same for the eyes of a person: what a screen would hide, move or show like something else is named. */
  @ApiProperty({ example: 'git push origin main' })
  display: string;

  /** The directory it will run in. */
  @ApiProperty({ type: String, nullable: true, example: '/srv/app' })
  cwd: string | null;

  /** Variables that will be set. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: {} })
  env: Record<string, string>;

  /** Directory and variables for the eyes of a person, as `display` is. */
  @ApiProperty({ type: DisplayedPlace, example: { cwd: '/srv/app', env: {} } })
  displayPlace: DisplayedPlace;

  /** Where it will run. */
  @ApiProperty({ enum: ['local', 'server'], example: 'server' })
  mode: 'local' | 'server';

  /** How long the server will let it run, in seconds. */
  @ApiProperty({ type: 'integer', example: 60 })
  timeoutSeconds: number;

  /** The gateway it is meant for. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null })
  gatewayId: string | null;

  /** The requester's terminal session. */
  @ApiProperty({ example: 'term-7f3a' })
  sessionId: string;

  /** What people said, oldest first. */
  @ApiProperty({ type: [VoteView], example: [] })
  votes: VoteView[];

  static of(approval: FullApproval, votes: readonly ApprovalVote[]): ApprovalView {
    const { requesterKind: kind, requesterId: id, requesterName: name } = approval;
    return {
      ...ApprovalView.from(approval),
      commandId: approval.requestId,
      requester: { kind, id, name },
      command:
        approval.command ?? (approval.argv === null ? approval.display : JSON.stringify(approval.argv)),
      display: approval.display,
      cwd: approval.cwd,
      env: approval.env,
      displayPlace: DisplayedPlace.of(approval),
      mode: approval.mode,
      timeoutSeconds: approval.timeoutSeconds,
      gatewayId: approval.gatewayId,
      sessionId: approval.sessionId,
      votes: votes.filter((vote) => vote.approvalId === approval.id).map((vote) => VoteView.of(vote)),
    };
  }
}
