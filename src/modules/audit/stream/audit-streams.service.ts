import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { type AccessRequest, StandingAccess } from '../../../kernel/access/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { currentOperation, type Principal } from '../../../kernel/operation/index.js';
import { ValidationFailed } from '../../../kernel/problem/index.js';
import { auditPermissions } from '../audit.permissions.js';
import { SegmentsRepository } from '../retention/segments.repository.js';
import type { AuditStreamQuery } from './audit-stream.dto.js';
import { LogIsShorter } from './audit-stream.errors.js';
import { AuditFollowed } from './audit-stream.events.js';
import { EntryEvents } from './entry-events.js';
import { LogGrowth } from './log-growth.js';
import { OpenStreams } from './open-streams.js';

@Injectable()
export class AuditStreams {
  constructor(
    private readonly open: OpenStreams,
    private readonly growth: LogGrowth,
    private readonly entries: EntryEvents,
    private readonly segments: SegmentsRepository,
    private readonly access: StandingAccess,
    private readonly events: EventLog,
  ) {}

  /** @param lastEventId place of the last entry the client has; wins over `fromSeq` */
  async follow(
    { fromSeq: wished, ...filter }: AuditStreamQuery,
    lastEventId: string | undefined,
    principal: Principal,
    request: AccessRequest,
  ): Promise<Readable> {
    const { tenantId } = principal;
    const place = this.open.take(principal);
    try {
      const size = await this.growth.sizeOf(tenantId);
      const next = lastEventId === undefined ? (wished ?? size) : placeAfter(lastEventId);
      if (next > size) throw new LogIsShorter(`The log has ${size} sealed entries.`);
      const fromSeq = Math.max(next, await this.segments.firstKept(tenantId));
      const set = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
      await this.events.append(new AuditFollowed({ resourceId: null, detail: { filter: set, fromSeq } }));
      const { clientIp } = currentOperation();
      return place.open(
        (ending) => this.entries.follow({ tenantId, filter, fromSeq }, ending),
        () => this.access.stillHas(auditPermissions['audit.read'], request, { clientIp }),
      );
    } catch (error) {
      place.giveBack();
      throw error;
    }
  }
}

function placeAfter(lastEventId: string): number {
  if (!/^\d{1,15}$/.test(lastEventId))
    throw new ValidationFailed([
      {
        in: 'header',
        pointer: '/last-event-id',
        code: 'integer',
        message: 'Last-Event-ID must be the id of an event.',
      },
    ]);
  return Number(lastEventId) + 1;
}
