import { Refused, Unreachable } from './failure.js';

const TIMEOUT_MS = 10_000;
/** More than any answer we ask for. */
const LONGEST_WORDS = 500;

export interface Extras {
  /** Milliseconds until the question is given up; more where the server is asked to wait. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** JSON over HTTP with one server and one credential. What comes back is for the caller to look into. */
export class Api {
  constructor(
    readonly server: string,
    private readonly token: string | null,
  ) {}

  get(path: string, extras?: Extras): Promise<unknown> {
    return this.send('GET', path, undefined, extras);
  }

  /** @throws Unreachable, Refused */
  post(path: string, body: object, extras?: Extras): Promise<unknown> {
    return this.send('POST', path, body, extras);
  }

  private async send(
    method: string,
    path: string,
    body: object | undefined,
    { timeoutMs = TIMEOUT_MS, signal }: Extras = {},
  ): Promise<unknown> {
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(`${this.server}/api/v1${path}`, {
        method,
        headers: this.headers(body !== undefined),
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
        // A server that moved is to be named by its new address; the key goes nowhere else.
        redirect: 'error',
      });
      const answer = parsed(await response.text());
      if (response.ok) return answer;
      throw refusal(response.status, answer);
    } catch (error) {
      if (error instanceof Refused || signal?.aborted === true) throw error;
      throw new Unreachable(`${this.server} cannot be asked: ${reasonOf(error)}.`);
    }
  }

  private headers(hasBody: boolean): Record<string, string> {
    return {
      accept: 'application/json',
      'user-agent': 'reeve-cli',
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
    };
  }
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function refusal(status: number, answer: unknown): Refused {
  const members = isRecord(answer) ? answer : {};
  const { code, detail } = members;
  return new Refused(
    status,
    typeof code === 'string' ? code : `http_${status}`,
    typeof detail === 'string' ? detail.slice(0, LONGEST_WORDS) : `The server answered ${status}.`,
    members,
  );
}

/** `fetch failed` says nothing; what made it fail is the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  if (error.name === 'TimeoutError') return 'it did not answer in time';
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return (cause as NodeJS.ErrnoException).code ?? cause.message;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member that is a list; an empty one where there is none. */
export function listIn(value: unknown, name: string): unknown[] {
  const member = isRecord(value) ? value[name] : undefined;
  return Array.isArray(member) ? member : [];
}

/** The text under this name, or undefined. */
export function textIn(value: unknown, name: string): string | undefined {
  const member = isRecord(value) ? value[name] : undefined;
  return typeof member === 'string' ? member : undefined;
}

export function numberIn(value: unknown, name: string): number | undefined {
  const member = isRecord(value) ? value[name] : undefined;
  return typeof member === 'number' ? member : undefined;
}
