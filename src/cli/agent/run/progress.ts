/** One line on standard error that says how long we have waited; a log gets it once. */
export class Progress {
  private readonly startedMs = performance.now();
  private readonly timer: NodeJS.Timeout | null;

  constructor(private readonly words: string) {
    if (!process.stderr.isTTY) process.stderr.write(`reeve: ${words} (Ctrl-C gives up)\n`);
    this.timer = process.stderr.isTTY ? setInterval(() => this.draw(), 1_000) : null;
  }

  end(): void {
    if (this.timer === null) return;
    clearInterval(this.timer);
    process.stderr.write('\r\x1b[K');
  }

  private draw(): void {
    const seconds = Math.round((performance.now() - this.startedMs) / 1000);
    process.stderr.write(`\rreeve: ${this.words}, ${seconds} s (Ctrl-C gives up)\x1b[K`);
  }
}
