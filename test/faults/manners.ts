import { NAUGHTY_STRINGS } from '../support/hostile-input.js';
import type { Operation } from './api-surface.js';
import type { RawReply } from './raw-http.js';

/** Signs of our insides, which no answer may show. */
const INSIDES =
  /node_modules|\bat [\w.<>]+ \(|\.[jt]s:\d+|\b(?:SELECT|INSERT INTO|UPDATE) \w|relation "|syntax error|typeorm|QueryFailed/;
const MOST_SHOWN = 30;

/** Judges answers to hostile requests, and remembers what was wrong with them. */
export class Manners {
  readonly faults: string[] = [];
  readonly undocumented = new Set<string>();
  judged = 0;

  /**
   * @param what what was sent, for the report
   * @param expected the statuses it may have; anything below 500 when not given
   */
  judge(reply: RawReply, what: string, expected?: readonly number[], operation?: Operation): void {
    this.judged += 1;
    for (const fault of faultsOf(reply, what)) this.report(`${what}: ${fault}: ${reply.text.slice(0, 300)}`);
    if (expected !== undefined && !expected.includes(reply.status))
      this.report(
        `${what}: ${reply.status} instead of ${expected.join(' or ')}: ${reply.text.slice(0, 300)}`,
      );
    if (operation !== undefined && !operation.statuses.has(reply.status))
      this.undocumented.add(`${operation.method} ${operation.template} → ${reply.status}`);
  }

  report(fault: string): void {
    if (this.faults.length < MOST_SHOWN) this.faults.push(fault);
  }

  /** What was found since the last time. */
  take(): string[] {
    return this.faults.splice(0);
  }
}

function faultsOf(reply: RawReply, what: string): string[] {
  const faults: string[] = [];
  if (reply.status >= 500) faults.push(`${reply.status}`);
  if (reply.status >= 400) faults.push(...problemFaults(reply));
  // What came in may go out again, also later, in a list of names that were taken; the audit log tells it all.
  const isRecord = reply.status === 200 && what.startsWith('audit');
  const showsInsides =
    INSIDES.test(reply.text) && !INSIDES.test(what) && INSIDES.test(withoutInput(reply.text));
  if (showsInsides && !isRecord) faults.push('shows its insides');
  return faults;
}

function withoutInput(text: string): string {
  return NAUGHTY_STRINGS.filter((naughty) => INSIDES.test(naughty))
    .map((naughty) => JSON.stringify(naughty).slice(1, -1))
    .reduce((rest, naughty) => rest.replaceAll(naughty, ''), text);
}

/** RFC 9457, with the members that every problem of this service has. */
function problemFaults({ status, contentType, headers, text }: RawReply): string[] {
  if (!/^application\/problem\+json(?:; charset=utf-8)?$/.test(contentType))
    return [`is ${contentType || 'of no type'}`];
  const problem = parsed(text);
  if (problem === null) return ['is no JSON'];
  const faults: string[] = [];
  for (const name of ['type', 'title', 'detail', 'instance', 'code', 'requestId'])
    if (typeof problem[name] !== 'string' || problem[name] === '') faults.push(`has no ${name}`);
  if (problem.status !== status) faults.push('has another status inside');
  if (!/^[a-z][a-z0-9_]*$/.test(String(problem.code))) faults.push('has a strange code');
  if (!String(problem.type).endsWith(`/problems/${String(problem.code)}`)) faults.push('has a strange type');
  if (problem.requestId !== headers['x-request-id']) faults.push('has another request id than its header');
  if (problem.errors !== undefined) faults.push(...errorFaults(problem.errors));
  if (status === 422 && problem.errors === undefined) faults.push('does not say what is wrong');
  return faults;
}

function errorFaults(errors: unknown): string[] {
  if (!Array.isArray(errors) || errors.length === 0) return ['has no errors in its list'];
  return errors.flatMap((error: Record<string, unknown>) => {
    const isRight =
      ['body', 'query', 'path', 'header'].includes(String(error.in)) &&
      /^(?:$|\/)/.test(String(error.pointer)) &&
      /^[a-z][a-z0-9_]*$/.test(String(error.code)) &&
      typeof error.message === 'string';
    return isRight ? [] : [`has a strange error ${JSON.stringify(error)}`];
  });
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
