import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { View } from '../../kernel/http/index.js';
import { AuditEntryRow } from './audit-entry.entity.js';
import { type Details, detailsOf } from './entry-details.js';

/** An entry together with its place in the log and its personal part, null where it has none. */
export interface FullEntry extends AuditEntryRow {
  /** As the database gives it: text. Null until it is sealed. */
  readonly seq: string | null;
  /** Part of the personal part; null when that has been erased. */
  readonly salt: Buffer | null;
  readonly actorName: string | null;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
  readonly personal: string | null;
}

/** When it happened; empty when somebody put a time into the database that is none, such as infinity. */
export function timeOf({ occurredAt }: FullEntry): string {
  return Number.isFinite(occurredAt.valueOf()) ? occurredAt.toISOString() : '';
}

/** Every entry is written with a personal part. */
export function isErased({ personalDigest, salt }: FullEntry): boolean {
  return personalDigest !== null && salt === null;
}

const COLUMNS = [
  'id',
  'tenantId',
  'occurredAt',
  'actorKind',
  'actorId',
  'actorRole',
  'onBehalfOf',
  'delegationPath',
  'action',
  'resourceType',
  'resourceId',
  'departmentId',
  'gatewayId',
  'gatewayName',
  'outcome',
  'requestId',
  'approvalId',
  'commandId',
  'eventCode',
] as const;

/** Texts that stand where JSON objects should. */
export class UnreadableTexts {
  /** What is stored as `detail`. */
  @ApiPropertyOptional({ type: String })
  detail?: string;

  /** What is stored as `personal`. */
  @ApiPropertyOptional({ type: String })
  personal?: string;

  static of(entry: FullEntry, detail: Details | null, personal: Details | null): UnreadableTexts | null {
    const isPersonalRead = entry.personal === null || personal !== null;
    if (detail !== null && isPersonalRead) return null;
    return {
      ...(detail === null && { detail: entry.detail }),
      ...(!isPersonalRead && { personal: entry.personal ?? '' }),
    };
  }
}

export class AuditEntryView extends View(AuditEntryRow, COLUMNS) {
  /** Place in the sealed log, from 0 on; null until the entry is sealed, within a second or two as a rule. */
  @ApiProperty({ type: Number, nullable: true, example: 4711 })
  seq: number | null;

  /** What the actor was called then; null once it has been erased. */
  @ApiProperty({ type: String, nullable: true, example: 'ada' })
  actorName: string | null;

  /** Address the request came from; null once it has been erased. */
  @ApiProperty({ type: String, nullable: true, example: '192.0.2.7' })
  clientIp: string | null;

  /** Program that sent the request; null once it has been erased. */
  @ApiProperty({ type: String, nullable: true, example: 'curl/8.5.0' })
  userAgent: string | null;

  /** What the action says about itself; contract/events.json describes it for each action. Null when it is `unreadable`. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, example: { roles: ['viewer'] } })
  detail: Details | null;

  /** The part of the detail that names people; null when there is none, it has been erased or is `unreadable`. */
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { email: 'grace@example.org' },
  })
  personal: Details | null;

  /**
   * Null, unless somebody changed the entry in the database: then the stored texts of `detail` and `personal` as far as they
   * are no JSON objects. `reeve audit verify` finds these and all other changes.
   */
  @ApiProperty({ type: UnreadableTexts, nullable: true, example: null })
  unreadable: UnreadableTexts | null;

  /** Whether the personal part (name, address, program, `personal`) has been erased. */
  @ApiProperty({ example: false })
  erased: boolean;

  /** Keyed digest of the personal part, hexadecimal. */
  @ApiProperty({ type: String, nullable: true, pattern: '^[0-9a-f]{64}$', example: 'a3'.repeat(32) })
  personalDigest: string | null;

  /** Hash of the entry as docs/audit-format.md defines it, hexadecimal. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$', example: '5c'.repeat(32) })
  leafHash: string;

  static of(entry: FullEntry): AuditEntryView {
    const detail = detailsOf(entry.detail);
    const personal = entry.personal === null ? null : detailsOf(entry.personal);
    return {
      ...AuditEntryView.from(entry),
      seq: entry.seq === null ? null : Number(entry.seq),
      actorName: entry.actorName,
      clientIp: entry.clientIp,
      userAgent: entry.userAgent,
      detail,
      personal,
      unreadable: UnreadableTexts.of(entry, detail, personal),
      erased: isErased(entry),
      personalDigest: entry.personalDigest?.toString('hex') ?? null,
      leafHash: entry.leafHash.toString('hex'),
    };
  }
}
