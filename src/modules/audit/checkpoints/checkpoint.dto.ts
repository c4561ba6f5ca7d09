import { ApiProperty } from '@nestjs/swagger';
import type { AuditCheckpointRow } from './audit-checkpoint.entity.js';

/** A signed statement about the tenant's log: how many entries it had, and the root of their tree. */
export class CheckpointView {
  /** Number of entries it covers. */
  @ApiProperty({ example: 4712 })
  treeSize: number;

  /** Root of the tree of these entries, hexadecimal. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$', example: '5c'.repeat(32) })
  rootHash: string;

  /** The key that signed: SHA-256 of its public half, hexadecimal. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$', example: 'fe'.repeat(32) })
  keyId: string;

  /** The signed note (C2SP tlog-checkpoint), byte for byte. */
  @ApiProperty({
    example: `reeve.example.org/audit/00000000-0000-7000-8000-000000000001\n4712\nLXR3HlO/aRqILBxZjIdl6W9yYS5s3IpL519yXtiIwj8=\n\n— …\n`,
  })
  note: string;

  /** Size of the checkpoint before; null for the first. */
  @ApiProperty({ type: Number, nullable: true, example: 4700 })
  prevCheckpoint: number | null;

  /** When it was signed. */
  @ApiProperty({ example: '2026-01-05T09:12:01.000Z' })
  createdAt: Date;

  static of(row: AuditCheckpointRow): CheckpointView {
    return {
      treeSize: Number(row.treeSize),
      rootHash: row.rootHash.toString('hex'),
      keyId: row.keyId,
      note: row.note,
      prevCheckpoint: row.prevCheckpoint === null ? null : Number(row.prevCheckpoint),
      createdAt: row.createdAt,
    };
  }
}
