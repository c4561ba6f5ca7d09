import type { Configuration } from '../../../kernel/runtime/index.js';

/** How the person who got a token turns it into what they want. */
export interface TokenUse {
  readonly token: string;
  readonly expiresAt: Date;
  /** Route that takes it, below the public URL. */
  readonly path: string;
  /** What the API documentation calls that route. */
  readonly operationId: string;
  /** What to send besides the token, by field, each with words for the person to replace. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** The part of a mail that gives the token, says where to use it, and until when. */
export function tokenInstructions(use: TokenUse, { publicUrl, docs }: Configuration): string {
  // One field on each line: with short lines a mail is sent as it is, and the token can be copied from its source.
  const body = JSON.stringify({ token: use.token, ...use.fields }, null, 2).replaceAll('\n', '\n    ');
  const curl = `  curl -X POST ${publicUrl}${use.path} \\\n    -H 'Content-Type: application/json' \\\n    -d '${body}'`;
  const parts = ['Your token:', `  ${use.token}`];
  if (docs)
    parts.push(
      `In the browser, open this page and choose "Try it out":`,
      `  ${documentationLink(publicUrl, use)}`,
    );
  parts.push(docs ? 'Or from a terminal:' : 'From a terminal:', curl);
  parts.push(`The token works once, until ${readable(use.expiresAt)}.`);
  return parts.join('\n\n');
}

/** A line of its own, so that mail programs make it clickable; the token never stands in an address. */
function documentationLink(publicUrl: string, { operationId }: TokenUse): string {
  return `${publicUrl}/docs#/Authentication/${operationId}`;
}

/** `2026-01-05 09:12 UTC` */
export function readable(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
