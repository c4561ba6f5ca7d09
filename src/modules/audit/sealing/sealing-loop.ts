import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { databaseProblemOf } from '../../../kernel/database/index.js';
import { AppendedEntries } from '../../../kernel/events/index.js';
import { Metrics } from '../../../kernel/observability/index.js';
import { Clock, Configuration, Shutdown } from '../../../kernel/runtime/index.js';
import { CheckpointAnnouncements } from '../checkpoints/checkpoint-announcements.js';
import { Sealer } from './sealer.js';
import { WaitingEntries } from './waiting-entries.js';

const INTERVAL_MS = 1_000;
const ENTRIES_WORTH_A_CHECKPOINT = 256;
/** However many entries come, there is no need for more checkpoints than this allows. */
const SHORTEST_PAUSE_MS = 100;

/**
 * Seals once a second, or sooner when this process has written many entries. Runs where jobs run; each process looks,
 * and whoever is first has the turn, so another one goes on within a second of the end of the one that sealed.
 */
@Injectable()
export class SealingLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Audit');
  private timer: NodeJS.Timeout | null = null;
  private sealing: Promise<void> | null = null;
  private beganAtMs = -Infinity;
  private oldestWaiting: Date | null = null;
  private isRunning = false;
  private isWantedSoon = false;
  private readonly sealed;

  constructor(
    private readonly sealer: Sealer,
    private readonly waiting: WaitingEntries,
    private readonly announcements: CheckpointAnnouncements,
    private readonly appended: AppendedEntries,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly shutdown: Shutdown,
    metrics: Metrics,
  ) {
    this.sealed = metrics.counter('audit_sealed_entries_total', 'Audit entries sealed by this process.');
    metrics.gauge('audit_seal_lag_seconds', 'Age of the oldest audit entry that waits to be sealed.', () =>
      this.lagSeconds(),
    );
  }

  onApplicationBootstrap(): void {
    if (!this.configuration.runsJobs) return;
    this.isRunning = true;
    this.shutdown.on('jobs', 'sealing', () => this.stop());
    this.appended.onEvery(ENTRIES_WORTH_A_CHECKPOINT, () => this.lookSoon());
    this.look();
  }

  /** What was written last is sealed before the end, so that an orderly stop leaves nothing unsealed behind. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.isRunning = false;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.sealing;
    await this.seal();
  }

  /** For an application that is closed without more ado. In an orderly end sealing has had its time by now. */
  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  private look(): void {
    if (!this.isRunning || this.sealing !== null) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.beganAtMs = this.clock.monotonicMs();
    this.isWantedSoon = false;
    this.sealing = this.seal().finally(() => {
      this.sealing = null;
      if (this.isWantedSoon) this.lookSoon();
      else this.lookAfter(this.restOf(INTERVAL_MS));
    });
  }

  private lookSoon(): void {
    this.isWantedSoon = true;
    this.lookAfter(this.restOf(SHORTEST_PAUSE_MS));
  }

  private lookAfter(pauseMs: number): void {
    if (!this.isRunning || this.sealing !== null) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), pauseMs);
  }

  private restOf(intervalMs: number): number {
    return Math.max(0, intervalMs - (this.clock.monotonicMs() - this.beganAtMs));
  }

  private async seal(): Promise<void> {
    try {
      this.sealed.inc(await this.sealer.sealAll());
      const first = await this.waiting.first();
      this.oldestWaiting = typeof first === 'string' ? null : first.occurredAt;
      await this.announcements.announce();
    } catch (error) {
      // With the database away everybody has to wait; anything else wants somebody to look.
      if (databaseProblemOf(error) !== null)
        this.log.warn(`Sealing waits for the database: ${String(error)}`);
      else this.log.error(error instanceof Error ? error : new Error(String(error)), 'Sealing');
    }
  }

  private lagSeconds(): number {
    if (this.oldestWaiting === null) return 0;
    return Math.max(0, this.clock.nowMs() - this.oldestWaiting.getTime()) / 1000;
  }
}
