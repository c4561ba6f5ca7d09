import { ApiProperty } from '@nestjs/swagger';
import {
  Identifier,
  Instant,
  Matching,
  OneOf,
  Optional,
  PageQuery,
  Text,
  View,
} from '../../kernel/http/index.js';
import type { JsonValue } from '../../kernel/problem/index.js';
import { AuditEntryRow, OUTCOMES } from './audit-entry.entity.js';

/** An entry together with its personal part, null where that has been erased. */
export interface FullEntry extends AuditEntryRow {
  readonly actorName: string | null;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
  readonly personal: string | null;
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

type Details = Readonly<Record<string, JsonValue>>;

export class AuditEntryView extends View(AuditEntryRow, COLUMNS) {
  /** Position in the sealed log; null until the entry is sealed. */
  @ApiProperty({ type: Number, nullable: true, example: null })
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

  /** What the action says about itself; contract/events.json describes it for each action. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: { roles: ['viewer'] } })
  detail: Details;

  /** The part of the detail that names people; null when there is none or it has been erased. */
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { email: 'grace@example.org' },
  })
  personal: Details | null;

  /** Keyed digest of the personal part, hexadecimal. */
  @ApiProperty({ type: String, nullable: true, pattern: '^[0-9a-f]{64}$', example: 'a3'.repeat(32) })
  personalDigest: string | null;

  /** Hash of the entry as docs/audit-format.md defines it, hexadecimal. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$', example: '5c'.repeat(32) })
  leafHash: string;

  static of(entry: FullEntry): AuditEntryView {
    return {
      ...AuditEntryView.from(entry),
      seq: null,
      actorName: entry.actorName,
      clientIp: entry.clientIp,
      userAgent: entry.userAgent,
      detail: JSON.parse(entry.detail) as Details,
      personal: entry.personal === null ? null : (JSON.parse(entry.personal) as Details),
      personalDigest: entry.personalDigest?.toString('hex') ?? null,
      leafHash: entry.leafHash.toString('hex'),
    };
  }
}

export class AuditEntriesQuery extends PageQuery {
  /** Id of the principal, alone or as `kind:id`. */
  @Optional()
  @Text({ max: 264, example: 'user:01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11' })
  actor?: string;

  /** One action, or the beginning of several followed by `*`. */
  @Optional()
  @Matching(/^[a-z_.]*\*?$/, 'an action, or the beginning of one followed by *', {
    max: 101,
    example: 'user.*',
  })
  action?: string;

  /** Kind of thing. */
  @Optional()
  @Text({ max: 50, example: 'user' })
  resourceType?: string;

  /** Id of the thing. */
  @Optional()
  @Text({ max: 253, example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c12' })
  resourceId?: string;

  /** Id of the gateway. */
  @Optional()
  @Identifier()
  gateway?: string;

  /** Id of the department. */
  @Optional()
  @Identifier()
  department?: string;

  /** How it ended. */
  @Optional()
  @OneOf(OUTCOMES, { example: 'denied' })
  outcome?: (typeof OUTCOMES)[number];

  /** Id of the request. */
  @Optional()
  @Text({ max: 128, example: '01936f5e-8000-7000-8000-000000000000' })
  requestId?: string;

  /** Id of a delegation anywhere in the path. */
  @Optional()
  @Identifier()
  delegation?: string;

  /** Entries from this instant on. */
  @Optional()
  @Instant({ example: '2026-01-01T00:00:00.000Z' })
  since?: string;

  /** Entries before this instant. */
  @Optional()
  @Instant({ example: '2026-02-01T00:00:00.000Z' })
  until?: string;
}
