import { ApiProperty } from '@nestjs/swagger';
import {
  COMMAND_STATUSES,
  type CommandRequest,
  type CommandStatus,
} from '../../commands/command-request.entity.js';
import type { OutputChannel } from '../driver.js';
import type { CommandOutput } from './command-output.entity.js';

/** Data of the event `output`: a piece of what the command wrote. */
export class OutputPieceView {
  @ApiProperty({ enum: ['stdout', 'stderr'], description: 'Where it was written to.', example: 'stdout' })
  stream: OutputChannel;

  @ApiProperty({ type: 'integer', description: 'How many bytes were written before it.', example: 0 })
  offset: number;

  @ApiProperty({
    format: 'byte',
    description:
      'The bytes themselves, base64: exact, so that they can be checked against `outputSha256`, and never half a character that cannot be put together again.',
    example: 'aGVsbG8K',
  })
  data: string;

  /** What lies behind the position. */
  static from({ stream, byteOffset, data }: CommandOutput, position: number): OutputPieceView {
    const offset = Math.max(byteOffset, position);
    return { stream, offset, data: data.subarray(offset - byteOffset).toString('base64') };
  }
}

/** Data of the event `end`, the last one. */
export class OutputEndView {
  @ApiProperty({ enum: [...COMMAND_STATUSES], description: 'How it ended.', example: 'succeeded' })
  status: CommandStatus;

  @ApiProperty({ type: 'integer', nullable: true, description: 'What the program ended with.', example: 0 })
  exitCode: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'The signal that ended it.', example: null })
  signal: string | null;

  @ApiProperty({ type: 'integer', description: 'How much it wrote.', example: 6 })
  outputBytes: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'SHA-256 of all that it wrote, in the order in which it arrived, hexadecimal.',
    example: '5c'.repeat(32),
  })
  outputSha256: string | null;

  @ApiProperty({
    description: 'Whether it wrote more than was sent: the first 1 MiB is kept, for seven days.',
    example: false,
  })
  truncated: boolean;

  static of(command: CommandRequest, position: number): OutputEndView {
    const { status, exitCode, signal, outputSha256 } = command;
    const outputBytes = Number(command.outputBytes);
    return { status, exitCode, signal, outputBytes, outputSha256, truncated: outputBytes > position };
  }
}
