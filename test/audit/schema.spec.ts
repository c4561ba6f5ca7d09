import { schemaDrift } from '../../src/kernel/database/index.js';
import { AuditEntryRow } from '../../src/modules/audit/audit-entry.entity.js';
import { AuditPersonalRow } from '../../src/modules/audit/audit-personal.entity.js';
import { AuditCheckpointRow } from '../../src/modules/audit/checkpoints/audit-checkpoint.entity.js';
import { AuditKeyRow } from '../../src/modules/audit/keys/audit-key.entity.js';
import { AuditPrivateKeyRow } from '../../src/modules/audit/keys/audit-private-key.entity.js';
import { AuditExporterRow } from '../../src/modules/audit/exporters/audit-exporter.entity.js';
import { AuditSegmentRow } from '../../src/modules/audit/pruning/audit-segment.entity.js';
import { AuditEpochRow } from '../../src/modules/audit/sealing/audit-epoch.entity.js';
import { AuditSealingRow } from '../../src/modules/audit/sealing/audit-sealing.entity.js';
import { AuditLeafRow } from '../../src/modules/audit/tree/audit-leaf.entity.js';
import { AuditTileRow } from '../../src/modules/audit/tree/audit-tile.entity.js';
import { createTestDatabase } from '../support/postgres.js';

it('the entities of the audit log say what the migrations say', async () => {
  const database = await createTestDatabase();
  const entities = [
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
  ];
  expect(await schemaDrift(database.ownerUrl, entities)).toEqual([]);
  await database.drop();
});
