import { fact } from '../../../kernel/events/index.js';

interface Pruned {
  entries: number;
  treeSize: number;
  rootHash: string;
  file: string;
  digest: string;
}

/** `resourceId` is `<first seq>-<last seq>`. */
export class SegmentPruned extends fact<Pruned>({
  action: 'segment.pruned',
  resourceType: 'audit_segment',
  summary: 'Audit entries were exported to a file and taken out of the database.',
  public: false,
  detail: {
    entries: { type: 'integer', description: 'How many.' },
    treeSize: { type: 'integer', description: 'Size of the tree that they end.' },
    rootHash: { type: 'string', description: 'Root of that tree, which a checkpoint has signed.' },
    file: { type: 'string', description: 'Name of the file.' },
    digest: { type: 'string', description: 'SHA-256 of the file.' },
  },
  example: {
    entries: 4096,
    treeSize: 4096,
    rootHash: '5c'.repeat(32),
    file: '00000000-0000-7000-8000-000000000001-0-4095.ndjson',
    digest: 'a3'.repeat(32),
  },
}) {}
