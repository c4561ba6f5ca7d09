import { problem } from '../../../kernel/problem/index.js';

export class EntryNotSealed extends problem({
  status: 409,
  code: 'audit_entry_not_sealed',
  title: 'The entry is not sealed yet',
  meaning:
    'The audit entry is in the log, but has not got its place in the tree yet. That takes a second or two while a process with the role `worker` or `all` runs.',
  remedy: 'Wait for the seconds in Retry-After and ask again.',
}) {
  constructor() {
    super('Ask again after a moment.', { headers: { 'Retry-After': '1' } });
  }
}

export class TreeSizeUnknown extends problem({
  status: 404,
  code: 'tree_size_unknown',
  title: 'The audit log has no tree of this size',
  meaning: 'The tree size is greater than that of the newest checkpoint, or does not contain the entry.',
  remedy: 'Take a tree size from GET /api/v1/audit/checkpoints, or leave it out.',
}) {}

export class TreeSizesReversed extends problem({
  status: 422,
  code: 'tree_sizes_reversed',
  title: 'The earlier tree is larger than the later one',
  meaning: '`from` is greater than `to`.',
  remedy: 'Exchange the two.',
}) {}
