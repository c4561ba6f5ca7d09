import { problem } from '../../../kernel/problem/index.js';

export class LogIsShorter extends problem({
  status: 409,
  code: 'audit_log_is_shorter',
  title: 'The audit log has no such place',
  meaning:
    'The stream is to go on behind a place that the log has not reached. The client has seen entries that are not there any more: the database was restored from a backup, or somebody cut the log.',
  remedy:
    'Compare a checkpoint of then with the log (`reeve audit verify --checkpoint`); then begin without Last-Event-ID.',
}) {}
