import { IntersectionType } from '@nestjs/swagger';
import {
  Identifier,
  Instant,
  Matching,
  NotBefore,
  OneOf,
  Optional,
  PageQuery,
  Text,
} from '../../kernel/http/index.js';
import { OUTCOMES } from './audit-entry.entity.js';

/** Which entries: of the list, of exports, of the stream. Filters narrow each other. */
export class AuditEntriesFilter {
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
  @NotBefore('since')
  until?: string;
}

export class AuditEntriesQuery extends IntersectionType(PageQuery, AuditEntriesFilter) {}
