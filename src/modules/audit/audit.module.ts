import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../kernel/database/index.js';
import { AuditEntriesController } from './audit-entries.controller.js';
import { AuditEntriesRepository } from './audit-entries.repository.js';
import { AuditEntriesService } from './audit-entries.service.js';
import { AuditEntryRow } from './audit-entry.entity.js';
import { AuditPersonalRow } from './audit-personal.entity.js';

@Module({
  imports: [DatabaseModule.entities([AuditEntryRow, AuditPersonalRow])],
  controllers: [AuditEntriesController],
  providers: [AuditEntriesRepository, AuditEntriesService],
})
export class AuditModule {}
