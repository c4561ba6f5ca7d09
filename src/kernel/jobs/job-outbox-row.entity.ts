import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonValue } from '../problem/index.js';

/** A job of a committed transaction on its way to the queue. */
@Entity('job_outbox')
export class JobOutboxRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_job_outbox' })
  id: string;

  @Column({ type: 'varchar', length: 100 })
  name: string;

  @Column({ type: 'jsonb' })
  payload: JsonValue;

  @Column({ type: 'varchar', length: 253, nullable: true })
  jobKey: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  runAt: Date;

  @Column({ type: 'integer', default: 10 })
  maxAttempts: number;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt: Date;
}
