import { Injectable, Logger } from '@nestjs/common';
import { Scheduled } from '../../../kernel/jobs/index.js';
import { Configuration } from '../../../kernel/runtime/index.js';
import { Retention } from './retention.js';

@Injectable()
export class RetentionSchedule {
  private readonly log = new Logger('Audit');

  constructor(
    private readonly retention: Retention,
    private readonly configuration: Configuration,
  ) {}

  @Scheduled({
    name: 'audit.retention',
    everySeconds: 3600,
    longestSeconds: 3000,
    description: 'Exports audit entries that are older than REEVE_AUDIT_RETENTION_DAYS, then deletes them.',
  })
  async prune(): Promise<void> {
    const { auditRetentionDays: keepDays, auditSegments: directory } = this.configuration;
    if (keepDays === undefined) return;
    const pruned = await this.retention.prune({ keepDays, directory, withPersonal: true });
    for (const { tenantId, firstSeq, lastSeq, path } of pruned)
      this.log.log(`Audit entries ${firstSeq} to ${lastSeq} of tenant ${tenantId} are in ${path} now`);
  }
}
