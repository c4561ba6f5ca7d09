import { ApiProperty } from '@nestjs/swagger';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What the data of this module has been through: its version, and which one-time changes have been made. */
@Entity('auth_meta')
export class AuthMeta {
  /** What the row is about. */
  @ApiProperty({ example: 'backfill_user_sessions_v1_to_v2' })
  @PrimaryColumn({ type: 'varchar', length: 128, primaryKeyConstraintName: 'pk_auth_meta' })
  key: string;

  @ApiProperty({ example: 'done' })
  @Column({ type: 'varchar', length: 1024 })
  value: string;

  /** When it was written. */
  @ApiProperty({ example: '2026-01-05T09:12:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updatedAt: Date;
}
