import { constants } from 'node:os';

/** As `timeout` and `docker run` have them, so that scripts can tell our refusals from the program's own failures. */
export const EXIT = {
  /** Reeve itself failed: no server, nobody signed in. Nothing was run. */
  FAILED: 125,
  /** Refused, not confirmed, not approved, or not executable. Nothing was run. */
  REFUSED: 126,
  /** There is no such program. */
  NOT_FOUND: 127,
  /** Ctrl-C while waiting. Nothing was run. */
  INTERRUPTED: 130,
} as const;

/** What a shell would say of a program that a signal ended. */
export function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code;
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}
