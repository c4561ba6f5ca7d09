import { ApiProperty } from '@nestjs/swagger';
import { verifierKey } from '../checkpoints/checkpoint-note.js';
import type { AuditKeyRow } from './audit-key.entity.js';

/** The public half of a key that signs checkpoints, or signed some. */
export class AuditKeyView {
  /** SHA-256 of the public key, hexadecimal. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$', example: 'fe'.repeat(32) })
  keyId: string;

  /** Always `ed25519`. */
  @ApiProperty({ example: 'ed25519' })
  algorithm: string;

  /** 32 bytes, base64. */
  @ApiProperty({ example: '6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=' })
  publicKey: string;

  /** The same for verifiers of signed notes, under the name of the tenant's log; null until something is sealed. */
  @ApiProperty({
    type: String,
    nullable: true,
    example:
      'reeve.example.org/audit/00000000-0000-7000-8000-000000000001+44660344+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs',
  })
  vkey: string | null;

  /** The key it replaced; null for the first. */
  @ApiProperty({ type: String, nullable: true, example: null })
  previousKeyId: string | null;

  /** Signature of the previous key over this one, base64; null for the first, and when the previous one was lost. */
  @ApiProperty({ type: String, nullable: true, example: null })
  endorsement: string | null;

  /** When it was made. */
  @ApiProperty({ example: '2026-01-05T09:12:00.000Z' })
  createdAt: Date;

  static of(key: AuditKeyRow, origin: string | null): AuditKeyView {
    return {
      keyId: key.keyId,
      algorithm: 'ed25519',
      publicKey: key.publicKey.toString('base64'),
      vkey: origin === null ? null : verifierKey(origin, key.publicKey),
      previousKeyId: key.previousKeyId,
      endorsement: key.endorsement?.toString('base64') ?? null,
      createdAt: key.createdAt,
    };
  }
}
