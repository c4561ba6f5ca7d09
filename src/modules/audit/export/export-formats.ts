import { AuditEntryView, type FullEntry, isErased, timeOf } from '../audit-entry.dto.js';
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

type Cell = string | number | boolean | null;

/** As the API shows them; what is a list there has spaces between its items, what is an object is JSON. */
const CSV_COLUMNS: Readonly<Record<string, (entry: FullEntry) => Cell>> = {
  seq: ({ seq }) => (seq === null ? null : Number(seq)),
  id: ({ id }) => id,
  occurredAt: timeOf,
  actorKind: ({ actorKind }) => actorKind,
  actorId: ({ actorId }) => actorId,
  actorName: ({ actorName }) => actorName,
  actorRole: ({ actorRole }) => actorRole,
  onBehalfOf: ({ onBehalfOf }) => onBehalfOf.join(' '),
  delegationPath: ({ delegationPath }) => delegationPath.join(' '),
  action: ({ action }) => action,
  resourceType: ({ resourceType }) => resourceType,
  resourceId: ({ resourceId }) => resourceId,
  departmentId: ({ departmentId }) => departmentId,
  gatewayId: ({ gatewayId }) => gatewayId,
  gatewayName: ({ gatewayName }) => gatewayName,
  outcome: ({ outcome }) => outcome,
  requestId: ({ requestId }) => requestId,
  approvalId: ({ approvalId }) => approvalId,
  commandId: ({ commandId }) => commandId,
  eventCode: ({ eventCode }) => eventCode,
  detail: ({ detail }) => detail,
  personal: ({ personal }) => personal,
  clientIp: ({ clientIp }) => clientIp,
  userAgent: ({ userAgent }) => userAgent,
  erased: isErased,
  leafHash: ({ leafHash }) => leafHash.toString('hex'),
};
const CSV_CELLS = Object.values(CSV_COLUMNS);

export const csv: ExportFormat = {
  contentType: 'text/csv; charset=utf-8',
  head: csvRecord(Object.keys(CSV_COLUMNS)),
  entries: (batch) => batch.map((entry) => csvRecord(CSV_CELLS.map((cellOf) => cellOf(entry)))).join(''),
  tail: '',
};

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
