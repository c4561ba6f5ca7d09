import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { currentOperation } from '../../operation/index.js';
import { Clock, Configuration } from '../../runtime/index.js';
import { Database } from '../database.js';
import { DatabaseClock } from '../database-clock.js';
import { DatabasePool } from '../pool.js';
import { statement, type Statement } from '../statement.js';
import { changeTag, type ChangeKind } from './change.js';
import { ChangeConnection, withinLimit } from './change-connection.js';
import { ChangeNotices } from './change-notices.js';
import { ChangePosition, type ChangeRow, readChanges, readHorizon, type Reading } from './change-position.js';

const POLL_INTERVAL_MS = 500;
/** With the interval and the time a read takes this leaves a revocation effective everywhere within a second. */
const FRESH_FOR_MS = 900;
/** A read from a full pool that takes longer comes too late for its answer to be fresh; the next one is asked meanwhile. */
const POOL_READ_LIMIT_MS = 1_000;

export interface ChangeListener {
  changed(tag: string): void;
  /** Changes may have been missed: nothing remembered can be trusted. */
  changedUnseen(): void;
}

/** Called inside a transaction that announces a change; what it writes is there with the change, or neither is. */
export type ChangeFollower = (kind: ChangeKind, subject: string) => Promise<void>;

interface Answer<Row> {
  readonly rows: Row[];
  /** By the clock that never goes backwards. */
  readonly askedMs: number;
  readonly askedMachineMs: number;
}

const insertChange = statement(
  'access_change_insert',
  'INSERT INTO access_changes (kind, subject, created_at) VALUES ($1, $2, clock_timestamp())',
);
const deleteOldChanges = statement(
  'access_changes_delete_old',
  `DELETE FROM access_changes WHERE created_at < clock_timestamp() - interval '1 hour'`,
);

/**
 * Tells every process what changed, so that they may remember the rest. Changes are rows of the changing transaction;
 * each process reads them twice a second and whenever another one says so.
 */
@Injectable()
export class ChangeFeed implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger('ChangeFeed');
  private readonly listeners = new Set<ChangeListener>();
  private readonly followers: ChangeFollower[] = [];
  private readonly connection: ChangeConnection;
  private readonly notices: ChangeNotices;
  private position: ChangePosition | null = null;
  private freshUntilMs = -Infinity;
  private readAtMs = -Infinity;
  private reading: Promise<void> | null = null;
  private readAgain = false;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private failing = false;

  constructor(
    configuration: Configuration,
    private readonly pool: DatabasePool,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly databaseClock: DatabaseClock,
  ) {
    const url = configuration.databaseUrl?.reveal() ?? '';
    this.connection = new ChangeConnection(url, () => void this.poke());
    this.notices = new ChangeNotices(pool, clock);
  }

  /**
   * Says, inside the transaction that has just changed it, that what is remembered about the subject is no longer true.
   */
  async announce(kind: ChangeKind, subject: string): Promise<void> {
    await this.database.write(insertChange, [kind, subject]);
    currentOperation().transaction?.afterCommit(() => {
      // This process need not wait for its own row.
      this.tell(changeTag(kind, subject));
      this.notices.send();
    });
    for (const follow of this.followers) await follow(kind, subject);
  }

  /** Whether everything committed more than a moment ago is known here; if not, nothing remembered may be used. */
  isFresh(): boolean {
    return this.clock.monotonicMs() <= this.freshUntilMs;
  }

  /** How long ago the database last answered. */
  get silentForMs(): number {
    return this.clock.monotonicMs() - this.readAtMs;
  }

  /** Whether the connection is there through which changes arrive at once instead of at the next poll. */
  get isListening(): boolean {
    return this.connection.isListening;
  }

  onChange(listener: (tag: string) => void): void {
    this.subscribe({ changed: listener, changedUnseen: () => undefined });
  }

  subscribe(listener: ChangeListener): void {
    this.listeners.add(listener);
  }

  /** For what a change has to bring about, whoever makes it; caches subscribe instead. */
  follow(follower: ChangeFollower): void {
    this.followers.push(follower);
  }

  /** Finds the position; nothing is fresh before. Does not wait for the listening connection. */
  async start(): Promise<void> {
    await this.poll();
    void this.connection.open();
  }

  /** Reads now. Resolves when a read that began after the call has ended, well or not. */
  poke(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    if (this.reading !== null) {
      this.readAgain = true;
      return this.reading;
    }
    const reading = this.readUntilQuiet();
    this.reading = reading;
    return reading;
  }

  /** What nobody can still need: readers that were away for longer forget everything. */
  async deleteOld(): Promise<void> {
    await this.database.write(deleteOldChanges);
  }

  async onModuleInit(): Promise<void> {
    await this.start();
  }

  onApplicationShutdown(): void {
    this.stop();
  }

  stop(): void {
    this.stopped = true;
    this.freshUntilMs = -Infinity;
    if (this.timer !== null) clearTimeout(this.timer);
    this.notices.stop();
    this.connection.close();
  }

  private async poll(): Promise<void> {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.poll(), POLL_INTERVAL_MS);
    this.timer.unref();
    await this.poke();
  }

  private async readUntilQuiet(): Promise<void> {
    do {
      this.readAgain = false;
      await this.readOnce();
    } while (this.readAgain && !this.stopped);
    this.reading = null;
  }

  private async readOnce(): Promise<void> {
    try {
      const { rows, askedMs, askedMachineMs } = await this.readNext();
      this.databaseClock.measured(rows[0].databaseTime, askedMachineMs, this.clock.machineMs());
      this.succeeded(askedMs);
    } catch (error) {
      this.failed(error);
    }
  }

  private succeeded(beganMs: number): void {
    if (this.stopped) return;
    this.freshUntilMs = beganMs + FRESH_FOR_MS;
    this.readAtMs = this.clock.monotonicMs();
    if (this.failing) this.log.log('Changes can be read again');
    this.failing = false;
  }

  private failed(error: unknown): void {
    if (this.stopped || this.failing) return;
    this.failing = true;
    this.log.warn(`Changes cannot be read, so nothing remembered is used: ${String(error)}`);
  }

  private async readNext(): Promise<Answer<Reading>> {
    if (this.position !== null) return this.continueFrom(this.position);
    const answer = await this.ask(readHorizon, []);
    this.position = new ChangePosition(answer.rows[0]);
    return answer;
  }

  private async continueFrom(position: ChangePosition): Promise<Answer<ChangeRow>> {
    const answer = await this.ask(readChanges, position.values);
    if (position.isContinuedBy(answer.rows[0])) {
      // Told before it counts as read: what is told twice does no harm.
      for (const { kind, subject } of answer.rows)
        if (kind !== null) this.tell(changeTag(kind as ChangeKind, subject ?? ''));
      position.advance(answer.rows);
    } else {
      this.log.warn('Changes may have been missed; everything remembered is dropped');
      this.tellEach((listener) => listener.changedUnseen());
      this.position = new ChangePosition(answer.rows[0]);
    }
    return answer;
  }

  /** On the connection of its own, or on the pool while that one is away; what counts is when the one was asked that answered. */
  private async ask<Row>(question: Statement<Row>, values: unknown[]): Promise<Answer<Row>> {
    const asked = this.moment();
    const rows = await this.connection.read(question, values);
    if (rows !== null) return { rows, ...asked };
    const askedAgain = this.moment();
    const { name, text } = question;
    const answer = this.pool.query<Row>({ name, text, values });
    return { rows: await withinLimit(answer, POOL_READ_LIMIT_MS), ...askedAgain };
  }

  private moment(): { askedMs: number; askedMachineMs: number } {
    return { askedMs: this.clock.monotonicMs(), askedMachineMs: this.clock.machineMs() };
  }

  private tell(tag: string): void {
    this.tellEach((listener) => listener.changed(tag));
  }

  /** One that fails keeps no other from hearing. */
  private tellEach(tell: (listener: ChangeListener) => void): void {
    for (const listener of this.listeners) {
      try {
        tell(listener);
      } catch (error) {
        this.log.error(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
}
