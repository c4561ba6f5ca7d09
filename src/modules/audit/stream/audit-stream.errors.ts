import { problem } from '../../../kernel/problem/index.js';

export class TooManyStreams extends problem({
  status: 429,
  code: 'too_many_streams',
  title: 'Too many streams are open',
  meaning:
    'The caller, or everybody together, has as many audit streams open at this process as it gives out.',
  remedy:
    'Close one, or wait for the seconds in Retry-After; one stream with wider filters may do for several.',
}) {
  constructor(detail: string) {
    super(detail, { headers: { 'Retry-After': '10' } });
  }
}

export class LogIsShorter extends problem({
  status: 409,
  code: 'audit_log_is_shorter',
  title: 'The audit log has no such place',
  meaning:
    'The stream is to go on behind a place that the log has not reached. The client has seen entries that are not there any more: the database was restored from a backup, or somebody cut the log.',
  remedy:
    'Compare a checkpoint of then with the log (`reeve audit verify --checkpoint`); then begin without Last-Event-ID.',
}) {}
