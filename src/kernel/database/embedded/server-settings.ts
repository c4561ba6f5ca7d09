/** How the server is run; given on the command line, so every start has exactly these. */
export const SERVER_SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  // Acknowledged means on disk.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // One small service: a busy day fits, and the disk is not filled with empty segments.
  min_wal_size: '32MB',
  max_wal_size: '512MB',
  // A transaction that a stuck caller left open must not hold its locks for ever.
  idle_in_transaction_session_timeout: '60s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Short queries only; compiling them costs more than running them.
  jit: 'off',
  log_line_prefix: '%m [%p] %q%u@%d ',
  // Refused statements are everyday life (unique names) and their text holds people's data: the application reports
  // what matters, and the log keeps to the server's own affairs.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  // A backend whose client was killed gives up waiting for a lock within a second. Needs poll(2) semantics of Linux.
  ...(process.platform === 'linux' && { client_connection_check_interval: '1s' }),
};
