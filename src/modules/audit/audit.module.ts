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
import { EntryContextRepository } from './context/entry-context.repository.js';
import { EntryContexts } from './context/entry-context.service.js';
import { AuditExporterRow } from './exporters/audit-exporter.entity.js';
import { AuditExporters } from './exporters/audit-exporters.js';
import { ExporterTurns } from './exporters/exporter-turns.js';
import { AuditExportsController } from './export/audit-exports.controller.js';
import { AuditExports } from './export/audit-exports.service.js';
import { EntryBatches } from './export/entry-batches.js';
import { SealedExport } from './export/sealed-export.js';
import { PersonalErasure } from './erasure/personal-erasure.js';
import { Retention } from './retention/retention.js';
import { RetentionSchedule } from './retention/retention.schedule.js';
import { SegmentsRepository } from './retention/segments.repository.js';
import { AuditStreamsController } from './stream/audit-streams.controller.js';
import { AuditStreams } from './stream/audit-streams.service.js';
import { EntryEvents } from './stream/entry-events.js';
import { LogGrowth } from './stream/log-growth.js';
import { OpenStreams } from './stream/open-streams.js';
import { CheckpointAnnouncements } from './checkpoints/checkpoint-announcements.js';
import { AuditCheckpointsController } from './checkpoints/checkpoints.controller.js';
import { CheckpointsRepository } from './checkpoints/checkpoints.repository.js';
import { CheckpointsService } from './checkpoints/checkpoints.service.js';
import { FileAnchor } from './checkpoints/file-anchor.js';
import { AuditKeysController } from './keys/audit-keys.controller.js';
import { AuditKeysRepository } from './keys/audit-keys.repository.js';
import { AuditKeysSchedule } from './keys/audit-keys.schedule.js';
import { AuditKeys } from './keys/audit-keys.js';
import { PublishedKeys } from './keys/published-keys.js';
import { EntryPlaces } from './proofs/entry-places.js';
import { AuditProofsController } from './proofs/proofs.controller.js';
import { ProofsService } from './proofs/proofs.service.js';
import { LogHeads } from './sealing/log-heads.js';
import { SealedLogRepository } from './sealing/sealed-log.repository.js';
import { Sealer } from './sealing/sealer.js';
import { SealingLoop } from './sealing/sealing-loop.js';
import { SealingTurn } from './sealing/sealing-turn.js';
import { WaitingEntries } from './sealing/waiting-entries.js';
import { TreeReader } from './tree/tree-reader.js';

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
      AuditExporterRow,
    ]),
  ],
  controllers: [
    AuditEntriesController,
    AuditExportsController,
    AuditStreamsController,
    AuditCheckpointsController,
    AuditProofsController,
    AuditKeysController,
  ],
  providers: [
    AuditEntriesRepository,
    AuditEntriesService,
    EntryContextRepository,
    EntryContexts,

    EntryBatches,
    SegmentsRepository,
    SealedExport,
    AuditExports,

    LogGrowth,
    EntryEvents,
    OpenStreams,
    AuditStreams,

    ExporterTurns,
    AuditExporters,

    Retention,
    RetentionSchedule,
    PersonalErasure,

    TreeReader,
    SealingTurn,
    WaitingEntries,
    SealedLogRepository,
    LogHeads,
    Sealer,
    SealingLoop,

    CheckpointsRepository,
    CheckpointsService,
    CheckpointAnnouncements,
    FileAnchor,

    AuditKeysRepository,
    AuditKeys,
    AuditKeysSchedule,
    PublishedKeys,

    EntryPlaces,
    ProofsService,
  ],
  exports: [AuditKeys, ProofsService, Sealer, AuditExports, Retention, PersonalErasure],
})
export class AuditModule {}
