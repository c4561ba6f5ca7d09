import { ApiProperty } from '@nestjs/swagger';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** `claimed` when the device has been given its key. That a pairing has expired is judged by its time alone. */
export type PairingStatus = 'pending' | 'approved' | 'denied' | 'claimed';

/** A device that asks for a key of whoever confirms the code it shows (the shape of RFC 8628). */
@Entity('pairings')
@Check('ck_pairings_status', `status IN ('pending', 'approved', 'denied', 'claimed')`)
@Unique('uq_pairings_device_code_hash', ['deviceCodeHash'])
@Unique('uq_pairings_user_code', ['userCode'])
@Index('ix_pairings_expires_at', ['expiresAt'])
export class Pairing {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_pairings' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_pairings_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  @Column({ type: 'varchar', length: 64 })
  deviceCodeHash: string;

  /** The code that the device shows. */
  @ApiProperty({ example: 'WDJB-MJHT' })
  @Column({ type: 'varchar', length: 9 })
  userCode: string;

  /** What the device calls itself; nobody has checked it. */
  @ApiProperty({ example: 'ada-laptop' })
  @Column({ type: 'varchar', length: 64 })
  deviceName: string;

  /** Address the device asked from. */
  @ApiProperty({ example: '203.0.113.7', nullable: true, type: String })
  @Column({ type: 'varchar', length: 64, nullable: true })
  ip: string | null;

  /** Program that asked, as it says itself. */
  @ApiProperty({ example: 'reeve/0.1.0', nullable: true, type: String })
  @Column({ type: 'varchar', length: 512, nullable: true })
  userAgent: string | null;

  /** `pending` until somebody has decided. */
  @ApiProperty({ enum: ['pending', 'approved', 'denied', 'claimed'], example: 'pending' })
  @Column({ type: 'varchar', length: 16 })
  status: PairingStatus;

  /** Seconds the device is to leave between two questions; grows when it does not. */
  @Column({ type: 'integer' })
  intervalSeconds: number;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastPolledAt: Date | null;

  /** The user who approved or denied it. */
  @Column({ type: 'uuid', nullable: true })
  decidedBy: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  decidedAt: Date | null;

  /** When the device asked. */
  @ApiProperty({ example: '2026-01-05T09:12:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  /** From this instant on the code is worth nothing. */
  @ApiProperty({ example: '2026-01-05T09:22:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;
}
