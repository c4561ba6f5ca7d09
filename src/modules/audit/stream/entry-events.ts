import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/runtime/index.js';
import type { AuditEntriesFilter } from '../audit-entries-query.dto.js';
import { AuditEntryView, type FullEntry } from '../audit-entry.dto.js';
import { EntryBatches } from '../export/entry-batches.js';
import { LogGrowth } from './log-growth.js';

export interface Following {
  readonly tenantId: string;
  readonly filter: AuditEntriesFilter;
  /** Place in the log of the first entry. */
  readonly fromSeq: number;
}

/** Also how much is in memory for each client. */
const ENTRIES_AT_ONCE = 200;
/** Balancers close connections on which nothing moves for a minute, some for half of one. */
export const HEARTBEAT_MS = 10_000;
const RECONNECT_MS = 1_000;

/** Server-sent events of the entries that match, in the order of the log, until the end is near. */
@Injectable()
export class EntryEvents {
  constructor(
    private readonly batches: EntryBatches,
    private readonly growth: LogGrowth,
    private readonly clock: Clock,
  ) {}

  async *follow({ tenantId, filter, fromSeq }: Following, ending: AbortSignal): AsyncGenerator<string> {
    let next = fromSeq;
    let spokeAtMs = this.clock.monotonicMs();
    yield `retry: ${RECONNECT_MS}\n${heartbeat(next)}`;
    while (!ending.aborted) {
      const size = await this.growth.sizeBeyond(tenantId, next, HEARTBEAT_MS, ending);
      while (size !== null && next < size && !ending.aborted) {
        const end = Math.min(next + ENTRIES_AT_ONCE, size);
        const entries = await this.batches.sealed(tenantId, filter, next, end);
        next = end;
        if (entries.length === 0) continue;
        yield entries.map(eventOf).join('');
        spokeAtMs = this.clock.monotonicMs();
      }
      if (ending.aborted || this.clock.monotonicMs() - spokeAtMs < HEARTBEAT_MS) continue;
      yield heartbeat(next);
      spokeAtMs = this.clock.monotonicMs();
    }
  }
}

function eventOf(entry: FullEntry): string {
  return `id: ${entry.seq}\ndata: ${JSON.stringify(AuditEntryView.of(entry))}\n\n`;
}

/** Moves the client's Last-Event-ID past entries that did not match, although there is no event (WHATWG HTML §9.2.6). */
function heartbeat(next: number): string {
  return next === 0 ? ':\n\n' : `:\nid: ${next - 1}\n\n`;
}
