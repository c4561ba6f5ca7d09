import { hash } from 'node:crypto';

const TIMEOUT_MS = 2000;
const CACHE_MS = 60 * 60 * 1000;
const MOST_CACHED = 128;
const MOST_BYTES = 1024 * 1024;
const SUFFIX = /^([0-9A-F]{35}):0*[1-9]\d*\s*$/;

export interface BreachCheckOptions {
  /** Where `range/<5 hexadecimal digits>` is answered, for example a mirror of the Pwned Passwords files. */
  readonly baseUrl: string;
  /** Called each time the list could not be asked, for a metric. */
  readonly onFailure?: (error: unknown) => void;
  /** Milliseconds that only go forward, for the age of cached answers. */
  readonly monotonicMs?: () => number;
}

/**
 * Asks a list of breached passwords by range (k-anonymity): only the first 5 of 40 digits of the SHA-1 leave the service.
 * Answers are kept for an hour. When the list does not answer well within 2 seconds the password passes, because a list
 * that is down shall not keep people from changing a password.
 */
export class BreachCheck {
  private readonly cache = new Map<
    string,
    { readonly suffixes: ReadonlySet<string>; readonly readAt: number }
  >();
  private readonly baseUrl: string;
  private readonly onFailure: (error: unknown) => void;
  private readonly monotonicMs: () => number;

  constructor(options: BreachCheckOptions) {
    this.baseUrl = options.baseUrl.replace(/\/+$/, '');
    this.onFailure = options.onFailure ?? (() => undefined);
    this.monotonicMs = options.monotonicMs ?? (() => performance.now());
  }

  /** Whether the list holds this password; false also when it cannot be asked. Never throws. */
  async isBreached(password: string): Promise<boolean> {
    const digest = hash('sha1', password, 'hex').toUpperCase();
    try {
      return (await this.suffixesOf(digest.slice(0, 5))).has(digest.slice(5));
    } catch (error) {
      this.onFailure(error);
      return false;
    }
  }

  private async suffixesOf(prefix: string): Promise<ReadonlySet<string>> {
    const known = this.cache.get(prefix);
    if (known !== undefined && this.monotonicMs() - known.readAt < CACHE_MS) return known.suffixes;
    const suffixes = await this.ask(prefix);
    this.keep(prefix, suffixes);
    return suffixes;
  }

  private async ask(prefix: string): Promise<ReadonlySet<string>> {
    const response = await fetch(`${this.baseUrl}/range/${prefix}`, {
      // Padding hides from a listener on the line how long the answer is, and with it which range was asked.
      headers: { 'add-padding': 'true', 'user-agent': 'reeve' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`The breach list answered ${response.status}`);
    }
    return suffixesIn(await textOf(response.body));
  }

  private keep(prefix: string, suffixes: ReadonlySet<string>): void {
    this.cache.delete(prefix);
    if (this.cache.size >= MOST_CACHED) {
      for (const oldest of this.cache.keys()) {
        this.cache.delete(oldest);
        break;
      }
    }
    this.cache.set(prefix, { suffixes, readAt: this.monotonicMs() });
  }
}

/** Lines `<35 hexadecimal digits>:<count>`; a count of 0 is padding. */
function suffixesIn(answer: string): ReadonlySet<string> {
  const suffixes = new Set<string>();
  for (const line of answer.split('\n')) {
    const suffix = SUFFIX.exec(line.toUpperCase())?.[1];
    if (suffix !== undefined) suffixes.add(suffix);
  }
  return suffixes;
}

async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) throw new Error('The breach list answered too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}
