import { ConvertNumber, Optional, WholeNumber } from '../../../kernel/http/index.js';
import { AuditEntriesFilter } from '../audit-entries-query.dto.js';

export class AuditStreamQuery extends AuditEntriesFilter {
  /** Where to begin when there is no Last-Event-ID: the place in the log of the first entry. Left out: with what comes. */
  @Optional()
  @ConvertNumber()
  @WholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER, example: 0 })
  fromSeq?: number;
}
