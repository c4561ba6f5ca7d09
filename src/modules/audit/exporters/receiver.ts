import type { FullEntry } from '../audit-entry.dto.js';

/** Where an exporter delivers. */
export interface Receiver {
  readonly name: string;
  /**
   * For how long what was sent may still be lost with the connection. What is younger than that when the connection
   * breaks is sent again.
   */
  readonly doubtfulMs: number;
  /** Resolves when the entries are on their way; connects if need be. */
  send(entries: readonly FullEntry[]): Promise<void>;
  /** @throws when what was sent since the last connection may have been lost */
  requireIntact(): void;
  /** Gives up the connection. */
  drop(): void;
  /** Ends the connection in order: once it resolves, all that was sent has arrived as far as anybody can tell. */
  finish(): Promise<void>;
}
