import type { StopCause } from '../commands/command-request.entity.js';
import type { Claimed } from './claiming.js';
import type { ExecutionDriver, Run } from './driver.js';
import type { Ending } from './endings.js';
import { OutputRecord } from './output/output-record.js';
import type { Piece } from './output/output.repository.js';

/** A command that this process runs, from its claim to its ending. */
export class SupervisedRun {
  private run: Run | null = null;
  private because: StopCause | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly record: OutputRecord;

  constructor(
    readonly claimed: Claimed,
    /** When the database last had word that this process runs it, by the clock that never goes backwards. */
    public spokenForAtMs: number,
    store: (pieces: readonly Piece[]) => Promise<void>,
  ) {
    this.record = new OutputRecord(store);
  }

  get id(): string {
    return this.claimed.command.id;
  }

  /** @throws RunRefused */
  async go(driver: ExecutionDriver): Promise<Ending> {
    const { command, form } = this.claimed;
    const { id: commandId, cwd, env, timeoutSeconds } = command;
    const order = { commandId, form, cwd, env, timeoutSeconds };
    this.run = await driver.start(order, (channel, bytes) => this.record.take(channel, bytes));
    this.timer = setTimeout(() => this.stop('timeout'), timeoutSeconds * 1_000);
    // Somebody wanted it to end before it had begun.
    if (this.because !== null) this.run.stop();
    const end = await this.run.ended.finally(() => clearTimeout(this.timer ?? undefined));
    return { ...end, because: this.because, ...this.record.end() };
  }

  /** Of several causes the first is the one. */
  stop(because: StopCause): void {
    this.because ??= because;
    this.run?.stop();
  }

  outputStored(): Promise<void> {
    return this.record.stored();
  }
}
