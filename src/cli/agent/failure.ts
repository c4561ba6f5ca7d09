/** Something the person at the terminal has to know, and can do something about. */
export class Failure extends Error {}

/** The server did not answer, or not in time. */
export class Unreachable extends Failure {}

/** The server answered with a problem document. */
export class Refused extends Failure {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Members of the problem beside the usual ones. */
    readonly members: Readonly<Record<string, unknown>>,
  ) {
    super(detail);
  }
}

/** Whether the same question may well be answered later: the server is away, restarts, or has too much to do. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Refused) return error.status === 429 || error.status >= 500;
  return error instanceof Unreachable;
}

/** What to tell the person; null for what is a fault of this program. */
export function explanationOf(error: unknown): string | null {
  if (error instanceof Refused && error.status === 401)
    return 'The server does not take the credential (any more): run reeve login.';
  if (error instanceof Refused) return `${error.message} (${error.code})`;
  return error instanceof Failure ? error.message : null;
}
