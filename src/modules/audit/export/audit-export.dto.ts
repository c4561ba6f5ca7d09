import { ConvertNumber, OneOf, Optional, WholeNumber } from '../../../kernel/http/index.js';
import { AuditEntriesFilter } from '../audit-entries-query.dto.js';

export const EXPORT_FORMATS = ['ndjson', 'json', 'csv'] as const;

export class AuditExportQuery extends AuditEntriesFilter {
  /** What the file is to be: `ndjson` without filters can be verified by others. */
  @Optional()
  @OneOf(EXPORT_FORMATS, { example: 'ndjson' })
  format: (typeof EXPORT_FORMATS)[number] = 'ndjson';

  /** Sealed entries from this place in the log on. */
  @Optional()
  @ConvertNumber()
  @WholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER, example: 0 })
  fromSeq?: number;

  /** Sealed entries up to this place in the log; a file that can be verified goes on to the next checkpoint. */
  @Optional()
  @ConvertNumber()
  @WholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER, example: 4711 })
  toSeq?: number;
}
