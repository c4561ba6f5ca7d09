import { ApiProperty } from '@nestjs/swagger';
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Approval } from './approval.entity.js';

/** What one person said about one approval. Inserted, never changed, never deleted. */
@Entity('approval_votes')
@Check('ck_approval_votes_vote', `vote IN ('approve', 'reject')`)
export class ApprovalVote {
  @ForeignKey(() => Approval, { name: 'fk_approval_votes_approval' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_approval_votes' })
  approvalId: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_approval_votes' })
  voterId: string;

  @Column({ type: 'varchar', length: 254 })
  voterName: string;

  /** What was said. */
  @ApiProperty({ enum: ['approve', 'reject'], example: 'approve' })
  @Column({ type: 'varchar', length: 8 })
  vote: 'approve' | 'reject';

  /** Why. */
  @ApiProperty({ type: String, nullable: true, example: 'Checked with the release list.' })
  @Column({ type: 'varchar', length: 512, nullable: true })
  note: string | null;

  @Column({ type: 'varchar', length: 64 })
  digest: string;

  /** When. */
  @ApiProperty({ example: '2026-01-05T09:13:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;
}
