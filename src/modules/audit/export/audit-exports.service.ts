import { Injectable, Logger } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import type { AuditEntriesFilter } from '../audit-entries-query.dto.js';
import type { FullEntry } from '../audit-entry.dto.js';
import type { AuditExportQuery } from './audit-export.dto.js';
import { AuditExported } from './audit-export.events.js';
import { EntryBatches } from './entry-batches.js';
import { csv, type ExportFormat, json, NDJSON, ndjson } from './export-formats.js';
import { SealedExport } from './sealed-export.js';

/** A file in the making: nothing of it is read before somebody reads it. */
export interface ExportFile {
  readonly contentType: string;
  readonly name: string;
  readonly content: AsyncGenerator<string>;
}

const ENTRIES_AT_ONCE = 500;

@Injectable()
export class AuditExports {
  private readonly log = new Logger('Audit');

  constructor(
    private readonly sealed: SealedExport,
    private readonly batches: EntryBatches,
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {}

  /** The copy is on record before its first byte is read. */
  async begin(query: AuditExportQuery, { tenantId }: TenantScope): Promise<ExportFile> {
    const { format, ...filter } = query;
    const set = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    await this.events.append(
      new AuditExported({ resourceId: null, detail: { format, filter: set }, tenantId }),
    );
    return this.file(tenantId, query);
  }

  async file(tenantId: string, { format, fromSeq, toSeq, ...filter }: AuditExportQuery): Promise<ExportFile> {
    const name = `reeve-audit-${this.clock
      .now()
      .toISOString()
      .replace(/[-:]|\.\d+/g, '')}.${format}`;
    const isWhole = Object.values(filter).every((value) => value === undefined);
    if (format === 'ndjson' && isWhole) {
      const range = await this.sealed.range(tenantId, fromSeq, toSeq);
      return { name, contentType: NDJSON, content: this.watched(this.sealed.lines(tenantId, range)) };
    }
    const writer = format === 'csv' ? csv : format === 'json' ? json : ndjson(this.headerOf(tenantId));
    const entries =
      fromSeq === undefined && toSeq === undefined
        ? this.batches.matching(tenantId, filter, await this.batches.moment(), ENTRIES_AT_ONCE)
        : this.sealedEntries(tenantId, filter, fromSeq, toSeq);
    return { name, contentType: writer.contentType, content: this.watched(written(writer, entries)) };
  }

  /** A format of its own, so that nobody takes a selection for a log with gaps. */
  private headerOf(tenantId: string): object {
    return { format: 'reeve-audit-selection/1', tenantId, exportedAt: this.clock.now() };
  }

  private async *sealedEntries(
    tenantId: string,
    filter: AuditEntriesFilter,
    fromSeq?: number,
    toSeq = Number.MAX_SAFE_INTEGER,
  ): AsyncGenerator<FullEntry[]> {
    const { firstSeq, lastSeq } = await this.sealed.range(tenantId, fromSeq);
    const end = Math.min(toSeq, lastSeq) + 1;
    for (let begin = firstSeq; begin < end; begin += ENTRIES_AT_ONCE)
      yield await this.batches.sealed(tenantId, filter, begin, Math.min(begin + ENTRIES_AT_ONCE, end));
  }

  /** Once the answer has begun the client sees a broken connection; the reason is for the operator. */
  private async *watched(content: AsyncGenerator<string>): AsyncGenerator<string> {
    try {
      for await (const text of content) if (text !== '') yield text;
    } catch (error) {
      this.log.error(error instanceof Error ? error : new Error(String(error)), 'Export');
      throw error;
    }
  }
}

async function* written(format: ExportFormat, entries: AsyncIterable<FullEntry[]>): AsyncGenerator<string> {
  yield format.head;
  let isFirst = true;
  for await (const batch of entries) {
    if (batch.length === 0) continue;
    yield format.entries(batch, isFirst);
    isFirst = false;
  }
  if (format.tail !== '') yield format.tail;
}
