const HEARTBEAT_MS = 15_000;

/** Wakes one who waits for something to happen, and from time to time because nothing has. */
export class Alarm {
  private told: (() => void) | null = null;
  private isAwake = false;

  wake(): void {
    this.isAwake = true;
    this.told?.();
  }

  /** Whether something has happened; false when it is time to look after the connection. */
  async next(): Promise<boolean> {
    if (!this.isAwake) await this.nextWake();
    const hasHappened = this.isAwake;
    this.isAwake = false;
    return hasHappened;
  }

  private nextWake(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, HEARTBEAT_MS);
      // A stream is no reason for the process to live.
      timer.unref();
      this.told = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
