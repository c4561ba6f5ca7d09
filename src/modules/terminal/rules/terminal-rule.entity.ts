import { ApiProperty } from '@nestjs/swagger';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Identifier, Nullable, OneOf, Text } from '../../../kernel/http/index.js';
import type { ExecutablePin, GuardOptions } from '../decision/index.js';

export const RULE_EFFECTS = ['allow', 'block'] as const;
export type RuleEffect = (typeof RULE_EFFECTS)[number];
export const OWNER_SCOPES = ['user', 'department', 'gateway', 'global'] as const;
export type OwnerScope = (typeof OWNER_SCOPES)[number];

/** Commands that begin with these words run without being asked about, or never. */
@Entity('terminal_rules')
@Index('ix_terminal_rules_owner', { synchronize: false })
// Made by the migration: TypeORM cannot say that two rules without an owner have the same one.
@Index('uq_terminal_rules_block', { synchronize: false })
@Check('ck_terminal_rules_effect', `effect IN ('allow', 'block')`)
@Check('ck_terminal_rules_owner_scope', `owner_scope IN ('user', 'department', 'gateway', 'global')`)
@Check('ck_terminal_rules_owner', `(owner_scope = 'global') = (owner_id IS NULL)`)
export class TerminalRule {
  /** Identifier, a UUIDv7. */
  @ApiProperty({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3d01', format: 'uuid' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_terminal_rules' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_terminal_rules_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  /** What happens to a command that begins so. */
  @OneOf(RULE_EFFECTS)
  @Column({ type: 'varchar', length: 8 })
  effect: RuleEffect;

  /** Whom it is about: one principal, a department, a gateway, or everybody. */
  @OneOf(OWNER_SCOPES)
  @Column({ type: 'varchar', length: 16 })
  ownerScope: OwnerScope;

  /** Which principal, department or gateway; null for everybody. */
  @Nullable()
  @Identifier()
  @Column({ type: 'uuid', nullable: true })
  ownerId: string | null;

  /** The first words of the commands, as they would be typed: `git push` means `git push origin` too, but not `git pushx`. */
  @Text({ max: 512, example: 'git push' })
  @Column({ type: 'varchar', length: 512 })
  pattern: string;

  /** The words in the form in which block rules are compared. */
  @Column({ type: 'varchar', length: 1536 })
  patternKey: string;

  /** What the argument guard of the program may let pass because of this rule. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: {} })
  @Column({ type: 'jsonb', default: {} })
  options: GuardOptions;

  @Column({ type: 'jsonb', default: [] })
  pins: ExecutablePin[];

  /** Why it is there. */
  @Nullable()
  @Text({ max: 512, example: 'Needed by the release script.' })
  @Column({ type: 'varchar', length: 512, nullable: true })
  reason: string | null;

  /** Commands that the rule is meant for; checked when it was saved. */
  @ApiProperty({ type: [String], example: ['git push origin main'] })
  @Column({ type: 'text', array: true, default: '{}' })
  match: string[];

  /** Commands that the rule is not meant for; checked when it was saved. */
  @ApiProperty({ type: [String], example: ['git pushx'] })
  @Column({ type: 'text', array: true, default: '{}' })
  notMatch: string[];

  /** The starter pack it came with. */
  @ApiProperty({ type: String, nullable: true, example: null })
  @Column({ type: 'varchar', length: 64, nullable: true })
  pack: string | null;

  /** Who wrote it. */
  @ApiProperty({ type: String, nullable: true, example: '01936f5e-0000-7c3a-9d61-000000000001' })
  @Column({ type: 'uuid', nullable: true })
  createdBy: string | null;

  /** When it was written. */
  @ApiProperty({ example: '2026-01-05T09:12:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  /** From then on it does not count; null: until somebody deletes it. */
  @ApiProperty({ type: Date, nullable: true, example: null })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  expiresAt: Date | null;

  /** The value for `If-Match`. */
  @ApiProperty({ example: 1 })
  @Column({ type: 'integer', default: 1 })
  version: number;
}
