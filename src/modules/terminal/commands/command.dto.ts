import { ApiProperty } from '@nestjs/swagger';
import {
  ConvertNumber,
  Identifier,
  Instant,
  Flag,
  Matching,
  NotBefore,
  OneOf,
  Optional,
  PageQuery,
  Text,
  View,
  WholeNumber,
} from '../../../kernel/http/index.js';
import { AskedCommand } from '../judgement/asked-command.dto.js';
import {
  COMMAND_STATUSES,
  type CommandStatus,
  CommandRequest,
  LONGEST_RUN_SECONDS,
  USUAL_RUN_SECONDS,
  type Decision,
  DECISIONS,
  type Mode,
  MODES,
} from './command-request.entity.js';
import { PrincipalView } from './principal.view.js';

const LONGEST_WAIT_SECONDS = 60;

export class RequestCommand extends AskedCommand {
  @ApiProperty({ description: "The caller's terminal session, in the caller's own words." })
  @Text({ max: 64, example: 'term-7f3a' })
  sessionId: string;

  @ApiProperty({ description: 'Why it is to run; approvers read it.' })
  @Optional()
  @Text({ max: 512, multiline: true, example: 'Publishing the release.' })
  reason?: string;

  @ApiProperty({
    description:
      'Seconds to wait for a person, or for the end of the run, before answering. With an Idempotency-Key the answer comes at once.',
    default: 0,
  })
  @Optional()
  @WholeNumber({ min: 0, max: LONGEST_WAIT_SECONDS, example: 0 })
  waitSeconds?: number;

  @ApiProperty({
    description: 'Seconds after which the server ends the command; in local mode nobody does.',
    default: USUAL_RUN_SECONDS,
  })
  @Optional()
  @WholeNumber({ min: 1, max: LONGEST_RUN_SECONDS, example: USUAL_RUN_SECONDS })
  timeoutSeconds?: number;
}

export const requestCommandExamples = {
  argv: {
    summary: 'A list of arguments, to be run by the caller',
    value: { argv: ['git', 'status'], mode: 'local', sessionId: 'term-7f3a', cwd: '/srv/app' },
  },
  text: {
    summary: 'A text, to be run by the server',
    value: {
      command: 'npm ci && npm test',
      mode: 'server',
      sessionId: 'term-7f3a',
      env: { CI: '1' },
      reason: 'Testing the release.',
      timeoutSeconds: 600,
    },
  },
};

export class ConfirmCommand {
  @ApiProperty({
    description:
      'What the user said when the client asked; for an approved command: that it is run now, which is possible once.',
  })
  @Flag({ example: true })
  confirmed: boolean;
}

export class ReportResult {
  @ApiProperty({ description: 'What the program ended with.' })
  @WholeNumber({ min: -2_147_483_648, max: 2_147_483_647, example: 0 })
  exitCode: number;

  @ApiProperty({ description: 'The signal that ended it.' })
  @Optional()
  @Matching(/^SIG[A-Z0-9]{1,12}$/, 'the name of a signal', { max: 16, example: 'SIGTERM' })
  signal?: string;

  @ApiProperty({ description: 'SHA-256 of the whole output, hexadecimal. The output itself is not kept.' })
  @Optional()
  @Matching(/^[0-9a-f]{64}$/, '64 hexadecimal digits in lower case', { max: 64, example: '5c'.repeat(32) })
  outputSha256?: string;

  @ApiProperty({ description: 'How long the output was.' })
  @Optional()
  @WholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER, example: 128 })
  outputBytes?: number;
}

export class CommandsQuery extends PageQuery {
  /** Where the commands are. */
  @Optional()
  @OneOf(COMMAND_STATUSES)
  status?: CommandStatus;

  /** The terminal session, in the caller's own words. */
  @Optional()
  @Text({ max: 64, example: 'term-7f3a' })
  sessionId?: string;

  /** Who asked; others than oneself need `terminal.read`. */
  @Optional()
  @Identifier()
  principalId?: string;
}

export class AuditLogsQuery extends PageQuery {
  /** Who asked: a user, a service or an agent. */
  @Optional()
  @Identifier()
  userId?: string;

  /** The terminal session, in the caller's own words. */
  @Optional()
  @Text({ max: 64, example: 'term-7f3a' })
  sessionId?: string;

  /** What was decided. */
  @Optional()
  @OneOf(DECISIONS)
  decision?: Decision;

  /** Where it was to run. */
  @Optional()
  @OneOf(MODES)
  mode?: Mode;

  /** Commands from this instant on. */
  @Optional()
  @Instant({ example: '2026-01-01T00:00:00.000Z' })
  since?: string;

  /** Commands before this instant. */
  @Optional()
  @Instant({ example: '2026-02-01T00:00:00.000Z' })
  @NotBefore('since')
  until?: string;
}

export class WaitQuery {
  /** Seconds to wait for a decision before answering. */
  @ApiProperty({
    required: false,
    description: 'Seconds to wait for a decision before answering.',
    default: 0,
  })
  @Optional()
  @ConvertNumber()
  @WholeNumber({ min: 0, max: LONGEST_WAIT_SECONDS, example: 0 })
  waitSeconds?: number;
}

export class CommandView extends View(CommandRequest, [
  'id',
  'sessionId',
  'mode',
  'gatewayId',
  'command',
  'argv',
  'display',
  'cwd',
  'reason',
  'verdict',
  'reasons',
  'segments',
  'digest',
  'policyVersion',
  'status',
  'decision',
  'approvalId',
  'timeoutSeconds',
  'exitCode',
  'signal',
  'outputSha256',
  'startedAt',
  'finishedAt',
  'createdAt',
]) {
  /** Who asked. */
  @ApiProperty({ type: PrincipalView })
  principal: PrincipalView;

  /** How long the output was. */
  @ApiProperty({ type: 'integer', example: 0 })
  outputBytes: number;

  static of(row: CommandRequest): CommandView {
    const { principalKind: kind, principalId: id, principalName: name } = row;
    return {
      ...CommandView.from(row),
      principal: { kind, id, name },
      outputBytes: Number(row.outputBytes),
    };
  }
}

/** One decided command, as auditors look for it. */
export class AuditLogView extends View(CommandRequest, [
  'id',
  'sessionId',
  'mode',
  'decision',
  'cwd',
  'exitCode',
  'createdAt',
]) {
  /** Who asked. */
  @ApiProperty({ type: PrincipalView })
  user: PrincipalView;

  /** The command for the eyes of a person: what a screen would hide is named. */
  @ApiProperty({ example: 'git push origin main' })
  command: string;

  /** Why it was decided so. */
  @ApiProperty({ example: 'No rule allows this.' })
  reason: string;

  static of(row: CommandRequest): AuditLogView {
    const { principalKind: kind, principalId: id, principalName: name } = row;
    return {
      ...AuditLogView.from(row),
      user: { kind, id, name },
      command: row.display,
      reason: row.reasons.map(({ message }) => message).join(' '),
    };
  }
}
