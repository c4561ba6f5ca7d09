/** So much of a signature is as good as all of it for telling tokens apart. */
const TAIL = 43;

interface Entry<Known> {
  readonly token: string;
  readonly known: Known;
}

/**
 * What is known about tokens, by their exact text. Only verified ones may enter, so nobody pushes them out with garbage.
 *
 * The map is keyed by the end of the token and the whole is compared afterwards: every request brings its token as a new
 * string, and to hash all of it would cost several times as much as the comparison.
 */
export class ExactTokens<Known> {
  private readonly entries = new Map<string, Entry<Known>>();

  constructor(private readonly max: number) {}

  get(token: string): Known | undefined {
    const entry = this.entries.get(token.slice(-TAIL));
    return entry !== undefined && entry.token === token ? entry.known : undefined;
  }

  /** Makes room by dropping the one that came first, which is the first to expire. */
  add(token: string, known: Known): void {
    if (this.entries.size >= this.max) {
      const [oldest] = this.entries.keys();
      this.entries.delete(oldest);
    }
    this.entries.set(token.slice(-TAIL), { token, known });
  }

  drop(token: string): void {
    this.entries.delete(token.slice(-TAIL));
  }
}
