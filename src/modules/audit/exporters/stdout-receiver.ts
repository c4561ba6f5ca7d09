import type { Writable } from 'node:stream';
import { AuditEntryView, type FullEntry } from '../audit-entry.dto.js';
import { jsonLine } from '../export/json-line.js';
import type { Receiver } from './receiver.js';

/** Standard output, for collectors of logs: `{"audit":{…}}`, one entry on a line, among the lines of the log. */
export class StdoutReceiver implements Receiver {
  readonly name = 'stdout';
  readonly doubtfulMs = 0;

  constructor(private readonly output: Writable) {}

  send(entries: readonly FullEntry[]): Promise<void> {
    const lines = entries.map((entry) => `${jsonLine({ audit: AuditEntryView.of(entry) })}\n`).join('');
    return new Promise((resolve, reject) => {
      this.output.write(lines, (error) => (error ? reject(error) : resolve()));
    });
  }

  requireIntact(): void {
    return;
  }

  drop(): void {
    return;
  }

  finish(): Promise<void> {
    return Promise.resolve();
  }
}
