const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Of what has been let be for so long, nothing will be heard any more: it was cancelled, expired, or another process took it. */
const FORGOTTEN_AFTER_MS = 600_000;

interface Setback {
  readonly pauseMs: number;
  readonly untilMs: number;
}

/**
 * Commands that could not be taken, for whatever reason. Each stands aside, longer from time to time, so that the others
 * of its asker have its place; if that does not end, it expires in the queue like all that nobody takes.
 */
export class Setbacks {
  private readonly byId = new Map<string, Setback>();

  add(id: string, nowMs: number): void {
    const before = this.byId.get(id)?.pauseMs ?? FIRST_PAUSE_MS / 2;
    const pauseMs = Math.min(2 * before, LONGEST_PAUSE_MS);
    this.byId.set(id, { pauseMs, untilMs: nowMs + pauseMs });
  }

  forget(id: string): void {
    this.byId.delete(id);
  }

  /** Those that stand aside now. */
  at(nowMs: number): string[] {
    const aside: string[] = [];
    for (const [id, { untilMs }] of this.byId) {
      if (untilMs > nowMs) aside.push(id);
      else if (nowMs - untilMs > FORGOTTEN_AFTER_MS) this.byId.delete(id);
    }
    return aside;
  }
}
