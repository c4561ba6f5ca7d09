import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** One change that others must hear of; read by every process and removed after an hour. */
@Entity('access_changes')
@Index('ix_access_changes_xid', ['xid'])
@Index('ix_access_changes_created_at', ['createdAt'])
export class AccessChange {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_access_changes',
  })
  id: string;

  @Column({ type: 'varchar', length: 16 })
  kind: string;

  @Column({ type: 'varchar', length: 64 })
  subject: string;

  /** The transaction that made it, by which readers know where they are. */
  @Column({ type: 'xid8' as 'text', default: () => 'pg_current_xact_id()' })
  xid: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt: Date;
}
