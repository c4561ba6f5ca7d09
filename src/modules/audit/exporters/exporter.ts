import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { Counter } from 'prom-client';
import type { Clock } from '../../../kernel/runtime/index.js';
import type { AuditCheckpointRow } from '../checkpoints/audit-checkpoint.entity.js';
import type { CheckpointsRepository } from '../checkpoints/checkpoints.repository.js';
import type { EntryBatches } from '../export/entry-batches.js';
import type { ExporterTurns } from './exporter-turns.js';
import type { Receiver } from './receiver.js';

const LOOK_INTERVAL_MS = 500;
const KEEP_INTERVAL_MS = 3_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const CHECKPOINTS_AT_ONCE = 50;
const ENTRIES_AT_ONCE = 500;

/** What was sent and has not been written down as arrived. */
interface Sent {
  readonly position: string;
  readonly atMs: number;
}

export interface ExporterParts {
  readonly turns: ExporterTurns;
  readonly checkpoints: CheckpointsRepository;
  readonly batches: EntryBatches;
  readonly clock: Clock;
  readonly delivered: Counter;
}

/**
 * Delivers sealed entries to a receiver, checkpoint by checkpoint, at least once each and none left out: the position is
 * written down only when what comes before it can no longer be lost. One process at a time has the turn.
 */
export class Exporter {
  private readonly log = new Logger('Audit');
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private oldestWaiting: Date | null = null;
  private isAway = false;
  private isHeld = false;

  constructor(
    private readonly receiver: Receiver,
    /** Names this process and no other. */
    private readonly holder: string,
    private readonly parts: ExporterParts,
  ) {}

  /** Age of the oldest checkpoint that has not been delivered; 0 where another process delivers. */
  get lagSeconds(): number {
    if (this.oldestWaiting === null) return 0;
    return Math.max(0, this.parts.clock.nowMs() - this.oldestWaiting.getTime()) / 1000;
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async run(): Promise<void> {
    const { name } = this.receiver;
    for (let pauseMs = FIRST_PAUSE_MS; !this.isStopping;) {
      try {
        const position = await this.parts.turns.take(name, this.holder);
        if (position !== null) await this.withTurn(() => this.deliver(position));
        else this.oldestWaiting = null;
        pauseMs = FIRST_PAUSE_MS;
        await this.wait(position === null ? KEEP_INTERVAL_MS : FIRST_PAUSE_MS);
      } catch (error) {
        this.receiver.drop();
        if (!this.isAway)
          this.log.warn(`${name} takes no audit entries now (${String(error)}); trying again`);
        this.isAway = true;
        await this.wait(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
    await this.parts.turns.leave(name, this.holder).catch(() => undefined);
  }

  /** A receiver may be slow; the turn is kept meanwhile. */
  private async withTurn(work: () => Promise<void>): Promise<void> {
    const { name } = this.receiver;
    this.isHeld = true;
    const timer = setInterval(() => {
      this.parts.turns.keep(name, this.holder).then(
        (kept) => (this.isHeld &&= kept),
        // Without the database nothing can be written down either; the turn passes on by itself.
        () => undefined,
      );
    }, KEEP_INTERVAL_MS).unref();
    try {
      await work();
    } finally {
      clearInterval(timer);
      this.isHeld = false;
    }
  }

  private async deliver(from: string): Promise<void> {
    const inDoubt: Sent[] = [];
    for (let sent = from; !this.isStopping && this.isHeld;) {
      const news = await this.parts.checkpoints.since(sent, CHECKPOINTS_AT_ONCE);
      this.oldestWaiting = news.at(0)?.createdAt ?? null;
      for (const checkpoint of news) {
        await this.sendEntriesOf(checkpoint);
        sent = checkpoint.position;
        inDoubt.push({ position: sent, atMs: this.parts.clock.monotonicMs() });
        this.welcomeBack();
        if (this.isStopping || !this.isHeld) break;
      }
      await this.confirm(inDoubt, this.receiver.doubtfulMs);
      if (news.length === 0) await this.wait(LOOK_INTERVAL_MS);
    }
    await this.receiver.finish();
    await this.confirm(inDoubt, 0);
  }

  private async sendEntriesOf({ tenantId, treeSize, prevCheckpoint }: AuditCheckpointRow): Promise<void> {
    const end = Number(treeSize);
    for (let begin = Number(prevCheckpoint ?? 0); begin < end; begin += ENTRIES_AT_ONCE) {
      const last = Math.min(begin + ENTRIES_AT_ONCE, end);
      // What was pruned before the exporter was switched on is in the segments.
      const entries = await this.parts.batches.sealed(tenantId, {}, begin, last);
      if (entries.length > 0) await this.receiver.send(entries);
      this.parts.delivered.inc(entries.length);
    }
  }

  /** Writes down what was sent long enough ago, if the connection has held since. */
  private async confirm(inDoubt: Sent[], doubtfulMs: number): Promise<void> {
    this.receiver.requireIntact();
    const nowMs = this.parts.clock.monotonicMs();
    const certain = inDoubt.filter(({ atMs }) => nowMs - atMs >= doubtfulMs);
    const last = certain.at(-1);
    if (last === undefined) return;
    if (await this.parts.turns.advance(this.receiver.name, this.holder, last.position))
      inDoubt.splice(0, certain.length);
    else this.isHeld = false;
  }

  private welcomeBack(): void {
    if (this.isAway) this.log.log(`${this.receiver.name} takes audit entries again`);
    this.isAway = false;
  }

  private async wait(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { signal: this.stopping.signal, ref: false }).catch(() => undefined);
  }
}
