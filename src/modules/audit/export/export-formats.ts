import { AuditEntryView, type FullEntry } from '../audit-entry.dto.js';
import { csvRecord } from './csv.js';
import { exportedEntry } from './exported-entry.js';
import { jsonLine } from './json-line.js';

/** How a selection of entries becomes a file. */
export interface ExportFormat {
  readonly contentType: string;
  readonly head: string;
  entries(batch: readonly FullEntry[], isFirst: boolean): string;
  readonly tail: string;
}

const CSV_COLUMNS = [
  'seq',
  'id',
  'occurredAt',
  'actorKind',
  'actorId',
  'actorName',
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
  'detail',
  'personal',
  'clientIp',
  'userAgent',
  'erased',
  'leafHash',
] as const;

export const csv: ExportFormat = {
  contentType: 'text/csv; charset=utf-8',
  head: csvRecord(CSV_COLUMNS),
  entries: (batch) => batch.map(csvLine).join(''),
  tail: '',
};

function csvLine(entry: FullEntry): string {
  const view = AuditEntryView.of(entry);
  return csvRecord(
    CSV_COLUMNS.map((column) => {
      if (column === 'detail') return entry.detail;
      if (column === 'personal') return entry.personal;
      const value = view[column];
      if (value instanceof Date) return value.toISOString();
      return Array.isArray(value) ? value.join(' ') : value;
    }),
  );
}

/** An array of what GET /audit/entries shows, one entry on a line. */
export const json: ExportFormat = {
  contentType: 'application/json; charset=utf-8',
  head: '[',
  entries: (batch, isFirst) =>
    batch
      .map((entry, index) => `${isFirst && index === 0 ? '\n' : ',\n'}${jsonLine(AuditEntryView.of(entry))}`)
      .join(''),
  tail: '\n]\n',
};

export const NDJSON = 'application/x-ndjson; charset=utf-8';

/** Lines like those of a complete export under a header that says that it is none. */
export function ndjson(header: object): ExportFormat {
  return {
    contentType: NDJSON,
    head: `${jsonLine(header)}\n`,
    entries: (batch) => batch.map((entry) => `${jsonLine(exportedEntry(entry))}\n`).join(''),
    tail: '',
  };
}
