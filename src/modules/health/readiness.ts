import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ChangeFeed, Database, DatabaseClock } from '../../kernel/database/index.js';
import { Clock, Configuration, Shutdown } from '../../kernel/runtime/index.js';
import type { Check } from './check.js';
import { checkPromises } from './database-promises.js';

export interface ReadinessReport {
  readonly status: 'ready' | 'not_ready';
  readonly checks: readonly Check[];
}

/** The change feed asks the database twice a second on a connection of its own, so full pools do not look like outages. */
const LONGEST_SILENCE_MS = 2_000;

/** What must work before requests are welcome. Optional parts (mail, metrics, listening) are told but never decide. */
@Injectable()
export class Readiness implements OnApplicationBootstrap {
  hasStarted = false;
  private promises: readonly Check[] = [];

  constructor(
    private readonly database: Database,
    private readonly changes: ChangeFeed,
    private readonly databaseClock: DatabaseClock,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
    private readonly shutdown: Shutdown,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.promises = await checkPromises(this.database);
    this.hasStarted = true;
  }

  /** What whoever starts the service should know about its database. */
  warnings(): string[] {
    return this.promises.flatMap(({ detail }) => (detail === undefined ? [] : [detail]));
  }

  /** Asks nobody anything: health endpoints are open to all, and must answer when everything else is slow. */
  report(): ReadinessReport {
    const checks = [
      this.processCheck(),
      this.databaseCheck(),
      ...this.promises,
      this.clockCheck(),
      this.changeFeedCheck(),
      this.mailCheck(),
    ];
    const isReady = checks.every((check) => check.status !== 'failed');
    return { status: isReady ? 'ready' : 'not_ready', checks };
  }

  private processCheck(): Check {
    if (this.shutdown.isStopping)
      return { name: 'process', status: 'failed', detail: 'The process is stopping.' };
    return { name: 'process', status: 'ok' };
  }

  private databaseCheck(): Check {
    if (this.changes.silentForMs <= LONGEST_SILENCE_MS) return { name: 'database', status: 'ok' };
    const detail = 'The database does not answer. Look at its own log; this process reconnects by itself.';
    return { name: 'database', status: 'failed', detail };
  }

  private clockCheck(): Check {
    if (this.databaseClock.isTrusted()) return { name: 'clock', status: 'ok' };
    const detail =
      `This machine's clock is ${Math.round(this.clock.offsetMs)} ms away from the database's (2000 ms are allowed), ` +
      'or was not compared for 5 s. Synchronise it by NTP.';
    return { name: 'clock', status: 'failed', detail };
  }

  private changeFeedCheck(): Check {
    if (!this.changes.isFresh()) {
      const detail = 'Revocations cannot be read at the moment; every request asks the database instead.';
      return { name: 'change_feed', status: 'degraded', detail };
    }
    if (this.changes.isListening) return { name: 'change_feed', status: 'ok' };
    const detail =
      'LISTEN is cut, so revocations arrive by polling. A pooler in transaction mode cannot carry LISTEN; connect directly.';
    return { name: 'change_feed', status: 'degraded', detail };
  }

  private mailCheck(): Check {
    if (this.configuration.smtpUrl !== undefined) return { name: 'mail', status: 'ok' };
    return {
      name: 'mail',
      status: 'ok',
      detail: 'REEVE_SMTP_URL is not set: mails are written to the data directory.',
    };
  }
}
