import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { CommandRequest } from '../../commands/command-request.entity.js';
import type { OutputChannel } from '../driver.js';

/** A piece of what a command of the server wrote. */
@Entity('command_output')
@Index('ix_command_output_created_at', ['createdAt'])
@Check('ck_command_output_stream', `stream IN ('stdout', 'stderr')`)
export class CommandOutput {
  @ForeignKey(() => CommandRequest, { name: 'fk_command_output_command' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_command_output' })
  commandId: string;

  /** How much was written before it, to both channels together. */
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_command_output' })
  byteOffset: number;

  @Column({ type: 'varchar', length: 8 })
  stream: OutputChannel;

  @Column({ type: 'bytea' })
  data: Buffer;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;
}
