import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A process that works on jobs, and when it was last heard of. */
@Entity('job_workers')
export class JobWorker {
  @PrimaryColumn({ type: 'varchar', length: 128, primaryKeyConstraintName: 'pk_job_workers' })
  workerId: string;

  @Column({ type: 'timestamptz', precision: 3 })
  heartbeatAt: Date;
}
