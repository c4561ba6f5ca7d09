/** What is known about tokens, by their exact text. Only verified ones may enter, so nobody pushes them out with garbage. */
export class ExactTokens<Known> {
  private readonly tokens = new Map<string, Known>();

  constructor(private readonly max: number) {}

  get(token: string): Known | undefined {
    return this.tokens.get(token);
  }

  /** Makes room by dropping the one that came first, which is the first to expire. */
  add(token: string, known: Known): void {
    if (this.tokens.size >= this.max) {
      const [oldest] = this.tokens.keys();
      this.tokens.delete(oldest);
    }
    this.tokens.set(token, known);
  }

  drop(token: string): void {
    this.tokens.delete(token);
  }
}
