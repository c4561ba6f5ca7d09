import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ScheduleOutcome } from './schedule-lease.js';

/** Whose turn a schedule is, and how it went. */
@Entity('schedules')
export class ScheduleRow {
  @PrimaryColumn({ type: 'varchar', length: 100, primaryKeyConstraintName: 'pk_schedules' })
  name: string;

  @Column({ type: 'varchar', length: 128, nullable: true })
  leaseHolder: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  leaseUntil: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastStartedAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastFinishedAt: Date | null;

  @Column({ type: 'varchar', length: 16, nullable: true })
  lastOutcome: ScheduleOutcome | null;

  @Column({ type: 'varchar', length: 1024, nullable: true })
  lastError: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  nextRunAt: Date | null;
}
