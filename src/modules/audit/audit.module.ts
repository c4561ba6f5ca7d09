import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../kernel/database/index.js';
import { AuditEntriesController } from './audit-entries.controller.js';
import { AuditEntriesRepository } from './audit-entries.repository.js';
import { AuditEntriesService } from './audit-entries.service.js';
import { AuditEntryRow } from './audit-entry.entity.js';
import { AuditPersonalRow } from './audit-personal.entity.js';
import { AuditCheckpointRow } from './checkpoints/audit-checkpoint.entity.js';
import { AuditKeyRow } from './keys/audit-key.entity.js';
import { AuditPrivateKeyRow } from './keys/audit-private-key.entity.js';
import { AuditSegmentRow } from './pruning/audit-segment.entity.js';
import { AuditEpochRow } from './sealing/audit-epoch.entity.js';
import { AuditSealingRow } from './sealing/audit-sealing.entity.js';
import { AuditLeafRow } from './tree/audit-leaf.entity.js';
import { AuditTileRow } from './tree/audit-tile.entity.js';

@Module({
  imports: [
    DatabaseModule.entities([
      AuditEntryRow,
      AuditPersonalRow,
      AuditLeafRow,
      AuditTileRow,
      AuditKeyRow,
      AuditPrivateKeyRow,
      AuditCheckpointRow,
      AuditSegmentRow,
      AuditEpochRow,
      AuditSealingRow,
    ]),
  ],
  controllers: [AuditEntriesController],
  providers: [AuditEntriesRepository, AuditEntriesService],
})
export class AuditModule {}
